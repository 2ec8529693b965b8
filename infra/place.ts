import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct, IDependable } from 'constructs';
import type { Network } from '../shared/fleet/network.ts';

/** Where a group's servers and load balancer go. */
export interface Place {
  readonly vpc: ec2.IVpc;
  readonly serverSubnets: ec2.SubnetSelection;
  readonly publicSubnets: ec2.SubnetSelection;
  /** Has a way to the internet, where it is to have one. */
  readonly ready?: IDependable;
}

const publicSubnets: ec2.SubnetSelection = { subnetType: ec2.SubnetType.PUBLIC };

/**
 * A VPC, made by us or by others: servers are in private subnets if there are any.
 * @param servers which subnets, if not those
 */
export function placeIn(vpc: ec2.IVpc, servers?: ec2.SubnetSelection, ready?: IDependable): Place {
  const hidden =
    vpc.privateSubnets.length > 0 ? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } : publicSubnets;
  return { vpc, serverSubnets: servers ?? hidden, publicSubnets, ...(ready && { ready }) };
}

/** A VPC that exists, taken by its ids: nothing is looked up, so that a synthesis needs no account. */
export function placeByIds(scope: Construct, network: Extract<Network, { vpcId: string }>): Place {
  const { vpcId, availabilityZones, publicSubnetIds, privateSubnetIds } = network;
  const vpc = ec2.Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId,
    availabilityZones,
    vpcCidrBlock: network.cidr,
    ...(publicSubnetIds.length > 0 && { publicSubnetIds }),
    ...(privateSubnetIds.length > 0 && { privateSubnetIds }),
  });
  return placeIn(vpc);
}
