import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { mostZones, type Network } from '../shared/fleet/network.ts';
import { accept } from './nag.ts';

type NewNetwork = Exclude<Network, { vpcId: string }>;

/**
 * A VPC for a fleet that names none. Without NAT gateways the servers live in public subnets, with public addresses for
 * what they fetch themselves, and with security groups that let nothing in but their load balancer.
 */
export class NetworkStack extends Stack {
  readonly vpc: ec2.IVpc;
  readonly #zones: number;
  readonly #named: readonly string[] | undefined;

  constructor(scope: Construct, id: string, network: NewNetwork, props: StackProps) {
    super(scope, id, props);
    const maxAzs = network.availabilityZones?.length ?? network.maxAzs;
    this.#zones = maxAzs;
    this.#named = network.availabilityZones;
    // CDK's class and interface disagree on optional members when `exactOptionalPropertyTypes` is on.
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      vpcName: id,
      ipAddresses: ec2.IpAddresses.cidr(network.cidr),
      maxAzs,
      // Whatever the fleet file says later: a zone more, or NAT gateways, moves no subnet that is there.
      reservedAzs: mostZones - maxAzs,
      natGateways: network.natGateways,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: true },
        {
          name: 'private',
          subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS,
          reserved: network.natGateways === 0,
        },
      ],
    }) as ec2.IVpc;
    accept(this.vpc, {
      'AwsSolutions-VPC7':
        'Flow logs cost more than the scaler itself; who wants them adds them to the VPC, or brings a VPC.',
    });
    new CfnOutput(this, 'VpcId', { value: this.vpc.vpcId });
    // Whether or not a group uses them yet: an export cannot go while its last reader is still deployed.
    this.exportValue(this.vpc.vpcId);
    for (const { subnetId } of [...this.vpc.publicSubnets, ...this.vpc.privateSubnets])
      this.exportValue(subnetId);
  }

  /**
   * The template knows no region, so zones that nobody has named are numbered: CDK would stop at two of them. In which order AWS
   * numbers them it does not promise.
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
   */
  override get availabilityZones(): string[] {
    if (this.#named) return [...this.#named];
    return Array.from({ length: this.#zones }, (_, index) => Fn.select(index, Fn.getAzs()));
  }
}

/** Where a group's servers and load balancer go. */
export interface Place {
  readonly vpc: ec2.IVpc;
  /** Address range of the VPC: who may reach an internal load balancer. */
  readonly cidr: string;
  readonly serverSubnets: ec2.SubnetSelection;
  readonly publicSubnets: ec2.SubnetSelection;
}

export function placeInNewVpc(vpc: ec2.IVpc, network: NewNetwork): Place {
  const publicSubnets = { subnetType: ec2.SubnetType.PUBLIC };
  const serverSubnets =
    network.natGateways > 0 ? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } : publicSubnets;
  return { vpc, cidr: network.cidr, serverSubnets, publicSubnets };
}

/** A VPC that exists, taken by its ids: nothing is looked up, so that a synthesis needs no account. */
export function placeInExistingVpc(stack: Stack, network: Extract<Network, { vpcId: string }>): Place {
  const { vpcId, availabilityZones, publicSubnetIds, privateSubnetIds } = network;
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId,
    availabilityZones,
    vpcCidrBlock: network.cidr,
    ...(publicSubnetIds.length > 0 && { publicSubnetIds }),
    ...(privateSubnetIds.length > 0 && { privateSubnetIds }),
  });
  const publicSubnets = { subnetType: ec2.SubnetType.PUBLIC };
  const serverSubnets =
    privateSubnetIds.length > 0 ? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } : publicSubnets;
  return { vpc, cidr: network.cidr, serverSubnets, publicSubnets };
}
