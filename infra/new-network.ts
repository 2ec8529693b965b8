import { Fn } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { mostZones, type Network } from '../shared/fleet/network.ts';
import { accept } from './nag.ts';
import { exportAll, output } from './own-stack.ts';
import { type Place, placeIn } from './place.ts';

type Settings = Exclude<Network, { vpcId: string }>;

interface Subnet {
  readonly id: string;
  readonly routeTableId: string;
}

/**
 * A VPC for a fleet that names none. Without NAT gateways the servers live in public subnets, with public addresses for
 * what they fetch themselves, and with security groups that let nothing in but their load balancer. Resource by resource, as the CDK's own
 * VPC asks the stack for zones, and so an account, and depends on the app's flags.
 */
export class NewNetwork extends Construct {
  readonly place: Place;
  readonly #name: string;
  readonly #vpcId: string;

  /** @param name of the VPC and, with their zone, of all in it */
  constructor(scope: Construct, id: string, name: string, settings: Settings) {
    super(scope, id);
    this.#name = name;
    const made = new ec2.CfnVPC(this, 'Vpc', {
      cidrBlock: settings.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: [{ key: 'Name', value: name }],
    });
    accept(made, {
      'AwsSolutions-VPC7':
        'Flow logs cost more than the scaler itself; who wants them adds them to the VPC, or brings a VPC.',
    });
    this.#vpcId = made.ref;
    const zones = zonesOf(settings);
    const publicSubnets = this.#publicSubnets(zones, settings.cidr);
    const privateSubnets =
      settings.natGateways > 0 ? this.#privateSubnets(zones, settings, publicSubnets) : [];
    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Made', {
      vpcId: made.ref,
      vpcCidrBlock: settings.cidr,
      availabilityZones: zones,
      publicSubnetIds: publicSubnets.map((subnet) => subnet.id),
      publicSubnetRouteTableIds: publicSubnets.map((subnet) => subnet.routeTableId),
      ...(privateSubnets.length > 0 && {
        privateSubnetIds: privateSubnets.map((subnet) => subnet.id),
        privateSubnetRouteTableIds: privateSubnets.map((subnet) => subnet.routeTableId),
      }),
    });
    this.place = placeIn(vpc, undefined, this);
    output(this, 'VpcId', made.ref);
    exportAll(this, [made.ref, ...[...publicSubnets, ...privateSubnets].map((subnet) => subnet.id)]);
  }

  #publicSubnets(zones: readonly string[], cidr: string): Subnet[] {
    const gateway = new ec2.CfnInternetGateway(this, 'InternetGateway', { tags: this.#tags() });
    const attached = new ec2.CfnVPCGatewayAttachment(this, 'InternetGatewayAttachment', {
      vpcId: this.#vpcId,
      internetGatewayId: gateway.ref,
    });
    return zones.map((zone, index) => {
      const subnet = this.#subnet('Public', index, zone, subnetRange(cidr, index));
      const route = new ec2.CfnRoute(this, `Public${index + 1}DefaultRoute`, {
        routeTableId: subnet.routeTableId,
        destinationCidrBlock: '0.0.0.0/0',
        gatewayId: gateway.ref,
      });
      route.node.addDependency(attached);
      return subnet;
    });
  }

  #privateSubnets(
    zones: readonly string[],
    { cidr, natGateways }: Settings,
    publicSubnets: readonly Subnet[],
  ): Subnet[] {
    const gateways = publicSubnets.slice(0, natGateways).map(({ id }, index) => {
      const address = new ec2.CfnEIP(this, `NatGateway${index + 1}Address`, {
        domain: 'vpc',
        tags: this.#tags(),
      });
      const gateway = new ec2.CfnNatGateway(this, `NatGateway${index + 1}`, {
        subnetId: id,
        allocationId: address.attrAllocationId,
        tags: this.#tags(),
      });
      gateway.node.addDependency(this.node.findChild(`Public${index + 1}DefaultRoute`));
      return gateway;
    });
    return zones.map((zone, index) => {
      // Whatever the fleet file says later: a zone more, or NAT gateways, moves no subnet that is there.
      const subnet = this.#subnet('Private', index, zone, subnetRange(cidr, mostZones + index));
      new ec2.CfnRoute(this, `Private${index + 1}DefaultRoute`, {
        routeTableId: subnet.routeTableId,
        destinationCidrBlock: '0.0.0.0/0',
        natGatewayId: gateways[index % gateways.length]!.ref,
      });
      return subnet;
    });
  }

  #subnet(kind: 'Public' | 'Private', index: number, availabilityZone: string, cidrBlock: string): Subnet {
    const id = `${kind}${index + 1}`;
    const tags = [{ key: 'Name', value: `${this.#name}-${id.toLowerCase()}` }];
    const subnet = new ec2.CfnSubnet(this, `${id}Subnet`, {
      vpcId: this.#vpcId,
      availabilityZone,
      cidrBlock,
      mapPublicIpOnLaunch: kind === 'Public',
      tags,
    });
    const table = new ec2.CfnRouteTable(this, `${id}RouteTable`, { vpcId: this.#vpcId, tags });
    new ec2.CfnSubnetRouteTableAssociation(this, `${id}RouteTableAssociation`, {
      subnetId: subnet.ref,
      routeTableId: table.ref,
    });
    return { id: subnet.ref, routeTableId: table.ref };
  }

  #tags() {
    return [{ key: 'Name', value: this.#name }];
  }
}

/**
 * The template knows no region, so zones that nobody has named are numbered. In which order AWS numbers them it does not promise.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
 */
function zonesOf({ availabilityZones, maxAzs }: Settings): string[] {
  if (availabilityZones) return [...availabilityZones];
  return Array.from({ length: maxAzs }, (_, index) => Fn.select(index, Fn.getAzs()));
}

/** One of the sixteen equal parts of a range. */
function subnetRange(cidr: string, index: number): string {
  const [address, size] = cidr.split('/') as [string, string];
  const partBits = Number(size) + 4;
  const first = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const start = first + index * 2 ** (32 - partBits);
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${bytes.join('.')}/${partBits}`;
}
