import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { leastSize } from '../../shared/fleet/least-size.ts';
import { measuredOf } from '../../shared/fleet/measured-of.ts';
import { needsLoadBalancer } from '../../shared/fleet/metric-query.ts';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

type Group = Pick<ScalerGroup, 'name' | 'config'>;

/**
 * A group of Alibaba Cloud against the fleet file. It refuses what is outside of its own minimum and maximum, so they must hold those
 * of the file.
 */
export function judgeAlibaba(group: Group, found: ScalingGroup, native: readonly NativeRule[]): Finding[] {
  const findings = [...sizes(group, found), ...suspended(group, found), ...protection(group, found)];
  const well = findings.length > 0 ? [] : [fine('drift', `${group.name} is as the fleet file says`)];
  return [...findings, ...well, ...unmeasured(group, found), ...rivals(group, native)];
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

/** What a load balancer counts, and who has none that counts it. */
function unmeasured({ name, config }: Group, { trafficSources }: ScalingGroup): Finding[] {
  if (trafficSources.some((source) => /^(clb|alb)\//.test(source))) return [];
  const metrics = new Set(
    measuredOf(config)
      .map(({ metric }) => metric)
      .filter(needsLoadBalancer),
  );
  if (metrics.size === 0) return [];
  const what = trafficSources.length > 0 ? 'only a network load balancer (NLB)' : 'no load balancer';
  return [
    problem(
      'metrics',
      `${name}: its group has ${what}, so nobody measures ${[...metrics].join(', ')}: what goes by it stays silent`,
      'Attach a classic or an application load balancer (CLB, ALB) to the group, or name a metric that there is: docs/alibaba.md',
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
