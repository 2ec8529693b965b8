import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import type { Resource, ResourceType } from '../service.ts';
import { tagList } from '../template-tags.ts';
import type { Network } from './network.ts';
import { replaceableType } from './replaceable-type.ts';

const Tags = tagList.optional();
const strings = z.array(z.string());

/** Route tables, NAT, endpoints and flow logs as CloudFormation types. */
export function routingTypes(cloud: CloudContext, network: Network): ResourceType[] {
  return [
    replaceableType({
      type: 'AWS::EC2::RouteTable',
      properties: z.strictObject({ VpcId: z.string(), Tags }),
      collection: network.routeTables,
      make: ({ VpcId }) => network.createRouteTable(VpcId),
      describe: (table) => ({
        physicalId: table.RouteTableId!,
        attributes: { RouteTableId: table.RouteTableId! },
      }),
    }),
    routeType(network),
    associationType(network),
    replaceableType({
      type: 'AWS::EC2::EIP',
      properties: z.strictObject({ Domain: z.literal('vpc').optional(), Tags }),
      collection: network.addresses,
      make: () =>
        network.addresses.add({
          AllocationId: network.id('eipalloc'),
          PublicIp: network.publicAddress(),
          Domain: 'vpc',
        }),
      describe: (address) => ({
        physicalId: address.PublicIp!,
        attributes: { AllocationId: address.AllocationId!, PublicIp: address.PublicIp! },
      }),
    }),
    replaceableType({
      type: 'AWS::EC2::NatGateway',
      properties: z.strictObject({
        AllocationId: z.string().optional(),
        SubnetId: z.string(),
        ConnectivityType: z.string().optional(),
        Tags,
      }),
      collection: network.natGateways,
      make({ AllocationId, SubnetId }) {
        if (AllocationId) network.addresses.get(AllocationId);
        const { VpcId } = network.subnets.get(SubnetId);
        return network.natGateways.add({
          NatGatewayId: network.id('nat'),
          SubnetId,
          VpcId,
          State: 'available',
        });
      },
      describe: (gateway) => ({
        physicalId: gateway.NatGatewayId!,
        attributes: { NatGatewayId: gateway.NatGatewayId! },
      }),
    }),
    endpointType(cloud, network),
    flowLogType(network),
  ];
}

const route = z.strictObject({
  RouteTableId: z.string(),
  DestinationCidrBlock: z.string(),
  GatewayId: z.string().optional(),
  NatGatewayId: z.string().optional(),
});
type RouteProperties = z.output<typeof route>;

function routeType(network: Network): ResourceType<RouteProperties> {
  const add = ({ RouteTableId, ...rest }: RouteProperties): Resource => {
    network.routeTables.get(RouteTableId).Routes!.push({ ...rest, State: 'active' });
    return {
      physicalId: `${RouteTableId}|${rest.DestinationCidrBlock}`,
      attributes: { CidrBlock: rest.DestinationCidrBlock },
    };
  };
  const remove = ({ RouteTableId, DestinationCidrBlock }: RouteProperties): void => {
    const table = network.routeTables.find(RouteTableId);
    if (table)
      table.Routes = table.Routes!.filter((one) => one.DestinationCidrBlock !== DestinationCidrBlock);
  };
  return {
    type: 'AWS::EC2::Route',
    properties: route,
    create: add,
    update(_physicalId, next, previous) {
      remove(previous);
      return add(next);
    },
    delete: (_physicalId, properties) => remove(properties),
  };
}

const association = z.strictObject({ RouteTableId: z.string(), SubnetId: z.string() });
type AssociationProperties = z.output<typeof association>;

function associationType(network: Network): ResourceType<AssociationProperties> {
  const associate = ({ RouteTableId, SubnetId }: AssociationProperties): Resource => {
    network.subnets.get(SubnetId);
    const RouteTableAssociationId = network.id('rtbassoc');
    network.routeTables
      .get(RouteTableId)
      .Associations!.push({ RouteTableId, SubnetId, RouteTableAssociationId, Main: false });
    return { physicalId: RouteTableAssociationId, attributes: { Id: RouteTableAssociationId } };
  };
  return {
    type: 'AWS::EC2::SubnetRouteTableAssociation',
    properties: association,
    create: associate,
    update: (_physicalId, next) => associate(next),
    delete(physicalId, { RouteTableId }) {
      const table = network.routeTables.find(RouteTableId);
      if (!table) return;
      table.Associations = table.Associations!.filter((one) => one.RouteTableAssociationId !== physicalId);
    },
  };
}

function endpointType(cloud: CloudContext, network: Network): ResourceType {
  return replaceableType({
    type: 'AWS::EC2::VPCEndpoint',
    properties: z.strictObject({
      VpcId: z.string(),
      ServiceName: z.string(),
      VpcEndpointType: z.enum(['Gateway', 'Interface']).optional(),
      RouteTableIds: strings.optional(),
      SubnetIds: strings.optional(),
      SecurityGroupIds: strings.optional(),
      PrivateDnsEnabled: z.boolean().optional(),
      PolicyDocument: z.unknown().optional(),
      Tags,
    }),
    collection: network.endpoints,
    make(properties) {
      network.vpcs.get(properties.VpcId);
      for (const id of properties.RouteTableIds ?? []) network.routeTables.get(id);
      for (const id of properties.SubnetIds ?? []) network.subnets.get(id);
      return network.endpoints.add({
        VpcEndpointId: network.id('vpce'),
        VpcId: properties.VpcId,
        ServiceName: properties.ServiceName,
        VpcEndpointType: properties.VpcEndpointType ?? 'Gateway',
        State: 'Available',
        RouteTableIds: properties.RouteTableIds,
        SubnetIds: properties.SubnetIds,
        CreationTimestamp: new Date(cloud.eventQueue.now()),
      });
    },
    describe: (endpoint) => ({
      physicalId: endpoint.VpcEndpointId!,
      attributes: { Id: endpoint.VpcEndpointId! },
    }),
  });
}

function flowLogType(network: Network): ResourceType {
  return replaceableType({
    type: 'AWS::EC2::FlowLog',
    properties: z.strictObject({
      ResourceId: z.string(),
      ResourceType: z.string(),
      TrafficType: z.string().optional(),
      LogDestinationType: z.string().optional(),
      LogDestination: z.string().optional(),
      LogGroupName: z.string().optional(),
      DeliverLogsPermissionArn: z.string().optional(),
      MaxAggregationInterval: z.number().optional(),
      Tags,
    }),
    collection: network.flowLogs,
    make: ({ ResourceId, LogGroupName, MaxAggregationInterval }) =>
      network.flowLogs.add({
        FlowLogId: network.id('fl'),
        ResourceId,
        LogGroupName,
        MaxAggregationInterval: MaxAggregationInterval ?? 600,
        FlowLogStatus: 'ACTIVE',
      }),
    describe: (log) => ({ physicalId: log.FlowLogId!, attributes: { Id: log.FlowLogId! } }),
  });
}
