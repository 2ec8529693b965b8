import type { ScalingGroup } from '../../shared/domain/observation.ts';
import { measuredOf } from '../../shared/fleet/measured-of.ts';
import { needsLoadBalancer } from '../../shared/fleet/metric-query.ts';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { type Finding, fine, problem, warning } from './finding.ts';
import { judgeBounds, judgeOwnRules, judgeProtection, type OwnGroup } from './own-bounds.ts';

/**
 * A group of Alibaba Cloud against the fleet file. It refuses what is outside of its own minimum and maximum, so they must hold those
 * of the file.
 */
export function judgeAlibaba(group: OwnGroup, found: ScalingGroup, native: readonly NativeRule[]): Finding[] {
  const { region, scalingGroup } = group.config.alibaba!;
  const place = `--region ${region} --ScalingGroupId ${scalingGroup}`;
  const widen = (min: number, max: number) =>
    `aliyun ess ModifyScalingGroup ${place} --MinSize ${min} --MaxSize ${max}`;
  const findings = [
    ...judgeBounds(group, found, widen),
    ...suspended(group, found, place),
    ...judgeProtection(group, found, '保护状态'),
  ];
  const well = findings.length > 0 ? [] : [fine('drift', `${group.name} is as the fleet file says`)];
  const advice = `Switch them off: aliyun ess ModifyScheduledTask --region ${region} --ScheduledTaskId ID --TaskEnabled false, aliyun ess DisableAlarm --region ${region} --AlarmTaskId ID, aliyun ess DeleteScalingRule --region ${region} --ScalingRuleId ID`;
  return [...findings, ...well, ...unmeasured(group, found), ...judgeOwnRules(group, native, advice)];
}

function suspended({ name }: OwnGroup, { suspended: processes }: ScalingGroup, place: string): Finding[] {
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

/** What a load balancer counts, and who has none that counts it. */
function unmeasured({ name, config }: OwnGroup, { trafficSources }: ScalingGroup): Finding[] {
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
