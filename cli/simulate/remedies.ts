import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Group } from '../../shared/fleet/group.ts';
import { minuteMs, minutesPerDay } from '../../shared/units.ts';
import { backtest, type GroupRun } from '../../simulate/backtest.ts';
import type { Shortage } from '../../simulate/shortages.ts';
import type { LoadHistory } from './load-source.ts';

/** A forecast has learnt in two weeks what it can learn; a shortage is over within a day. */
const before = 14 * minutesPerDay;
const after = minutesPerDay;

/** How a shortage would have gone. */
export interface Remedy {
  readonly name: string;
  /** Of the demand during the shortage. */
  readonly unserved: number;
  /** Within the shortage, minutes with unserved demand. */
  readonly minutesShort: number;
  /** From the day before the shortage to the day after it. */
  readonly serverHours: number;
}

interface Alternative {
  readonly name: string;
  readonly change: (group: Group) => Partial<Group>;
}

const asItIs: Alternative = { name: 'as the fleet file has it', change: () => ({}) };
const alternatives: readonly Alternative[] = [
  { name: 'its alarms on ten-second metrics', change: withTenSeconds },
  {
    name: 'target tracking: cpu at 50 %',
    change: () => ({ ...none, targets: [{ metric: 'cpu', targetValue: 50, disableScaleIn: false }] }),
  },
  {
    name: 'objective: unserved 0.1 %',
    change: () => ({
      ...none,
      objective: { unserved: 0.001, metric: 'cpu', targetValue: 80, holidays: [], workdays: [] },
    }),
  },
];

const none = { alarms: {}, targets: [], objective: undefined, forecast: undefined };

/**
 * The fleet file's own policy, and what else might have helped. Where maxSize is less than was needed it is raised to what was needed, or
 * nothing would help.
 */
function policiesFor({ maxSize, alarms }: Group, { needed }: Shortage): Alternative[] {
  const others = alternatives.filter(
    ({ change }) => change !== withTenSeconds || Object.keys(alarms).length > 0,
  );
  if (needed <= maxSize) return [asItIs, ...others];
  const enough = Math.ceil(needed);
  const raised = [asItIs, ...others].map(({ name, change }) => ({
    name: `${name}, maxSize ${enough}`,
    change: (group: Group) => ({ ...change(group), maxSize: enough }),
  }));
  return [asItIs, ...raised];
}

/** What other policies of the same group would have made of a shortage, with the two weeks before it to learn from. */
export async function remediesFor(
  fleet: Fleet,
  group: string,
  { start, loads }: LoadHistory,
  shortage: Shortage,
): Promise<Remedy[]> {
  const load = loads.get(group)!;
  const first = Math.max(0, (shortage.from - start) / minuteMs - before);
  const end = Math.min(load.length, (shortage.to - start) / minuteMs + after);
  const [from, to] = [(shortage.from - start) / minuteMs - first, (shortage.to - start) / minuteMs - first];
  const remedies: Remedy[] = [];
  const { follows: _, ...config } = fleet.groups[group]!;
  for (const { name, change } of policiesFor(config as Group, shortage)) {
    const changed = { ...fleet, groups: { [group]: { ...config, ...change(config) } as Group } };
    const played = {
      fleet: changed,
      start: start + first * minuteMs,
      loads: new Map([[group, load.subarray(first, end)]]),
    };
    remedies.push({ name, ...measured((await backtest(played)).get(group)!, from, to) });
  }
  return remedies;
}

function withTenSeconds({ alarms }: Group): Partial<Group> {
  const fast = Object.entries(alarms).map(([name, rule]) => [
    name,
    rule.comparisonOperator.startsWith('Greater') ? { ...rule, period: 10 } : rule,
  ]);
  return { alarms: Object.fromEntries(fast) };
}

function measured(run: GroupRun, from: number, to: number): Omit<Remedy, 'name'> {
  let [unserved, load, minutesShort, serverMinutes] = [0, 0, 0, 0];
  for (let minute = from; minute < to; minute++) {
    unserved += run.unserved[minute]!;
    load += run.load[minute]!;
    if (run.unserved[minute]! > 0) minutesShort++;
  }
  for (const running of run.running.subarray(Math.max(0, from - after), to + after)) serverMinutes += running;
  return { unserved: load === 0 ? 0 : unserved / load, minutesShort, serverHours: serverMinutes / 60 };
}
