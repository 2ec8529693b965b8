import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { measuredBalancer } from '../../shared/fleet/group-query.ts';
import { leastSize } from '../../shared/fleet/least-size.ts';
import { needsLoadBalancer } from '../../shared/fleet/metric-query.ts';
import { otherKindOf } from '../../shared/fleet/other-kinds.ts';
import type { AlarmRule } from '../../shared/fleet/rule.ts';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { PortError } from '../../shared/ports/port-error.ts';
import type { FleetInCloud } from '../cloud.ts';
import { judgeAlibaba } from './alibaba.ts';
import { callsOfMonitor } from './alibaba-calls.ts';
import { type Finding, fine, problem, unseen, warning } from './finding.ts';
import { checkHooks } from './hooks.ts';
import { judgeKubernetes } from './kubernetes.ts';
import { judgeNative } from './native-scaling.ts';
import { judgeRegion } from './own-region.ts';
import { resourcesOf } from './resources.ts';
import { judgeTencent } from './tencent.ts';

const moved = 'Name the new load balancer in the fleet file (loadBalancerArn), then npx cdk deploy --all.';
const unreachable = 'Nothing is changed meanwhile; others are scaled as usual.';
const noGroup = 'Name one that exists in the fleet file, in its region: nothing is changed meanwhile.';
const noWorkload = 'Name one that exists in the fleet file, or create it: nothing is changed meanwhile.';
const rollOutAgain = 'Roll out a revision that starts';
const deploy = 'npx cdk diff shows it, npx cdk deploy --all corrects it.';

/** The groups in the account against the fleet file, and what else might pull at them. */
export async function checkGroups(cloud: FleetInCloud): Promise<Finding[]> {
  const { scaler } = cloud;
  const groups = [...scaler.groups.values()];
  const { described, unread } = await describeBySource(cloud, groups);
  const resources = resourcesOf(cloud);
  const alarms = await resources.alarms();
  const loadBalancers = await resources.loadBalancers();
  const native = new Map(await resources.nativeScaling());
  const seen = groups.filter(({ scalingGroup }) => described.has(scalingGroup));
  const unknown = await lookForRivals(cloud, seen, native);
  const hooks = await checkHooks(scaler.ports.hooks, seen);
  const judged = groups.flatMap((group) => {
    const found = described.get(group.scalingGroup);
    const failure = unread.get(group.name);
    if (failure !== undefined) return [problem('groups', `${group.name}: ${failure}`, unreachable)];
    if (!found) return [missing(group)];
    const others = native.get(group.scalingGroup) ?? [];
    if (group.config.kubernetes)
      return [...judgeKubernetes(group, found, others), ...judgeAlarms(group, alarms, undefined)];
    if (group.config.alibaba) return judgeAlibaba(group, found, others);
    if (group.config.tencent) return judgeTencent(group, found, others);
    return [
      ...judgeRegion(group, cloud.region),
      ...drift(group, found),
      ...suspended(group, found),
      ...stuckRollout(group, found),
      ...judgeAlarms(group, alarms, measuredBalancer(found.trafficSources, loadBalancers)?.fullName),
      ...judgeNative(group, others),
    ];
  });
  const ofAlibaba = groups.flatMap((group) => {
    const found = group.config.alibaba && described.get(group.scalingGroup);
    return found ? [{ group, found }] : [];
  });
  return [...judged, ...unknown, ...hooks, ...callsOfMonitor(ofAlibaba)];
}

/** Rules of the providers' own of groups that are not of EC2. @returns those that could not be looked for */
async function lookForRivals(
  { scaler }: FleetInCloud,
  groups: readonly ScalerGroup[],
  native: Map<string, readonly NativeRule[]>,
): Promise<Finding[]> {
  const unread: Finding[] = [];
  for (const { name, scalingGroup, config } of groups) {
    if (!otherKindOf(config)) continue;
    try {
      native.set(scalingGroup, (await scaler.ports.rivals?.nativeScaling(scalingGroup)) ?? []);
    } catch (error) {
      unread.push(unseen('native scaling', `${name}: what else scales it`, error));
    }
  }
  return unread;
}

/** What the provider has given up, in its words: scaling goes on. */
function stuckRollout({ name, config }: ScalerGroup, { failedRollout: failed }: ScalingGroup): Finding[] {
  if (!failed) return [];
  const message = `${name}: its rollout has failed: ${failed.says}`;
  if (failed.rolledBack)
    return [warning('groups', `${message}; ECS goes back to what ran before`, rollOutAgain)];
  const { region, cluster, service } = config.ecs ?? {};
  const back = config.ecs
    ? `, or go back: aws ecs update-service${region === undefined ? '' : ` --region ${region}`} --cluster ${cluster} --service ${service} --task-definition FAMILY:REVISION`
    : '';
  return [problem('groups', message, `Nothing new starts until another rollout. ${rollOutAgain}${back}`)];
}

/** Only groups of EC2 are deployed with the fleet: the others must be there. */
function missing({ name, scalingGroup, config }: ScalerGroup): Finding {
  const { ecs, kubernetes } = config;
  if (ecs)
    return problem(
      'groups',
      `${name}: there is no service ${ecs.service} in cluster ${ecs.cluster}${ecs.region === undefined ? '' : ` of ${ecs.region}`}`,
      noWorkload,
    );
  if (otherKindOf(config))
    return problem('groups', `${name}: there is no ${scalingGroup}`, kubernetes ? noWorkload : noGroup);
  return problem('groups', `there is no scaling group ${scalingGroup}`, 'npx cdk deploy --all');
}

/**
 * What cannot be reached leaves the groups of other places judged, and what may not be looked at those beside it.
 * @returns what was found by scaling group, and why the others could not be read, by the group's own name
 */
async function describeBySource({ scaler }: FleetInCloud, groups: readonly ScalerGroup[]) {
  const described = new Map<string, ScalingGroup>();
  const unread = new Map<string, string>();
  const describe = async (some: readonly ScalerGroup[]): Promise<void> => {
    try {
      const found = await scaler.ports.groups.describe(some.map(({ scalingGroup }) => scalingGroup));
      for (const [name, group] of found) described.set(name, group);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      if (some.length > 1 && some[0]!.isGrantedApart) return describeApart(some, error);
      for (const { name } of some) unread.set(name, error.message);
    }
  };
  // EC2 is asked for all of its groups at once; clusters of ECS are asked each for itself.
  const describeApart = async (some: readonly ScalerGroup[], error: PortError): Promise<void> => {
    const parts = [...Map.groupBy(some, partOf).values()];
    if (parts.length > 1) for (const part of parts) await describe(part);
    else if (some[0]!.config.ecs) for (const one of some) await describe([one]);
    else throw error;
  };
  const bySource = Map.groupBy(groups, ({ source }) => source);
  await Promise.all([...bySource.values()].map(describe));
  return { described, unread };
}

/** What is asked for together. */
function partOf({ config }: ScalerGroup): string | undefined {
  return config.ecs?.cluster;
}

function drift({ name, config }: ScalerGroup, found: ScalingGroup): Finding[] {
  const check = 'drift';
  // Others than groups of EC2 have no sizes of their own: the fleet file's hold.
  if (otherKindOf(config)) return [fine(check, `${name} has what is set, and no sizes of its own`)];
  const findings: Finding[] = [];
  const sizes = { minSize: leastSize(config), maxSize: config.maxSize };
  for (const size of ['minSize', 'maxSize'] as const) {
    if (found[size] !== sizes[size])
      findings.push(
        warning(check, `${name}: ${size} is ${found[size]}, by the fleet file it is ${sizes[size]}`, deploy),
      );
  }
  for (const id of config.instances) {
    const server = found.servers.find((one) => one.id === id);
    if (server && !server.protectedFromScaleIn)
      findings.push(
        warning(check, `${name}: ${id} is not protected`, 'The next sweep does it: rushhour explain.'),
      );
  }
  return findings.length > 0 ? findings : [fine(check, `${name} is as the fleet file says`)];
}

function suspended({ name }: ScalerGroup, { suspended }: ScalingGroup): Finding[] {
  const stopped = suspended.filter((process) => process === 'launching' || process === 'terminating');
  if (stopped.length === 0) return [];
  return [
    problem(
      'groups',
      `${name}: ${stopped.join(' and ')} servers is suspended`,
      'aws autoscaling resume-processes, once the cause is gone',
    ),
  ];
}

/** @param standsAt the load balancer that the group's metrics come from */
function judgeAlarms(
  { name, config, alarms }: ScalerGroup,
  byName: ReadonlyMap<string, MetricAlarm>,
  standsAt: string | undefined,
): Finding[] {
  return alarms.flatMap(([rule, alarm]) => {
    const found = byName.get(alarm);
    if (!found) return [problem('drift', `${name}: there is no alarm ${alarm}`, deploy)];
    const wrong = differences(config.alarms[rule]!, found);
    const elsewhere = watchesElsewhere(found, config.alarms[rule]!, standsAt);
    if (elsewhere) return [problem('drift', `${name}: ${elsewhere}`, moved)];
    return wrong.length > 0
      ? [warning('drift', `${name}: ${alarm} has another ${wrong.join(', ')}`, deploy)]
      : [];
  });
}

/** A target group can be moved to another load balancer; an alarm goes on watching the series of the old one, which nobody writes any more. */
export function watchesElsewhere(
  { AlarmName, Dimensions = [], Metrics = [] }: MetricAlarm,
  { metric }: AlarmRule,
  standsAt: string | undefined,
): string | undefined {
  if (!needsLoadBalancer(metric)) return undefined;
  const dimensions = [
    ...Dimensions,
    ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []),
  ];
  const watched = dimensions.find(({ Name }) => Name === 'LoadBalancer')?.Value;
  if (watched === undefined || watched === standsAt) return undefined;
  const now = standsAt === undefined ? 'at none' : `at ${standsAt}`;
  return `${AlarmName} watches ${watched}, but the target group stands ${now} now`;
}

function differences(rule: AlarmRule, alarm: MetricAlarm): string[] {
  const wanted: readonly (readonly [string, unknown, unknown])[] = [
    ['threshold', rule.threshold, alarm.Threshold],
    ['comparison', rule.comparisonOperator, alarm.ComparisonOperator],
    ['number of evaluation periods', rule.evaluationPeriods, alarm.EvaluationPeriods],
  ];
  return wanted.filter(([, expected, found]) => expected !== found).map(([what]) => what);
}
