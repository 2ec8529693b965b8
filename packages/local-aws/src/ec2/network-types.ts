import { z } from 'zod';
import { type ResourceType, ServiceError } from '../service.ts';
import { tagList } from '../template-tags.ts';
import type { Network } from './network.ts';
import { replaceableType } from './replaceable-type.ts';
import type { SecurityGroups } from './security-groups.ts';

const Tags = tagList.optional();

/** VPCs, subnets and internet gateways as CloudFormation types. */
export function networkTypes(network: Network, security: SecurityGroups): ResourceType[] {
  const defaultGroup = (vpcId: string | undefined) =>
    security.groups.all().find((group) => group.VpcId === vpcId && group.GroupName === 'default')!.GroupId!;
  return [
    replaceableType({
      type: 'AWS::EC2::VPC',
      properties: z.strictObject({
        CidrBlock: z.string(),
        EnableDnsHostnames: z.boolean().optional(),
        EnableDnsSupport: z.boolean().optional(),
        InstanceTenancy: z.string().optional(),
        Tags,
      }),
      collection: network.vpcs,
      make(properties) {
        const vpc = network.createVpc(properties.CidrBlock);
        security.create('default', 'default VPC security group', vpc.VpcId!);
        return vpc;
      },
      describe: (vpc) => ({
        physicalId: vpc.VpcId!,
        attributes: {
          VpcId: vpc.VpcId!,
          CidrBlock: vpc.CidrBlock!,
          DefaultSecurityGroup: defaultGroup(vpc.VpcId),
        },
      }),
      remove(vpc) {
        const subnet = network.subnets.all().find((one) => one.VpcId === vpc.VpcId);
        if (subnet)
          throw new ServiceError(
            'DependencyViolation',
            `The vpc '${vpc.VpcId}' has dependencies and cannot be deleted.`,
          );
        security.groups.remove(defaultGroup(vpc.VpcId));
        for (const table of network.routeTables.all())
          if (table.VpcId === vpc.VpcId) network.routeTables.remove(table.RouteTableId!);
      },
    }),
    replaceableType({
      type: 'AWS::EC2::Subnet',
      properties: z.strictObject({
        VpcId: z.string(),
        CidrBlock: z.string(),
        AvailabilityZone: z.string(),
        MapPublicIpOnLaunch: z.boolean().optional(),
        Tags,
      }),
      collection: network.subnets,
      make: ({ VpcId, CidrBlock, AvailabilityZone, MapPublicIpOnLaunch }) =>
        network.createSubnet(VpcId, CidrBlock, AvailabilityZone, MapPublicIpOnLaunch ?? false),
      describe: (subnet) => ({
        physicalId: subnet.SubnetId!,
        attributes: {
          SubnetId: subnet.SubnetId!,
          AvailabilityZone: subnet.AvailabilityZone!,
          CidrBlock: subnet.CidrBlock!,
          VpcId: subnet.VpcId!,
        },
      }),
    }),
    replaceableType({
      type: 'AWS::EC2::InternetGateway',
      properties: z.strictObject({ Tags }),
      collection: network.internetGateways,
      make: () => network.createInternetGateway(),
      describe: (gateway) => ({
        physicalId: gateway.InternetGatewayId!,
        attributes: { InternetGatewayId: gateway.InternetGatewayId! },
      }),
    }),
    gatewayAttachment(network),
  ];
}

interface GatewayAttachment {
  VpcId: string;
  InternetGatewayId: string;
}

function gatewayAttachment(network: Network): ResourceType<GatewayAttachment> {
  const attach = ({ VpcId, InternetGatewayId }: GatewayAttachment) => {
    network.attachInternetGateway(InternetGatewayId, VpcId);
    return { physicalId: `IGW|${VpcId}`, attributes: { AttachmentType: 'IGW' } };
  };
  const detach = ({ InternetGatewayId }: GatewayAttachment): void => {
    network.internetGateways.get(InternetGatewayId).Attachments = [];
  };
  return {
    type: 'AWS::EC2::VPCGatewayAttachment',
    properties: z.strictObject({ VpcId: z.string(), InternetGatewayId: z.string() }),
    create: attach,
    update(_physicalId, next, previous) {
      detach(previous);
      return attach(next);
    },
    delete: (_physicalId, properties) => detach(properties),
  };
}
