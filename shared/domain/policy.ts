import type { Group } from '../fleet/group.ts';
import { metricName } from '../fleet/metric-name.ts';
import { fineResolution, hasDetailedMonitoring, isOfEc2 } from '../fleet/monitoring.ts';
import { isPrometheus } from '../fleet/prometheus.ts';
import type { AlarmRule, Behavior, Metric, StepAdjustment, Target } from '../fleet/rule.ts';
import { hasEvidence, treatedSilence } from '../fleet/silence.ts';
import { metricKey } from './metric-key.ts';
import { lookBackSeconds } from './periods.ts';

/** One series of datapoints that decisions may ask for; its readings are observed under `key`. */
export interface MetricUse {
  readonly key: string;
  readonly metric: Metric;
  /** undefined: the metric's own. */
  readonly statistic: string | undefined;
  readonly periodSeconds: number;
  /** Needed at every look (a target), or only when a decision says that it needs `metrics` (an alarm rule). */
  readonly always: boolean;
}

/** An alarm rule, with everything worked out that does not change from decision to decision. */
export interface CompiledRule {
  readonly name: string;
  readonly metricKey: string;
  /** For messages: `cpu`, `Orders/Queued`. */
  readonly metricName: string;
  /** Falls when servers join. */
  readonly perServer: boolean;
  readonly repeats: boolean;
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missingData: AlarmRule['treatMissingData'];
  /** How a period's value follows from those of its minutes. */
  readonly combines: 'mean' | 'sum' | 'max' | 'min';
  /** Above it a rule that scales out when its metric rises does so: a first step may do nothing, or scale in. */
  readonly outFrom: number;
  readonly above: boolean;
  /** The threshold itself breaches. */
  readonly inclusive: boolean;
  readonly type: AlarmRule['adjustmentType'];
  readonly amount: number | undefined;
  readonly steps: readonly StepAdjustment[] | undefined;
  /** Some of its steps scale out, others in. */
  readonly bothWays: boolean;
  readonly minMagnitude: number;
  readonly cooldownMs: number;
  /** Silence means none: the file says so (`treatMissingData: notBreaching`), or the metric is only published when there is some. */
  readonly silenceIsFine: boolean;
  /** Its silence may be a known zero: where the alarm has no data, the reading says whether it is. */
  readonly hasEvidence: boolean;
}

export interface CompiledTarget {
  readonly name: string;
  readonly metricKey: string;
  readonly periodSeconds: number;
  readonly targetValue: number;
  /** An average per server; otherwise a fleet total that the servers share. */
  readonly perServer: boolean;
  readonly disableScaleIn: boolean;
}

/** A group of the fleet file, prepared once so that a decision is cheap. */
export interface Policy {
  readonly name: string;
  readonly observeOnly: boolean;
  readonly minSize: number;
  readonly maxSize: number;
  readonly initialCapacity: number | undefined;
  /** From the end of a scale-out to the moment when its servers count for target tracking. */
  readonly warmupMs: number;
  /** The same for alarm rules, which look at datapoints of their own: `defaultInstanceWarmup` as it is. */
  readonly ruleWarmupMs: number;
  /** From the start of a scale-out on, servers that never come do not hide those that came. */
  readonly graceMs: number;
  /** From the start of a scale-out to the moment it has failed: grace period + activity timeout. */
  readonly launchDeadlineMs: number;
  /** The same of a scale-in: what draining and deregistration may take + activity timeout. */
  readonly leaveDeadlineMs: number;
  /** Its load balancer is made by the fleet file, which says how long its servers may take to deregister. */
  readonly ownsTrafficSources: boolean;
  readonly scaleOutRules: readonly CompiledRule[];
  readonly scaleInRules: readonly CompiledRule[];
  /** Those of both that act once per episode of their alarm. */
  readonly onceRules: readonly CompiledRule[];
  readonly targets: readonly CompiledTarget[];
  readonly behavior: Behavior;
  readonly follows: { readonly group: string; readonly ratio: number } | undefined;
  /** `tracks`: an objective writes `tracked`; `floor`: a forecast is a floor; undefined: neither. */
  readonly forecast: 'tracks' | 'floor' | undefined;
  /** Servers of the fleet file, to be attached and protected. */
  readonly instances: readonly string[];
  /** Are unhealthy servers replaced? undefined: yes, but not in a group with adopted servers. */
  readonly replaceUnhealthy: boolean | undefined;
  /** Its provider can be told whether to replace unhealthy servers; others leave those that are protected. */
  readonly canLeaveUnhealthy: boolean;
  readonly metrics: readonly MetricUse[];
  /** Loads by which it scales in, and whose fall the CPU of the servers may deny. */
  readonly doubted: readonly Metric[];
  /** How long `behavior` and the flap guard look back at changes of capacity. */
  readonly changesKeptMs: number;
}

/** Target tracking looks at minutes, as HPA looks at its latest samples. */
const targetPeriodSeconds = 60;
/** What basic monitoring measures comes every five minutes; a minute of it is mostly empty. */
const basicPeriodSeconds = 300;

/** Prepares a validated group for `decide`. @param canLeaveUnhealthy see `Policy` */
export function compilePolicy(name: string, group: Group, canLeaveUnhealthy = true): Policy {
  const rules = Object.entries(group.alarms).map(([rule, alarm]) => compileRule(rule, alarm));
  return {
    name,
    observeOnly: group.mode === 'observe',
    minSize: group.minSize,
    maxSize: group.maxSize,
    initialCapacity: group.initialCapacity,
    warmupMs: 1000 * Math.max(group.defaultInstanceWarmup, oldestReadingSeconds(group)),
    ruleWarmupMs: 1000 * group.defaultInstanceWarmup,
    graceMs: group.healthCheckGracePeriod * 1000,
    launchDeadlineMs: (group.healthCheckGracePeriod + group.activityTimeout) * 1000,
    leaveDeadlineMs: (longestLeaveSeconds(group) + group.activityTimeout) * 1000,
    ownsTrafficSources: ownsTrafficSources(group),
    scaleOutRules: rules.filter((rule) => changesOf(rule).some((change) => change > 0)),
    scaleInRules: rules.filter((rule) => changesOf(rule).some((change) => change < 0)),
    onceRules: rules.filter(({ repeats }) => !repeats),
    targets: group.targets.map((target) => compileTarget(target, group)),
    behavior: group.behavior,
    follows: group.follows,
    forecast: group.objective ? 'tracks' : group.forecast ? 'floor' : undefined,
    instances: group.instances,
    replaceUnhealthy: group.replaceUnhealthy,
    canLeaveUnhealthy,
    metrics: metricUses(group),
    doubted: doubtedMetrics(group),
    changesKeptMs: 1000 * longestLookBackSeconds(group),
  };
}

/** First the load balancer lets connections end, then the hook waits for the draining command. */
function longestLeaveSeconds(group: Group): number {
  const { draining, loadBalancer } = group;
  const deregistration = ownsTrafficSources(group) ? (loadBalancer?.deregistrationDelaySeconds ?? 0) : 0;
  return deregistration + (draining?.timeoutSeconds ?? 0);
}

/** Where the fleet file makes the group, it makes what stands before it, unless that is given. */
function ownsTrafficSources({ launch, loadBalancer }: Group): boolean {
  if (launch === undefined) return false;
  return loadBalancer?.targetGroupArns === undefined && !loadBalancer?.given;
}

function compileRule(name: string, rule: AlarmRule): CompiledRule {
  const perServer = isPerServer(rule.metric);
  return {
    name,
    metricKey: metricKey(rule.metric, rule.statistic, rule.period),
    metricName: metricName(rule.metric),
    perServer,
    repeats: rule.repeat ?? perServer,
    threshold: rule.threshold,
    periodSeconds: rule.period,
    evaluationPeriods: rule.evaluationPeriods,
    datapointsToAlarm: rule.datapointsToAlarm ?? rule.evaluationPeriods,
    missingData: treatedSilence(rule),
    combines: combinesOf(rule),
    outFrom: scaleOutFrom(rule),
    above: rule.comparisonOperator.startsWith('Greater'),
    inclusive: rule.comparisonOperator.includes('OrEqual'),
    type: rule.adjustmentType,
    amount: rule.scalingAdjustment,
    steps: rule.stepAdjustments,
    bothWays: scalesBothWays(rule),
    minMagnitude: rule.minAdjustmentMagnitude ?? 0,
    cooldownMs: rule.cooldown * 1000,
    silenceIsFine: treatedSilence(rule) === 'notBreaching',
    hasEvidence: hasEvidence(rule.metric),
  };
}

/** Counts and bytes are read per second, and a second's mean of a period is the mean of its minutes'. */
function combinesOf({ metric, statistic }: AlarmRule): CompiledRule['combines'] {
  const used =
    statistic ?? (typeof metric === 'object' && !isPrometheus(metric) ? metric.statistic : undefined);
  if (used === 'Maximum' || (metric === 'disk' && used === undefined)) return 'max';
  if (used === 'Minimum') return 'min';
  const isRate = typeof metric === 'string' && /^(requests|network)/.test(metric);
  return !isRate && (used === 'Sum' || used === 'SampleCount') ? 'sum' : 'mean';
}

/**
 * In which directions a rule scales: one with steps may know both. A rule that sets an exact capacity scales in the direction
 * its metric points to.
 */
function changesOf({ type, above, amount, steps = [] }: CompiledRule): readonly number[] {
  if (type === 'ExactCapacity') return [above ? 1 : -1];
  return amount === undefined ? steps.map(({ scalingAdjustment }) => scalingAdjustment) : [amount];
}

function scalesBothWays({ stepAdjustments = [], adjustmentType }: AlarmRule): boolean {
  const signs = new Set(stepAdjustments.map(({ scalingAdjustment }) => Math.sign(scalingAdjustment)));
  return adjustmentType !== 'ExactCapacity' && signs.has(1) && signs.has(-1);
}

/** The threshold from which on a rule scales out: not every step of it need do that. */
function scaleOutFrom({ threshold, stepAdjustments, adjustmentType }: AlarmRule): number {
  if (stepAdjustments === undefined || adjustmentType === 'ExactCapacity') return threshold;
  const out = stepAdjustments.filter(({ scalingAdjustment }) => scalingAdjustment > 0);
  const bounds = out.map((step) => step.metricIntervalLowerBound ?? Number.NEGATIVE_INFINITY);
  return threshold + Math.max(0, Math.min(...bounds));
}

function compileTarget(target: Target, group: Group): CompiledTarget {
  const periodSeconds = targetPeriod(target, group);
  return {
    name: metricName(target.metric),
    metricKey: metricKey(target.metric, undefined, periodSeconds),
    periodSeconds,
    targetValue: target.targetValue,
    perServer: isPerServer(target.metric),
    disableScaleIn: target.disableScaleIn,
  };
}

function targetPeriod({ metric }: Target, group: Group): number {
  const fine = fineResolution(metric, group);
  if (fine !== undefined) return fine;
  return isOfEc2(metric) && !hasDetailedMonitoring(group) ? basicPeriodSeconds : targetPeriodSeconds;
}

/** The newest complete datapoint may be so old that it knows nothing of a server that has just come. */
function oldestReadingSeconds(group: Group): number {
  return 2 * Math.max(targetPeriodSeconds, ...group.targets.map((target) => targetPeriod(target, group)));
}

/** As far back as the newest datapoint may begin that a metric has. */
function longestLookBackSeconds(group: Group): number {
  const { alarms, behavior, targets } = group;
  const policies = [...behavior.scaleUp.policies, ...behavior.scaleDown.policies];
  return Math.max(
    lookBackSeconds(targetPeriodSeconds),
    ...targets.map((target) => lookBackSeconds(targetPeriod(target, group))),
    ...policies.map(({ periodSeconds }) => periodSeconds),
    ...Object.values(alarms).map(({ period }) => lookBackSeconds(period)),
  );
}

function metricUses(group: Group): MetricUse[] {
  const uses = new Map<string, MetricUse>();
  for (const target of group.targets) {
    const { metric } = target;
    const periodSeconds = targetPeriod(target, group);
    const key = metricKey(metric, undefined, periodSeconds);
    uses.set(key, { key, metric, statistic: undefined, periodSeconds, always: true });
  }
  for (const { metric, statistic, period } of Object.values(group.alarms)) {
    const key = metricKey(metric, statistic, period);
    if (!uses.has(key)) uses.set(key, { key, metric, statistic, periodSeconds: period, always: false });
  }
  return [...uses.values()];
}

/** What comes from outside of the servers. Their own gauges need no checker, and a response time is no load. */
function doubtedMetrics({ targets, alarms, objective }: Group): Metric[] {
  const loads: readonly (Metric | undefined)[] = [
    ...targets.filter(({ disableScaleIn }) => !disableScaleIn).map(({ metric }) => metric),
    ...Object.values(alarms)
      .filter(({ comparisonOperator }) => comparisonOperator.startsWith('Less'))
      .map(({ metric }) => metric),
    objective?.metric,
  ];
  const isLoad = (metric: Metric) =>
    typeof metric === 'object' || metric === 'requestsPerSecond' || metric === 'requestsPerTarget';
  const byName = new Map<string, Metric>();
  for (const metric of loads) if (metric && isLoad(metric)) byName.set(JSON.stringify(metric), metric);
  return [...byName.values()];
}

/** Does it fall when servers join? Otherwise it is a fleet total. */
export function isPerServer(metric: Metric): boolean {
  return typeof metric === 'string' ? metric !== 'requestsPerSecond' : metric.perServer;
}
