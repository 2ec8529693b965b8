import { type Contribution, contributions } from '../domain/contributions.ts';
import type { Decision } from '../domain/decision.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { AlarmState, Instant, Observation } from '../domain/observation.ts';
import { PortError } from '../ports/port-error.ts';
import type { TimetableEdge } from '../schedule/timetable.ts';
import { dayMs } from '../units.ts';
import { batchOf } from './batch.ts';
import { decideWithLookups } from './decide-with-lookups.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { look, observationOf } from './observe.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** A group as it is now, and what would be decided; nothing is changed by looking. */
export interface GroupState {
  readonly group: ScalerGroup;
  readonly at: Instant;
  readonly observation: Observation;
  /** undefined: the scaler has not met the group yet. */
  readonly ledger: Ledger | undefined;
  /** What the next sweep would decide. */
  readonly decision: Decision;
  /** Who asks for what now. */
  readonly layers: readonly Contribution[];
  readonly alarms: readonly AlarmNow[];
  /** The next opening or closing within a year. */
  readonly next: TimetableEdge | undefined;
}

export interface AlarmNow {
  readonly rule: string;
  /** undefined: the rule has an alarm of CloudWatch's, which does not exist. */
  readonly state: AlarmState | undefined;
}

const yearMs = 366 * dayMs;
const groupsAtOnce = 8;

/** Looks at groups as the sweep does, and writes nothing. @throws PortError */
export async function groupStates(scaler: Scaler, groups: readonly ScalerGroup[]): Promise<GroupState[]> {
  const batch = batchOf(groups);
  const ledgers = await scaler.ports.ledger.read(batch.names);
  const at = scaler.ports.clock.now();
  const seen = await look(scaler, batch, at);
  const states: GroupState[] = [];
  await limitConcurrency(groups, groupsAtOnce, async (group) => {
    const ledger = ledgers.get(group.name);
    const first = { seenAt: seen.at, observation: observationOf(seen, group, at, ledger), ledger };
    const { decision, observation } = await decideWithLookups(scaler, group, first, { kind: 'sweep' });
    const alarms = Object.keys(group.config.alarms).map((rule) => ({
      rule,
      state: observation.alarms?.[rule],
    }));
    const next = nextEdge(group, at);
    const layers = contributions(group.policy, ledger, observation, at);
    states.push({ group, at, observation, ledger, decision, layers, alarms, next });
  });
  return states.sort((one, other) => groups.indexOf(one.group) - groups.indexOf(other.group));
}

/** What could be seen of each group by itself, where not all can be seen at once. */
export interface StatesApart {
  readonly states: readonly GroupState[];
  /** By group name. */
  readonly failures: ReadonlyMap<string, Error>;
}

/** As `groupStates`; one group that cannot be looked at hides none of the others. Never throws a PortError. */
export async function groupStatesApart(scaler: Scaler, groups: readonly ScalerGroup[]): Promise<StatesApart> {
  try {
    return { states: await groupStates(scaler, groups), failures: new Map() };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (groups.length === 1) return { states: [], failures: new Map([[groups[0]!.name, error]]) };
    const half = Math.ceil(groups.length / 2);
    const one = await groupStatesApart(scaler, groups.slice(0, half));
    const other = await groupStatesApart(scaler, groups.slice(half));
    return {
      states: [...one.states, ...other.states],
      failures: new Map([...one.failures, ...other.failures]),
    };
  }
}

/** Looks a week ahead before it looks a year ahead: most windows come every day. */
function nextEdge({ timetable }: ScalerGroup, now: Instant): TimetableEdge | undefined {
  return timetable.next(now, now + yearMs / 52)[0] ?? timetable.next(now, now + yearMs)[0];
}
