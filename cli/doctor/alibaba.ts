import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { hasAlarm } from '../../shared/fleet/has-alarm.ts';
import { leastSize } from '../../shared/fleet/least-size.ts';
import { measuredOf } from '../../shared/fleet/measured-of.ts';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

type Group = Pick<ScalerGroup, 'name' | 'config'>;

/** Calls of CloudMonitor that a month has for nothing; it answers none beyond. */
const freeCalls = 1_000_000;
const minutesOfMonth = 31 * 24 * 60;
/** Servers that a call takes. */
const serversAtOnce = 50;

/**
 * A group of Alibaba Cloud against the fleet file. It refuses what is outside of its own minimum and maximum, so they must hold those
 * of the file.
 */
export function judgeAlibaba(group: Group, found: ScalingGroup, native: readonly NativeRule[]): Finding[] {
  const findings = [...sizes(group, found), ...suspended(group, found), ...protection(group, found)];
  const well = findings.length > 0 ? [] : [fine('drift', `${group.name} is as the fleet file says`)];
  return [...findings, ...well, ...calls(group), ...rivals(group, native)];
}

function sizes(group: Group, { minSize, maxSize }: ScalingGroup): Finding[] {
  const { name, config } = group;
  const [least, most] = [leastSize(config), config.maxSize];
  if (minSize <= least && maxSize >= most) return [];
  const message = `${name}: its group takes ${minSize} to ${maxSize} servers, by the fleet file it is ${least} to ${most}: what is outside is refused`;
  const [min, max] = [Math.min(minSize, least), Math.max(maxSize, most)];
  const { region, scalingGroup } = config.alibaba!;
  const command = `aliyun ess ModifyScalingGroup --region ${region} --ScalingGroupId ${scalingGroup} --MinSize ${min} --MaxSize ${max}`;
  return [problem('drift', message, command)];
}

function suspended({ name, config }: Group, { suspended: processes }: ScalingGroup): Finding[] {
  const { region, scalingGroup } = config.alibaba!;
  const place = `--region ${region} --ScalingGroupId ${scalingGroup}`;
  if (processes.length === 0) return [];
  if (processes.includes('launching') && processes.includes('terminating'))
    return [
      problem(
        'groups',
        `${name}: its group is disabled (停用) or suspended, and takes no orders`,
        `aliyun ess EnableScalingGroup ${place}, or ResumeProcesses, once the cause is gone`,
      ),
    ];
  const advice = `aliyun ess ResumeProcesses ${place} --Process.1 ScaleOut|ScaleIn|HealthCheck, once the cause is gone`;
  return [warning('groups', `${name}: somebody has suspended ${processes.join(', ')}`, advice)];
}

function protection({ name, config }: Group, { servers }: ScalingGroup): Finding[] {
  const open = servers.filter(
    ({ id, protectedFromScaleIn }) => config.instances.includes(id) && !protectedFromScaleIn,
  );
  return open.map(({ id }) =>
    warning(
      'drift',
      `${name}: ${id} is not protected (保护状态)`,
      'The next sweep does it: rushhour explain.',
    ),
  );
}

/** What is read every minute. A metric by name is one of each server, another is one of its own. */
function calls({ name, config }: Group): Finding[] {
  const metrics = measuredOf(config).flatMap(({ metric }) =>
    metric !== undefined && !hasAlarm(config, { metric } as Parameters<typeof hasAlarm>[1]) ? [metric] : [],
  );
  const distinct = new Map(metrics.map((metric) => [JSON.stringify(metric), metric]));
  const perMinute = [...distinct.values()].reduce(
    (sum: number, metric) =>
      sum + (typeof metric === 'string' ? Math.ceil(config.maxSize / serversAtOnce) : 1),
    0,
  );
  const month = perMinute * minutesOfMonth;
  if (month === 0) return [];
  const message = `${name} asks CloudMonitor (云监控) up to ${month.toLocaleString('en')} times a month; a million of the account are free`;
  return [
    month <= freeCalls
      ? fine('metrics', message)
      : warning(
          'metrics',
          message,
          'Beyond them it answers no more: let fewer rules go by metrics of servers.',
        ),
  ];
}

function rivals(group: Group, native: readonly NativeRule[]): Finding[] {
  const awake = native.filter(({ isAsleep }) => !isAsleep).map(({ name }) => name);
  if (awake.length === 0) return [];
  const { region } = group.config.alibaba!;
  const advice = `Switch them off: aliyun ess ModifyScheduledTask --region ${region} --ScheduledTaskId ID --TaskEnabled false, aliyun ess DisableAlarm --region ${region} --AlarmTaskId ID, aliyun ess DeleteScalingRule --region ${region} --ScalingRuleId ID`;
  if (group.config.mode === 'observe') {
    const message = `${group.name}: it is observed, and its own rules go on scaling it: ${awake.join(', ')}`;
    const swap = `To swap: delete its mode: observe, deploy, and then: ${advice}`;
    return [{ check: 'native scaling', verdict: 'fine', message, advice: swap }];
  }
  return [problem('native scaling', `${group.name}: its own rules would fight: ${awake.join(', ')}`, advice)];
}
