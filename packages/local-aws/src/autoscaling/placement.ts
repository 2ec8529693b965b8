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
    isSpot: nextIsSpot(group, members.length),
  };
}

/** The template of the group, or of its mixed instances policy. */
export function templateOf(group: Group): LaunchTemplateSpecification {
  return group.launchTemplate ?? group.mixedInstances!.LaunchTemplate!.LaunchTemplateSpecification!;
}

function nextIsSpot(group: Group, size: number): boolean {
  const distribution = group.mixedInstances?.InstancesDistribution;
  if (!distribution) return false;
  const base = distribution.OnDemandBaseCapacity ?? 0;
  if (size < base) return false;
  const share = distribution.OnDemandPercentageAboveBaseCapacity ?? 100;
  const above = size - base;
  // On demand whenever the next one would otherwise leave the share too low.
  return Math.ceil(((above + 1) * share) / 100) <= Math.ceil((above * share) / 100);
}
