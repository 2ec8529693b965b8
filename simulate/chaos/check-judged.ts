import type { AlarmValue, Instant } from '../../shared/domain/observation.ts';
import type { GroupState } from '../../shared/engine/group-state.ts';
import type { AlarmRule } from '../../shared/fleet/rule.ts';
import { minuteMs } from '../../shared/units.ts';
import type { Checker } from './checker.ts';
import { alarmFrom, periodsOf } from './m-of-n.ts';
import { isJudged } from './note-datapoints.ts';
import { ownQuery } from './own-metrics.ts';
import type { Write } from './write.ts';

const skewMs = 5_000;

/** What the datapoints that were read make of a rule's alarm: one verdict for each time that they were read. */
function verdicts({ group, by, before }: Write, rule: string): (AlarmValue | 'unread')[] {
  const known = before?.alarms?.[rule]?.value ?? 'INSUFFICIENT_DATA';
  const read = by.told.datapoints.get(`${group.name} ${rule}`) ?? [];
  return read.map(({ values }) =>
    values ? (alarmFrom(group.config.alarms[rule]!, values) ?? known) : 'unread',
  );
}

/** What a scale-in may take a rule's alarm for, if the datapoints say so. */
export function judgedValues(write: Write, rule: string): AlarmValue[] {
  return verdicts(write, rule).map((verdict) => (verdict === 'unread' ? 'INSUFFICIENT_DATA' : verdict));
}

/** The ledger's alarms are what the datapoints say: red since they said so, and as they were where nothing could be read. */
export function checkJudged(checker: Checker, write: Write): void {
  const { group, before, after, by } = write;
  // Another group in its place is met for the first time.
  if (before?.missing && !after.missing) return;
  for (const rule of Object.keys(group.config.alarms)) {
    if (!isJudged(group, rule)) continue;
    const was = before?.alarms?.[rule];
    const is = after.alarms?.[rule];
    if (is?.value === was?.value && is?.since === was?.since) continue;
    checkNew(checker, write, rule);
    const said = verdicts(write, rule);
    const told = `${group.name}: ${rule} becomes ${is?.value} since ${is?.since}, was ${was?.value} since ${was?.since}`;
    if (!is || !said.includes(is.value)) checker.violate(5, `${told}, and the datapoints say ${said}`);
    else if (is.value === was?.value) checker.violate(5, `${told}: its episode begins anew`);
    else if (is.since < by.startedAt - skewMs || is.since > checker.world.now + skewMs)
      checker.violate(5, `${told}, and it was judged just now`);
  }
}

/** The newest datapoints are those of now: one that is not settled yet is waited for, and no older ones are taken in its place. */
function checkNew(checker: Checker, { group, by }: Write, rule: string): void {
  const { period } = group.config.alarms[rule]!;
  for (const { to } of by.told.datapoints.get(`${group.name} ${rule}`) ?? [])
    if (to < by.startedAt - period * 1000 - 3 * minuteMs)
      checker.violate(
        5,
        `${group.name}: ${rule} is judged by datapoints until ${new Date(to).toISOString()}`,
      );
}

/** Since when a rule that acts is red, as its ledger has it. */
export function judgedSince({ after }: Write, rule: string): Instant | undefined {
  const alarm = after.alarms?.[rule];
  return alarm?.value === 'ALARM' ? alarm.since : undefined;
}

/**
 * At rest the ledger knows each rule's alarm as what was published has made of it. The last sweep was within this minute, and has
 * seen what was complete a minute before; where the minute before that one says otherwise, it may have been seen instead.
 */
export function checkJudgedAtRest(checker: Checker, { group, decision, observation }: GroupState): void {
  const { desired = 0 } = observation.group ?? {};
  const alarms = checker.ledgerOf(group.name)?.alarms;
  for (const [rule, config] of Object.entries(group.config.alarms)) {
    if (!isJudged(group, rule)) continue;
    const now = Math.floor(checker.world.now / minuteMs) * minuteMs;
    const query = ownQuery(group.scalingGroup, { ...config, periodSeconds: config.period });
    const said = [1, 2].map((ago) => {
      const to = now - ago * minuteMs;
      const from = to - periodsOf(config) * config.period * 1000;
      return alarmFrom(config, [...checker.world.ports.metrics.periods(query, from, to)]);
    });
    const [first] = said;
    const known = alarms?.[rule]?.value;
    if (first !== undefined && said.every((one) => one === first) && known !== first)
      checker.violate(5, `${group.name}: ${rule} is known as ${known}, and its datapoints say ${first}`);
    const isSilent = decision.reason === 'AtGoal' && decision.blockers.length === 0;
    if (known === 'ALARM' && isSilent && asksForMore(config, desired) && group.config.mode !== 'observe')
      checker.violate(3, `${group.name}: ${rule} is red, and nothing is done or said about it`);
  }
}

/** A rule that sets a number asks for nothing where there are as many. */
function asksForMore({ adjustmentType, scalingAdjustment = 0 }: AlarmRule, desired: number): boolean {
  return scalingAdjustment > (adjustmentType === 'ExactCapacity' ? desired : 0);
}
