import type { OpenActivity } from '../../shared/domain/ledger.ts';
import type { AlarmValue, Instant } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { hasEvidence } from '../../shared/fleet/silence.ts';
import { type AlarmNews, openedNews } from './alarm-news.ts';
import { judgedSince, judgedValues } from './check-judged.ts';
import type { Checker } from './checker.ts';
import { isJudged } from './note-datapoints.ts';
import { titleOf } from './title-of.ts';
import type { Write } from './write.ts';

/** Fresh news is believed for a minute, and takes its time to get there. */
const believedMs = 80_000;
const skewMs = 5_000;

/** A rule acts while its alarm is red, after its cooldown, and once per episode unless it repeats. */
export function checkAlarm(checker: Checker, write: Write, activity: OpenActivity): void {
  const { group, by, before } = write;
  const { rule, startedAt, from, to } = activity;
  const message = titleOf(activity);
  const past = checker.pastOf(group.name);
  const config = group.config.alarms[rule!]!;
  const doneAt = past.completed.get(rule!) ?? Number.NEGATIVE_INFINITY;
  // A rule with steps may climb at any time, less what is under way (invariant 5): `checkSteps` sees by how much.
  const climbs = config.stepAdjustments !== undefined && to > from;
  if (startedAt < doneAt + config.cooldown * 1000 && !climbs)
    checker.violate(5, `${message}: inside its cooldown`);
  const ownIsOpen = before?.open.some((other) => other.rule === rule && other.endedAt === undefined);
  if (ownIsOpen && !climbs) checker.violate(5, `${message}: its last activity has not ended`);
  checkSteps(checker, write, activity);
  const episode = isJudged(group, rule!)
    ? judgedSince(write, rule!)
    : redSince(checker, group, rule!, by.startedAt - believedMs, startedAt + skewMs);
  if (episode === undefined) {
    checker.violate(5, `${message}: its alarm was not in ALARM`);
    return;
  }
  const repeats = config.repeat ?? config.metric !== 'requestsPerSecond';
  if (!repeats && !climbs && past.answered.get(rule!) === episode)
    checker.violate(2, `${message}: a second time in one episode`);
  past.answered.set(rule!, episode);
}

/** No step is taken twice: it counts from what carries the load, without what is coming or warming up. */
function checkSteps(checker: Checker, write: Write, activity: OpenActivity): void {
  const { rule, startedAt, from, to } = activity;
  const message = titleOf(activity);
  const { group, by } = write;
  const config = group.config.alarms[rule!]!;
  const before = carrying(checker, write, startedAt, from);
  if (to < from) {
    if (warming(checker, write, startedAt) > 0)
      checker.violate(5, `${message}: servers of a scale-out are warming up`);
    return;
  }
  const reading = by.told.readings.get(`${group.name} ${keyOf(group, rule!)}`);
  const change = config.stepAdjustments
    ? reading?.known && stepAt(config.stepAdjustments, reading.value - config.threshold)
    : config.scalingAdjustment;
  if (typeof change !== 'number') checker.violate(5, `${message}: no step of it is known to fit`);
  else if (to > adjust(config, before, change))
    checker.violate(5, `${message}: a step of ${change} from ${before}, which is under way already`);
}

/** A rule with steps in both directions may be red because there is too much. */
function asksForLess(group: ScalerGroup, by: Write['by'], rule: string): boolean {
  const { stepAdjustments, threshold } = group.config.alarms[rule]!;
  const reading = by.told.readings.get(`${group.name} ${keyOf(group, rule)}`);
  return (
    stepAdjustments !== undefined &&
    reading?.known === true &&
    (stepAt(stepAdjustments, reading.value - threshold) ?? 0) < 0
  );
}

/** An alarm of a count has no data where nothing was counted: that this was zero is what the reading has to have said. */
function isProvenQuiet(group: ScalerGroup, by: Write['by'], rule: string): boolean {
  const { metric, comparisonOperator, threshold } = group.config.alarms[rule]!;
  const reading = by.told.readings.get(`${group.name} ${keyOf(group, rule)}`);
  if (!hasEvidence(metric) || reading?.known !== true) return false;
  const { value } = reading;
  if (comparisonOperator.startsWith('LessThan')) return value > threshold;
  return comparisonOperator === 'GreaterThanThreshold' ? value <= threshold : value < threshold;
}

/** What serves and is warm. */
function carrying(checker: Checker, write: Write, at: Instant, desired: number): number {
  const coming = write.before?.open.find(({ from, to, endedAt }) => to > from && endedAt === undefined);
  return Math.max(0, Math.min(desired, coming?.from ?? desired) - warming(checker, write, at));
}

/** At the least: a server that has left since may have been one of them. */
function warming(checker: Checker, { group }: Write, at: Instant): number {
  const { came, fellAt } = checker.pastOf(group.name);
  const warmupMs = group.config.defaultInstanceWarmup * 1000;
  const after = fellAt + coming(group);
  // A clock that is ahead has found them warm a little earlier.
  const warm = came.filter(([endedAt]) => at < endedAt + warmupMs - skewMs && endedAt > after);
  return warm.reduce((sum, [, servers]) => sum + servers, 0);
}

/** How long a scale-out is under way at the most, before its servers warm up. */
function coming({ config }: ScalerGroup): number {
  return skewMs + (config.healthCheckGracePeriod + config.activityTimeout) * 1000;
}

function keyOf({ policy }: ScalerGroup, rule: string): string {
  return [...policy.scaleOutRules, ...policy.scaleInRules].find(({ name }) => name === rule)!.metricKey;
}

/** Above a threshold a step holds its lower bound, and not its upper one. */
function stepAt(
  steps: NonNullable<ScalerGroup['config']['alarms'][string]['stepAdjustments']>,
  distance: number,
): number | undefined {
  return steps.find(
    ({ metricIntervalLowerBound = -Infinity, metricIntervalUpperBound = Infinity }) =>
      distance >= metricIntervalLowerBound && distance < metricIntervalUpperBound,
  )?.scalingAdjustment;
}

function adjust(config: ScalerGroup['config']['alarms'][string], capacity: number, change: number): number {
  if (config.adjustmentType === 'ExactCapacity') return change;
  if (config.adjustmentType === 'ChangeInCapacity') return capacity + change;
  const servers = (capacity * change) / 100;
  return capacity + Math.max(servers < 1 ? 1 : Math.floor(servers), config.minAdjustmentMagnitude ?? 0);
}

/** What an invocation knows of an alarm: fresh news that has called it may be newer than what it was told since, if that was late. */
function knownOf(
  { functionName, payload, startedAt, told }: Write['by'],
  alarm: string,
): AlarmValue | undefined {
  const described = told.alarms.get(alarm);
  if (functionName !== 'on-alarm') return described?.value;
  const news = openedNews(payload as AlarmNews);
  const isNewer = news.alarm === alarm && news.since > (described?.since ?? Number.NEGATIVE_INFINITY);
  return isNewer && startedAt < news.since + believedMs ? news.value : described?.value;
}

/** When the newest episode in ALARM began that touches `[from, to]`. */
function redSince(
  checker: Checker,
  group: ScalerGroup,
  rule: string,
  from: Instant,
  to: Instant,
): Instant | undefined {
  const alarm = group.alarms.find(([name]) => name === rule)![1];
  const transitions = checker.world.measurements.transitions.get(alarm) ?? [];
  const touching = transitions.filter(
    ({ value, since }, index) =>
      value === 'ALARM' && since <= to && (transitions[index + 1]?.since ?? to) >= from,
  );
  return touching.at(-1)?.since;
}

/** Nothing that is missing, empty or failed scales in. */
export function checkData(checker: Checker, write: Write, activity: OpenActivity): void {
  const { group, by } = write;
  const { reason, rule } = activity;
  const message = titleOf(activity);
  const { scaleOutRules, scaleInRules, targets } = group.policy;
  for (const { name, silenceIsFine } of scaleOutRules) {
    const values = isJudged(group, name)
      ? judgedValues(write, name)
      : [knownOf(by, group.alarms.find(([one]) => one === name)![1])];
    const allows = (value: AlarmValue | undefined) =>
      value === 'OK' ||
      (value === 'ALARM' && asksForLess(group, by, name)) ||
      (value === 'INSUFFICIENT_DATA' && isProvenQuiet(group, by, name)) ||
      (silenceIsFine && value !== 'ALARM');
    if (!values.some(allows))
      checker.violate(5, `${message}: scales in though ${name} is ${values[0] ?? 'not there'}`);
  }
  const keys =
    reason === 'AlarmScaleIn'
      ? scaleInRules.filter(({ name }) => name === rule).map(({ metricKey }) => metricKey)
      : targets.map(({ metricKey }) => metricKey);
  for (const key of keys) {
    if (!by.told.readings.get(`${group.name} ${key}`)?.known)
      checker.violate(5, `${message}: scales in though ${key} is unknown`);
  }
}
