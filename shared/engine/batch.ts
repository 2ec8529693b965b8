import type { Scaler, ScalerGroup } from './scaler-group.ts';

/** Groups that are looked at together, and what that asks for: it is the same at every look. */
export interface Batch {
  readonly groups: readonly ScalerGroup[];
  readonly names: readonly string[];
  readonly scalingGroups: readonly string[];
  /** Scaling groups of leaders that are not among them: all, and those that are asked for in the same place. */
  readonly leaders: readonly string[];
  readonly leadersHere: readonly string[];
  /** Names in CloudWatch. */
  readonly alarms: readonly string[];
  /** Those with rules that no alarm watches, with targets, and with an objective or a forecast. */
  readonly judged: readonly ScalerGroup[];
  readonly polled: readonly ScalerGroup[];
  readonly forecast: readonly ScalerGroup[];
  /** Whether there are any of those three. */
  readonly asksMore: boolean;
}

/** How a sweep goes through the groups of a fleet. */
export interface Round {
  /** For each source of groups its batches, one after the other. */
  readonly sources: readonly (readonly Batch[])[];
  /** Groups that others follow. */
  readonly leaders: readonly ScalerGroup[];
}

/** As many groups as one description and one ledger read can hold. */
const groupsPerBatch = 100;

export function batchOf(groups: readonly ScalerGroup[]): Batch {
  const own = new Set(groups.map(({ scalingGroup }) => scalingGroup));
  const led = groups.filter(({ leader }) => leader && !own.has(leader.scalingGroup));
  const leadersOf = (some: readonly ScalerGroup[]) => [
    ...new Set(some.map(({ leader }) => leader!.scalingGroup)),
  ];
  const judged = groups.filter(({ judgedRules }) => judgedRules.length > 0);
  const polled = groups.filter(({ policy }) => policy.metrics.some(({ always }) => always));
  const forecast = groups.filter(({ policy }) => policy.forecast);
  return {
    groups,
    names: groups.map(({ name }) => name),
    scalingGroups: [...own],
    leaders: leadersOf(led),
    leadersHere: leadersOf(led.filter(({ leader, source }) => leader!.source === source)),
    alarms: groups.flatMap(({ alarms }) => alarms.map(([, alarm]) => alarm)),
    judged,
    polled,
    forecast,
    asksMore: judged.length + polled.length + forecast.length > 0,
  };
}

/** Two halves of a batch of several groups. */
export function halvesOf({ groups }: Batch): [Batch, Batch] {
  const half = Math.ceil(groups.length / 2);
  return [batchOf(groups.slice(0, half)), batchOf(groups.slice(half))];
}

const rounds = new WeakMap<Scaler['groups'], Round>();

/** Every minute the same for the same groups, and worked out once. */
export function roundOf(groups: Scaler['groups']): Round {
  const known = rounds.get(groups);
  if (known) return known;
  const all = [...groups.values()];
  const bySource = Map.groupBy(all, ({ source }) => source);
  const round = {
    sources: [...bySource.values()].map(batchesOf),
    leaders: [...new Set(all.flatMap(({ leader }) => leader ?? []))],
  };
  rounds.set(groups, round);
  return round;
}

/** Leaders stay before their followers. */
function batchesOf(groups: readonly ScalerGroup[]): Batch[] {
  const inOrder = [...Map.groupBy(groups, placeOf).values()].flat();
  const batches: Batch[] = [];
  for (let start = 0; start < inOrder.length; start += groupsPerBatch)
    batches.push(batchOf(inOrder.slice(start, start + groupsPerBatch)));
  return batches;
}

/** `KIND:PLACE` of groups that go by `KIND:PLACE/NAME`, none of EC2's: those of one place share the calls of a batch. */
function placeOf({ scalingGroup }: ScalerGroup): string {
  return scalingGroup.includes(':') ? scalingGroup.slice(0, scalingGroup.indexOf('/')) : '';
}
