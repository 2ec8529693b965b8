import type { LaunchTemplateSpecification } from '@aws-sdk/client-auto-scaling';
import type { Ec2 } from '../ec2/ec2.ts';
import { type Group, isActive } from './group.ts';

/** Where the next instance goes, and what it is. */
export interface Placement {
  readonly subnetId: string;
  readonly template: LaunchTemplateSpecification;
  readonly instanceType: string | undefined;
  readonly weight: number;
  readonly isSpot: boolean;
}

/** The zone with fewest instances; after failures, which `attempt` counts, the zones and types take turns. */
export function place(group: Group, ec2: Ec2, attempt: number): Placement {
  const members = [...group.members.values()].filter(isActive);
  const subnets = group.subnetIds.map((id) => ec2.network.subnets.get(id));
  const crowd = (zone: string | undefined) => members.filter((member) => member.zone === zone).length;
  const byCrowd = [...subnets].sort((a, b) => crowd(a.AvailabilityZone) - crowd(b.AvailabilityZone));
  const subnetId = byCrowd[attempt % byCrowd.length]!.SubnetId!;
  const template = templateOf(group);
  const overrides = group.mixedInstances?.LaunchTemplate?.Overrides ?? [];
  const override = overrides[Math.floor(attempt / byCrowd.length) % Math.max(1, overrides.length)];
  return {
    subnetId,
    template: override?.LaunchTemplateSpecification ?? template,
    instanceType: override?.InstanceType,
    weight: Number(override?.WeightedCapacity ?? 1),
    // On demand, whenever there would otherwise be too few.
    isSpot: purchased(group, ec2, members.length + 1).onDemand >= 0,
  };
}

/** The template of the group, or of its mixed instances policy. */
export function templateOf(group: Group): LaunchTemplateSpecification {
  return group.launchTemplate ?? group.mixedInstances!.LaunchTemplate!.LaunchTemplateSpecification!;
}

/**
 * How many servers of each purchase option there are too many of, of those that a group of this size should have.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/mixed-instances-groups-set-up-overview.html
 */
export function purchased(group: Group, ec2: Ec2, size: number): { onDemand: number; spot: number } {
  const members = [...group.members.values()].filter(isActive);
  const spot = members.filter((member) => isSpot(ec2, member.instanceId)).length;
  const distribution = group.mixedInstances?.InstancesDistribution;
  const base = Math.min(size, distribution?.OnDemandBaseCapacity ?? 0);
  const share = distribution ? (distribution.OnDemandPercentageAboveBaseCapacity ?? 100) : 100;
  // Fractions are rounded in favour of On-Demand.
  const wanted = base + Math.ceil(((size - base) * share) / 100);
  return { onDemand: members.length - spot - wanted, spot: spot - (size - wanted) };
}

export function isSpot(ec2: Ec2, instanceId: string): boolean {
  return ec2.instances.instances.find(instanceId)?.InstanceLifecycle === 'spot';
}
