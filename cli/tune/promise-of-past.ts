import type { Fleet } from '../../shared/fleet/fleet.ts';
import { defaultObjective } from '../../shared/objective/objective-policy.ts';
import { minutesPerDay } from '../../shared/units.ts';
import { percent } from '../percent.ts';
import type { LoadHistory } from '../simulate/load-source.ts';
import { promisable } from './promisable.ts';

/** What a group's past says of its promise. */
export interface PromiseOfPast {
  readonly group: string;
  /** Of the load that was read. */
  readonly days: number;
  /** Share that may be unserved: what the file says, or what an objective promises that says nothing else. */
  readonly promised: number;
  /** The least share that an objective could have promised. */
  readonly promisable: number;
}

export function promiseOfPast(fleet: Fleet, group: string, history: LoadHistory): PromiseOfPast {
  const { objective, forecast } = fleet.groups[group]!;
  const promised = (objective ?? forecast)?.unserved ?? defaultObjective.unserved;
  const minutes = history.loads.get(group)!.length;
  return {
    group,
    days: minutes / minutesPerDay,
    promised,
    promisable: promisable(fleet, group, history, promised, minutes),
  };
}

/** Whether it could have been kept. */
export function isKept({ promised, promisable: share }: PromiseOfPast): boolean {
  return share <= promised;
}

/** The same for people. */
export function promiseText(promise: PromiseOfPast): string {
  const { days, promised, promisable: share } = promise;
  const past = `by ${days.toFixed(1)} days of its load`;
  if (isKept(promise)) return `${past} an objective can promise ${percent(promised)} unserved`;
  return `${past} no objective can promise ${percent(promised)} unserved, but ${percent(share)}: what comes is faster than a launch`;
}
