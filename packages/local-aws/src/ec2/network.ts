import type {
  Address,
  FlowLog,
  InternetGateway,
  NatGateway,
  RouteTable,
  Subnet,
  Vpc,
  VpcEndpoint,
} from '@aws-sdk/client-ec2';
import type { CloudContext } from '../cloud-context.ts';
import { ServiceError } from '../service.ts';
import { zonesOf } from './catalog.ts';
import { Collection } from './collection.ts';

const vpcAndState = { 'vpc-id': 'VpcId', state: 'State' };

/** A VPC that exists, by its ids. */
export interface SeededVpc {
  readonly vpcId: string;
  readonly cidr: string;
  readonly availabilityZones: readonly string[];
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
}

/** The network of the account: every VPC and what is in it, with the default VPC that each account starts with. */
export class Network {
  readonly vpcs = new Collection<Vpc>({
    resourceType: 'vpc',
    prefix: 'vpc',
    idKey: 'VpcId',
    notFound: 'InvalidVpcID.NotFound',
    filters: { ...vpcAndState, cidr: 'CidrBlock', 'is-default': 'IsDefault', isDefault: 'IsDefault' },
  });
  readonly subnets = new Collection<Subnet>({
    resourceType: 'subnet',
    prefix: 'subnet',
    idKey: 'SubnetId',
    notFound: 'InvalidSubnetID.NotFound',
    filters: {
      ...vpcAndState,
      'subnet-id': 'SubnetId',
      'availability-zone': 'AvailabilityZone',
      'cidr-block': 'CidrBlock',
      'default-for-az': 'DefaultForAz',
      'map-public-ip-on-launch': 'MapPublicIpOnLaunch',
    },
  });
  readonly routeTables = new Collection<RouteTable>({
    resourceType: 'route-table',
    prefix: 'rtb',
    idKey: 'RouteTableId',
    notFound: 'InvalidRouteTableID.NotFound',
    filters: {
      'vpc-id': 'VpcId',
      'route-table-id': 'RouteTableId',
      'association.main': 'Associations.Main',
      'association.subnet-id': 'Associations.SubnetId',
    },
  });
  readonly internetGateways = new Collection<InternetGateway>({
    resourceType: 'internet-gateway',
    prefix: 'igw',
    idKey: 'InternetGatewayId',
    notFound: 'InvalidInternetGatewayID.NotFound',
    filters: { 'attachment.vpc-id': 'Attachments.VpcId', 'internet-gateway-id': 'InternetGatewayId' },
  });
  readonly natGateways = new Collection<NatGateway>({
    resourceType: 'natgateway',
    prefix: 'nat',
    idKey: 'NatGatewayId',
    notFound: 'NatGatewayNotFound',
    filters: { ...vpcAndState, 'subnet-id': 'SubnetId' },
  });
  readonly addresses = new Collection<Address>({
    resourceType: 'elastic-ip',
    prefix: 'eipalloc',
    idKey: 'AllocationId',
    notFound: 'InvalidAllocationID.NotFound',
    filters: { 'allocation-id': 'AllocationId', 'public-ip': 'PublicIp' },
  });
  readonly endpoints = new Collection<VpcEndpoint>({
    resourceType: 'vpc-endpoint',
    prefix: 'vpce',
    idKey: 'VpcEndpointId',
    notFound: 'InvalidVpcEndpointId.NotFound',
    filters: { 'vpc-id': 'VpcId', 'service-name': 'ServiceName' },
  });
  readonly flowLogs = new Collection<FlowLog>({
    resourceType: 'vpc-flow-log',
    prefix: 'fl',
    idKey: 'FlowLogId',
    notFound: 'InvalidFlowLogId.NotFound',
    filters: { 'resource-id': 'ResourceId' },
  });
  readonly #cloud: CloudContext;
  #addressesGiven = 0;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.#createDefaultVpc();
  }

  id(prefix: string): string {
    return `${prefix}-${this.#cloud.ids.hex(17)}`;
  }

  createVpc(cidr: string, isDefault = false, VpcId = this.id('vpc')): Vpc {
    const vpc = this.vpcs.add({
      VpcId,
      CidrBlock: cidr,
      State: 'available',
      IsDefault: isDefault,
      OwnerId: this.#cloud.account,
      InstanceTenancy: 'default',
      CidrBlockAssociationSet: [
        {
          AssociationId: this.id('vpc-cidr-assoc'),
          CidrBlock: cidr,
          CidrBlockState: { State: 'associated' },
        },
      ],
      Tags: [],
    });
    const main = this.createRouteTable(vpc.VpcId!);
    main.Associations = [
      { Main: true, RouteTableId: main.RouteTableId, RouteTableAssociationId: this.id('rtbassoc') },
    ];
    return vpc;
  }

  createSubnet(
    vpcId: string,
    cidr: string,
    zone: string,
    publicAddresses: boolean,
    SubnetId = this.id('subnet'),
  ): Subnet {
    const vpc = this.vpcs.get(vpcId);
    if (!zonesOf(this.#cloud.region).includes(zone))
      throw new ServiceError(
        'InvalidParameterValue',
        `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zonesOf(this.#cloud.region).join(', ')}.`,
      );
    if (this.subnets.all().some((other) => other.VpcId === vpcId && other.CidrBlock === cidr))
      throw new ServiceError('InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`);
    return this.subnets.add({
      SubnetId,
      SubnetArn: `arn:aws:ec2:${this.#cloud.region}:${this.#cloud.account}:subnet/${SubnetId}`,
      VpcId: vpc.VpcId,
      CidrBlock: cidr,
      AvailabilityZone: zone,
      State: 'available',
      MapPublicIpOnLaunch: publicAddresses,
      DefaultForAz: vpc.IsDefault,
      AvailableIpAddressCount: 2 ** (32 - Number(cidr.split('/')[1])) - 5,
      OwnerId: this.#cloud.account,
      Tags: [],
    });
  }

  /**
   * Puts a VPC there, as if somebody had made it long ago, with its subnets, a zone each in the order of the lists. A zone that
   * this region does not have is one that it has. Does nothing when the VPC is there already.
   */
  seedVpc(made: SeededVpc): void {
    if (this.vpcs.find(made.vpcId)) return;
    this.createVpc(made.cidr, false, made.vpcId);
    const gateway = this.createInternetGateway();
    this.attachInternetGateway(gateway.InternetGatewayId!, made.vpcId);
    const zones = zonesOf(this.#cloud.region);
    const [a, b] = made.cidr.split('.');
    const ids = [...made.publicSubnetIds, ...made.privateSubnetIds];
    for (const [index, id] of ids.entries()) {
      const place = index % made.availabilityZones.length;
      const zone = zones.find((one) => one === made.availabilityZones[place]) ?? zones[place % zones.length]!;
      this.createSubnet(made.vpcId, `${a}.${b}.${index}.0/24`, zone, made.publicSubnetIds.includes(id), id);
    }
  }

  createRouteTable(vpcId: string): RouteTable {
    const vpc = this.vpcs.get(vpcId);
    const local = { DestinationCidrBlock: vpc.CidrBlock, GatewayId: 'local', State: 'active' as const };
    return this.routeTables.add({
      RouteTableId: this.id('rtb'),
      VpcId: vpcId,
      Routes: [local],
      Associations: [],
      OwnerId: this.#cloud.account,
      Tags: [],
    });
  }

  createInternetGateway(): InternetGateway {
    return this.internetGateways.add({ InternetGatewayId: this.id('igw'), Attachments: [], Tags: [] });
  }

  attachInternetGateway(gatewayId: string, vpcId: string): void {
    const gateway = this.internetGateways.get(gatewayId);
    this.vpcs.get(vpcId);
    if (gateway.Attachments!.length > 0)
      throw new ServiceError(
        'Resource.AlreadyAssociated',
        `resource ${gatewayId} is already attached to network ${gateway.Attachments![0]!.VpcId}`,
      );
    gateway.Attachments = [{ VpcId: vpcId, State: 'available' as never }];
  }

  /** The subnet in a zone where an instance without subnet goes: the default VPC's. */
  defaultSubnet(zone: string | undefined): Subnet {
    const found = this.subnets
      .all()
      .find((subnet) => subnet.DefaultForAz && (!zone || subnet.AvailabilityZone === zone));
    if (!found)
      throw new ServiceError(
        'MissingInput',
        'No subnets found for the default VPC. Please specify a subnet.',
      );
    return found;
  }

  /** A private address that is unique in the account. */
  privateAddress(subnet: Subnet): string {
    const [a, b] = subnet.CidrBlock!.split('.');
    const host = ++this.#addressesGiven + 3;
    return `${a}.${b}.${(host >> 8) & 255}.${host & 255}`;
  }

  /** A public address, from the range that is reserved for documentation. */
  publicAddress(): string {
    const host = ++this.#addressesGiven;
    return `203.0.${113 + ((host >> 8) & 63)}.${host & 255}`;
  }

  #createDefaultVpc(): void {
    const vpc = this.createVpc('172.31.0.0/16', true);
    const gateway = this.createInternetGateway();
    this.attachInternetGateway(gateway.InternetGatewayId!, vpc.VpcId!);
    zonesOf(this.#cloud.region).forEach((zone, i) => {
      this.createSubnet(vpc.VpcId!, `172.31.${i * 16}.0/20`, zone, true);
    });
    this.routeTables.all()[0]!.Routes!.push({
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: gateway.InternetGatewayId,
      State: 'active',
    });
  }
}
