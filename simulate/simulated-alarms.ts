import type { AlarmState, AlarmValue, Instant } from '../shared/domain/observation.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { alarmName } from '../shared/fleet/names.ts';
import type { AlarmRule } from '../shared/fleet/rule.ts';
import type { Alarms } from '../shared/ports/alarms.ts';
import { type GroupPast, visibilityDelayMinutes } from './group-past.ts';
import { type Measure, measureOf } from './measure.ts';

interface Watched {
  readonly name: string;
  readonly past: GroupPast;
  readonly rule: AlarmRule;
  readonly measure: Measure | undefined;
  readonly periodMinutes: number;
  /** Evaluated, and breaching, until it is in ALARM. */
  readonly periods: number;
  readonly needed: number;
  readonly delayMinutes: number;
  readonly breaches: (value: number) => boolean;
}

/** CloudWatch's alarms on what the groups have been through, evaluated every minute on windows that slide by a minute. */
export class SimulatedAlarms implements Alarms {
  readonly #watched: readonly Watched[];
  readonly #states = new Map<string, AlarmState>();

  constructor(fleet: Fleet, pasts: ReadonlyMap<string, GroupPast>, start: Instant) {
    this.#watched = [...pasts].flatMap(([group, past]) =>
      Object.entries(fleet.groups[group]!.alarms).map(([ruleName, rule]) => {
        const name = alarmName(fleet, group, ruleName);
        this.#states.set(name, { value: 'INSUFFICIENT_DATA', since: start });
        return watch(name, rule, past);
      }),
    );
  }

  async describe(): Promise<ReadonlyMap<string, AlarmState>> {
    return this.#states;
  }

  evaluate(now: Instant): void {
    for (const alarm of this.#watched) {
      const value = judge(alarm);
      if (value !== undefined && value !== this.#states.get(alarm.name)!.value) {
        this.#states.set(alarm.name, { value, since: now });
      }
    }
  }
}

function watch(name: string, rule: AlarmRule, past: GroupPast): Watched {
  const compare = comparisons[rule.comparisonOperator];
  // What is finer than a minute is not in a trace of minutes: the periods that fall into one are judged as one.
  const perMinute = Math.max(1, 60 / rule.period);
  return {
    name,
    past,
    rule,
    measure: measureOf(rule.metric, rule.statistic),
    periodMinutes: Math.max(1, rule.period / 60),
    periods: Math.ceil(rule.evaluationPeriods / perMinute),
    needed: Math.ceil((rule.datapointsToAlarm ?? rule.evaluationPeriods) / perMinute),
    // Metrics of a higher resolution are pushed as they are taken.
    delayMinutes: rule.period < 60 ? 0 : visibilityDelayMinutes,
    breaches: (value) => compare(value, rule.threshold),
  };
}

const comparisons: Record<AlarmRule['comparisonOperator'], (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** How many periods beyond the evaluated ones CloudWatch reads, for data that arrive late. */
const extraPeriods = 2;

/**
 * The state that the newest periods put an alarm into; undefined keeps the one it has.
 * Source: "How alarm state is evaluated when data is missing", Amazon CloudWatch user guide.
 */
function judge(alarm: Watched): AlarmValue | undefined {
  const { past, rule, measure, periodMinutes, periods, needed, delayMinutes, breaches } = alarm;
  const end = past.minutes - delayMinutes;
  let known = 0;
  let breaching = 0;
  for (let period = 0; period < periods + extraPeriods && known < periods; period++) {
    const to = end - period * periodMinutes;
    const value = measure?.(past.published, to - periodMinutes, to);
    if (value === undefined) continue;
    known++;
    if (breaches(value)) breaching++;
  }
  const missing = periods - known;
  if (rule.treatMissingData === 'breaching') return breaching + missing >= needed ? 'ALARM' : 'OK';
  if (missing === 0 || breaching >= needed) return breaching >= needed ? 'ALARM' : 'OK';
  if (rule.treatMissingData === 'notBreaching' || breaching < known) return 'OK';
  return rule.treatMissingData === 'ignore' ? undefined : 'INSUFFICIENT_DATA';
}
