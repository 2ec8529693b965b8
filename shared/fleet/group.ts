import { z } from 'zod';
import { acrossFields, type Complain, type Draft } from './across-fields.ts';
import { alibabaGroup } from './alibaba-group.ts';
import { draining } from './draining.ts';
import { ecsService } from './ecs-service.ts';
import { kubernetesWorkload } from './kubernetes-workload.ts';
import { launch } from './launch.ts';
import { loadBalancer } from './load-balancer.ts';
import { named } from './named.ts';
import { otherKinds } from './other-kinds.ts';
import {
  type AlarmRule,
  alarmRule,
  behavior,
  follows,
  forecast,
  type Metric,
  objective,
  target,
} from './rule.ts';
import { duration, instanceId, positive, scalingGroup, size, wholeNumber } from './scalars.ts';
import { groupSimulation } from './simulation.ts';
import { tencentGroup } from './tencent-group.ts';
import { type ScheduleWindow, scheduleWindow } from './window.ts';

const terminationPolicy = z.enum([
  'Default',
  'AllocationStrategy',
  'OldestLaunchTemplate',
  'OldestInstance',
  'NewestInstance',
  'ClosestToNextInstanceHour',
]);

/** One scaling group and everything that may change its capacity. */
export const group = acrossFields(
  z.strictObject({
    existing: scalingGroup
      .optional()
      .describe('A group that is there already, taken by its name; otherwise launch makes one.'),
    ecs: ecsService.optional().describe('Or a service of Amazon ECS that exists: its tasks are the servers.'),
    kubernetes: kubernetesWorkload
      .optional()
      .describe('Or a workload of Kubernetes that exists: its pods are the servers.'),
    alibaba: alibabaGroup.optional().describe('Or a scaling group of Alibaba Cloud that exists.'),
    tencent: tencentGroup.optional().describe('Or a scaling group of Tencent Cloud that exists.'),
    launch: launch.optional().describe('What a new server is made of.'),
    detailedMonitoring: z
      .boolean()
      .optional()
      .describe(
        'Of an existing group: do its servers publish every minute? false: basic monitoring, every five. Default: true.',
      ),
    minSize: size.describe('Never fewer servers.'),
    maxSize: size.describe('Never more servers.'),
    initialCapacity: size.optional().describe('Applied by the scaler, once, when it first meets the group.'),
    mode: z
      .enum(['active', 'observe'])
      .default('active')
      .describe('observe: decides and records, and touches nothing.'),
    loadBalancer: loadBalancer.optional().describe('What stands before the servers.'),
    healthCheckType: z
      .enum(['EC2', 'ELB'])
      .optional()
      .describe('Default: ELB behind a load balancer, EC2 otherwise and with adopted servers.'),
    healthCheckGracePeriod: wholeNumber(0, 7200, ' of seconds')
      .default(300)
      .describe('So long a new server is not judged.'),
    defaultInstanceWarmup: wholeNumber(0, 3600, ' of seconds')
      .default(120)
      .describe('So long its metrics do not count.'),
    terminationPolicies: z
      .array(terminationPolicy)
      .default(['Default'])
      .describe('Which server leaves first, as AWS has it.'),
    capacityRebalance: z
      .boolean()
      .default(false)
      .describe('Replace Spot servers before they are interrupted.'),
    instances: z
      .array(instanceId)
      .default([])
      .describe('Servers that exist: attached, and protected from scale-in.'),
    replaceUnhealthy: z
      .boolean()
      .optional()
      .describe('Replace an unhealthy server? Default: yes, but not in a group with adopted servers.'),
    draining: draining.optional().describe('A command on the leaving server, before it is terminated.'),
    schedules: named(scheduleWindow).default({}).describe('Windows of time, by a name of yours.'),
    alarms: named(alarmRule)
      .default({})
      .describe('CloudWatch alarms and what they change, by a name of yours.'),
    targets: z.array(target).default([]).describe('Target tracking: the one that wants most wins.'),
    behavior: behavior
      .prefault({})
      .describe("How fast capacity follows, as Kubernetes' HorizontalPodAutoscaler has it."),
    follows: follows
      .optional()
      .describe('In proportion to another group: out before its rise is over, in only after its fall.'),
    objective: objective
      .optional()
      .describe('The cheapest fleet that leaves at most a share of the load unserved.'),
    forecast: forecast
      .optional()
      .describe('The same forecast as a floor alone: it never scales in by itself.'),
    activityTimeout: duration
      .prefault(900)
      .describe(
        'How long after the grace period a launch that is not ready has failed, and how long after deregistration and draining a scale-in has.',
      ),
    pricePerServerHour: positive
      .default(0.1)
      .describe('For simulate and tune, in the currency that you like.'),
    simulation: groupSimulation
      .prefault({})
      .describe('The servers and the load that rushhour start plays; nothing in AWS reads it.'),
  }),
  (value, complain) => {
    sizeRules(value, complain);
    windowRules(value.schedules ?? {}, complain);
    policyRules(value, complain);
    kindRules(value, complain);
    if ('launch' in value && 'detailedMonitoring' in value)
      complain('detailedMonitoring', 'expected it in launch: here it tells of an existing group');
    if (value.healthCheckType === 'ELB' && !('loadBalancer' in value))
      complain('healthCheckType', 'expected EC2: the group has no load balancer');
  },
);

export type Group = z.output<typeof group>;

function kindRules(value: Draft<Group>, complain: Complain): void {
  const every = ['launch', 'existing', ...otherKinds] as const;
  const kinds = every.filter((kind) => kind in value);
  if (kinds.length === 1) return;
  const path = kinds.length === 0 || kinds.includes('launch') ? 'launch' : kinds.at(-1)!;
  complain(path, `expected exactly one of ${every.slice(0, -1).join(', ')} and ${every.at(-1)}`);
}

/** Largest sizes are taken from what is known: a size that is wrong in itself bounds nothing. */
function sizeRules(value: Draft<Group>, complain: Complain): void {
  const { minSize = 0, maxSize = Number.POSITIVE_INFINITY, initialCapacity, instances = [] } = value;
  if (minSize > maxSize) complain('minSize', `expected at most maxSize (${maxSize})`);
  if (initialCapacity !== undefined && (initialCapacity < minSize || initialCapacity > maxSize))
    complain('initialCapacity', `expected between minSize (${minSize}) and maxSize (${maxSize})`);
  if (instances.length > maxSize) complain('instances', `expected at most maxSize (${maxSize}) servers`);
  for (const [index, id] of instances.entries()) {
    if (id !== undefined && instances.indexOf(id) < index)
      complain(['instances', index], 'expected every server once');
  }
  for (const [name, window] of Object.entries(value.schedules ?? {})) {
    if ((window?.minSize ?? 0) > maxSize)
      complain(['schedules', name, 'minSize'], `expected at most maxSize (${maxSize})`);
    const lowered = window?.lowerMinSizeTo;
    if (lowered !== undefined && lowered >= minSize)
      complain(['schedules', name, 'lowerMinSizeTo'], `expected below minSize (${minSize})`);
    if (window?.maxSize !== undefined && window.maxSize < minSize && lowered === undefined)
      complain(
        ['schedules', name, 'maxSize'],
        `expected at least minSize (${minSize}), or lowerMinSizeTo beside it`,
      );
  }
  if (value.minSize === 0 && value.maxSize !== 0 && !canWakeFromZero(value)) {
    complain(
      'minSize',
      'expected at least 1, or a schedule, a leader, or an alarm, a target or an objective on a fleet total (a metric of your own is one with perServer: false): a group with no servers has no CPU metric to wake it',
    );
  }
}

/** The narrowest maximum wins: a floor above it at the very same times is never obeyed. Where they only overlap, it may be meant. */
function windowRules(schedules: NonNullable<Draft<Group>['schedules']>, complain: Complain): void {
  const windows = Object.entries(schedules).flatMap(([name, window]) => {
    if (!window) return [];
    const times = timesOf(window);
    return times === undefined ? [] : [{ name, window, times }];
  });
  for (const atOnce of Map.groupBy(windows, ({ times }) => times).values()) {
    for (const { name, window } of atOnce) {
      const ceiling = atOnce.find(
        (other) => (window.minSize ?? 0) > (other.window.maxSize ?? Number.POSITIVE_INFINITY),
      );
      if (ceiling && ceiling.name !== name)
        complain(
          ['schedules', name, 'minSize'],
          `expected at most maxSize (${ceiling.window.maxSize}) of ${ceiling.name}, which is open at the same times`,
        );
    }
  }
}

/** The same for windows that are open at the same times; undefined: not known. */
function timesOf({
  start,
  end,
  duration,
  timeZone,
  only,
  except,
}: Draft<ScheduleWindow>): string | undefined {
  if (start === undefined || (end ?? duration) === undefined) return undefined;
  return JSON.stringify([start, end, duration, timeZone, only, except]);
}

/** Of two targets for one metric, the higher one never decides anything. */
function targetRules(targets: NonNullable<Draft<Group>['targets']>, complain: Complain): void {
  const tracked = targets.map((target) => JSON.stringify(target?.metric));
  for (const [index, metric] of tracked.entries()) {
    const first = tracked.indexOf(metric);
    if (metric !== undefined && first < index)
      complain(['targets', index, 'metric'], `expected another metric than that of targets.${first}`);
  }
}

function policyRules(value: Draft<Group>, complain: Complain): void {
  if ('objective' in value && (value.targets ?? []).length > 0)
    complain('objective', 'expected no targets beside an objective: both set what is tracked');
  if ('objective' in value && 'forecast' in value)
    complain('forecast', 'expected no forecast beside an objective: it has its own');
  thresholdRules(value.alarms ?? {}, complain);
  targetRules(value.targets ?? [], complain);
}

/** A rule that scales in begins where one that scales out has ended: between their thresholds neither may be in ALARM. */
function thresholdRules(alarms: NonNullable<Draft<Group>['alarms']>, complain: Complain): void {
  const rules = Object.entries(alarms).flatMap(([name, rule]) => (rule ? [{ name, rule }] : []));
  for (const { name, rule: low } of rules) {
    if (!low.comparisonOperator?.startsWith('Less')) continue;
    const against = rules.find(({ rule: high }) => overlap(low, high));
    if (against)
      complain(
        ['alarms', name, 'threshold'],
        `expected below that of ${against.name} (${against.rule.threshold}): both would be in ALARM at once`,
      );
  }
}

function overlap(low: Draft<AlarmRule>, high: Draft<AlarmRule>): boolean {
  const measured = ({ metric, statistic }: Draft<AlarmRule>) => JSON.stringify([metric, statistic]);
  if (!high.comparisonOperator?.startsWith('Greater') || measured(low) !== measured(high)) return false;
  const { threshold: upTo } = low;
  const { threshold: from } = high;
  if (upTo === undefined || from === undefined) return false;
  const touch = low.comparisonOperator?.includes('OrEqual') && high.comparisonOperator.includes('OrEqual');
  return upTo > from || (upTo === from && touch === true);
}

/** Servers that stay, a window, a leader, or a metric that exists without servers; whether they do wake it, `warnings` judges. */
function canWakeFromZero(value: Draft<Group>): boolean {
  const { instances = [], schedules = {}, targets = [], objective, forecast } = value;
  const exists = (metric: unknown) => metric === 'requestsPerSecond' || typeof metric === 'object';
  return (
    instances.length > 0 ||
    Object.keys(schedules).length > 0 ||
    'follows' in value ||
    Object.values(value.alarms ?? {}).some((rule) => exists(rule?.metric)) ||
    [...targets, objective, forecast].some((rule) => rule !== undefined && isTotal(rule.metric))
  );
}

function isTotal(metric: Draft<Metric> | undefined): boolean {
  return typeof metric === 'object' ? metric.perServer === false : metric === 'requestsPerSecond';
}
