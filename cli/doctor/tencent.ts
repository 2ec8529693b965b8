import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { type Finding, fine, problem } from './finding.ts';
import { judgeBounds, judgeOwnRules, judgeProtection, type OwnGroup } from './own-bounds.ts';

/**
 * A group of Tencent Cloud against the fleet file. It refuses what is outside of its own minimum and maximum, so they must hold those
 * of the file; and its own tasks and alarm policies cannot be put to sleep, only deleted.
 */
export function judgeTencent(group: OwnGroup, found: ScalingGroup, native: readonly NativeRule[]): Finding[] {
  const { region, scalingGroup } = group.config.tencent!;
  const place = `--region ${region} --AutoScalingGroupId ${scalingGroup}`;
  const widen = (min: number, max: number) =>
    `tccli as ModifyAutoScalingGroup ${place} --MinSize ${min} --MaxSize ${max}`;
  const findings = [
    ...judgeBounds(group, found, widen),
    ...disabled(group, found, place),
    ...judgeProtection(group, found, '免于缩容'),
  ];
  const well = findings.length > 0 ? [] : [fine('drift', `${group.name} is as the fleet file says`)];
  const advice = `Delete them: tccli as DeleteScheduledAction --region ${region} --ScheduledActionId ID, tccli as DeleteScalingPolicy --region ${region} --AutoScalingPolicyId ID`;
  return [...findings, ...well, ...judgeOwnRules(group, native, advice)];
}

function disabled({ name }: OwnGroup, { suspended }: ScalingGroup, place: string): Finding[] {
  if (suspended.length === 0) return [];
  const message = `${name}: its group is disabled (停用) and takes no orders`;
  return [problem('groups', message, `tccli as EnableAutoScalingGroup ${place}, once the cause is gone`)];
}
