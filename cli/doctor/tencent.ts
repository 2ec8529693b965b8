import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { leastSize } from '../../shared/fleet/least-size.ts';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

type Group = Pick<ScalerGroup, 'name' | 'config'>;

/**
 * A group of Tencent Cloud against the fleet file. It refuses what is outside of its own minimum and maximum, so they must hold those
 * of the file; and its own tasks and alarm policies cannot be put to sleep, only deleted.
 */
export function judgeTencent(group: Group, found: ScalingGroup, native: readonly NativeRule[]): Finding[] {
  const findings = [...sizes(group, found), ...disabled(group, found), ...protection(group, found)];
  const well = findings.length > 0 ? [] : [fine('drift', `${group.name} is as the fleet file says`)];
  return [...findings, ...well, ...rivals(group, native)];
}

function place({ config }: Group): string {
  const { region, scalingGroup } = config.tencent!;
  return `--region ${region} --AutoScalingGroupId ${scalingGroup}`;
}

function sizes(group: Group, { minSize, maxSize }: ScalingGroup): Finding[] {
  const { name, config } = group;
  const [least, most] = [leastSize(config), config.maxSize];
  if (minSize <= least && maxSize >= most) return [];
  const message = `${name}: its group takes ${minSize} to ${maxSize} servers, by the fleet file it is ${least} to ${most}: what is outside is refused`;
  const [min, max] = [Math.min(minSize, least), Math.max(maxSize, most)];
  return [
    problem(
      'drift',
      message,
      `tccli as ModifyAutoScalingGroup ${place(group)} --MinSize ${min} --MaxSize ${max}`,
    ),
  ];
}

function disabled(group: Group, { suspended }: ScalingGroup): Finding[] {
  if (suspended.length === 0) return [];
  const message = `${group.name}: its group is disabled (停用) and takes no orders`;
  return [
    problem('groups', message, `tccli as EnableAutoScalingGroup ${place(group)}, once the cause is gone`),
  ];
}

function protection({ name, config }: Group, { servers }: ScalingGroup): Finding[] {
  const open = servers.filter(
    ({ id, protectedFromScaleIn }) => config.instances.includes(id) && !protectedFromScaleIn,
  );
  return open.map(({ id }) =>
    warning(
      'drift',
      `${name}: ${id} is not protected (免于缩容)`,
      'The next sweep does it: rushhour explain.',
    ),
  );
}

function rivals(group: Group, native: readonly NativeRule[]): Finding[] {
  const awake = native.filter(({ isAsleep }) => !isAsleep).map(({ name }) => name);
  if (awake.length === 0) return [];
  const { region } = group.config.tencent!;
  const advice = `Delete them: tccli as DeleteScheduledAction --region ${region} --ScheduledActionId ID, tccli as DeleteScalingPolicy --region ${region} --AutoScalingPolicyId ID`;
  if (group.config.mode === 'observe') {
    const message = `${group.name}: it is observed, and its own rules go on scaling it: ${awake.join(', ')}`;
    return [
      {
        check: 'native scaling',
        verdict: 'fine',
        message,
        advice: `To swap: delete its mode: observe, deploy, and then: ${advice}`,
      },
    ];
  }
  return [problem('native scaling', `${group.name}: its own rules would fight: ${awake.join(', ')}`, advice)];
}
