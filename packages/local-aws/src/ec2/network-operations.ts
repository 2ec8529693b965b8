import type {
  CreateSecurityGroupRequest,
  CreateSubnetRequest,
  CreateVpcRequest,
  DeleteSecurityGroupRequest,
  IpPermission,
  Tag,
} from '@aws-sdk/client-ec2';
import type { Operation } from '../service.ts';
import { type Collection, tagsFor } from './collection.ts';
import type { Network } from './network.ts';
import type { Direction, SecurityGroups } from './security-groups.ts';

/** The operations about networks and security groups. What only templates make is made by the CloudFormation types. */
export function networkOperations(
  network: Network,
  security: SecurityGroups,
  isInUse: (groupId: string) => boolean,
): Record<string, Operation> {
  const rules = (direction: Direction, verb: 'authorize' | 'revoke'): Operation => {
    return (input: { GroupId: string; IpPermissions?: IpPermission[] }) => {
      for (const permission of input.IpPermissions ?? [])
        security[verb](input.GroupId, direction, permission);
      return { Return: true };
    };
  };
  return {
    DescribeVpcs: describing(network.vpcs, 'VpcIds', 'Vpcs'),
    DescribeSubnets: describing(network.subnets, 'SubnetIds', 'Subnets'),
    DescribeRouteTables: describing(network.routeTables, 'RouteTableIds', 'RouteTables'),
    DescribeInternetGateways: describing(network.internetGateways, 'InternetGatewayIds', 'InternetGateways'),
    DescribeNatGateways: describing(network.natGateways, 'NatGatewayIds', 'NatGateways'),
    DescribeAddresses: describing(network.addresses, 'AllocationIds', 'Addresses'),
    DescribeVpcEndpoints: describing(network.endpoints, 'VpcEndpointIds', 'VpcEndpoints'),
    DescribeFlowLogs: describing(network.flowLogs, 'FlowLogIds', 'FlowLogs'),
    DescribeSecurityGroups: describing(security.groups, 'GroupIds', 'SecurityGroups'),
    DescribeVpnGateways: () => ({ VpnGateways: [] }),

    CreateVpc(input: CreateVpcRequest) {
      const vpc = network.createVpc(input.CidrBlock!);
      vpc.Tags = tagsFor(input.TagSpecifications, 'vpc');
      security.create('default', 'default VPC security group', vpc.VpcId!);
      return { Vpc: vpc };
    },
    CreateSubnet(input: CreateSubnetRequest) {
      const subnet = network.createSubnet(input.VpcId!, input.CidrBlock!, input.AvailabilityZone!, false);
      subnet.Tags = tagsFor(input.TagSpecifications, 'subnet');
      return { Subnet: subnet };
    },
    CreateSecurityGroup(input: CreateSecurityGroupRequest) {
      const group = security.create(input.GroupName!, input.Description!, input.VpcId!);
      group.Tags = tagsFor(input.TagSpecifications, 'security-group');
      return { GroupId: group.GroupId };
    },
    DeleteSecurityGroup({ GroupId }: DeleteSecurityGroupRequest) {
      security.delete(GroupId!, isInUse(GroupId!));
      return { Return: true, GroupId };
    },
    AuthorizeSecurityGroupIngress: rules('ingress', 'authorize'),
    AuthorizeSecurityGroupEgress: rules('egress', 'authorize'),
    RevokeSecurityGroupIngress: rules('ingress', 'revoke'),
    RevokeSecurityGroupEgress: rules('egress', 'revoke'),
  };
}

/** `Describe…`: by ids, by filters, in pages. */
function describing<T extends { Tags?: Tag[] | undefined }>(
  collection: Collection<T>,
  idsMember: string,
  itemsMember: string,
): Operation {
  return (input) => {
    const { items, NextToken } = collection.describe(input[idsMember], {
      ...input,
      Filters: input.Filters ?? input.Filter,
    });
    return { [itemsMember]: items, NextToken };
  };
}
