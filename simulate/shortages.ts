import type { Activity } from '../shared/domain/activity.ts';
import type { Instant } from '../shared/domain/observation.ts';
import { minuteMs } from '../shared/units.ts';
import type { GroupRun } from './backtest.ts';

/** Minutes of relief that do not end a shortage. */
const reliefMinutes = 15;

/** A time in which a group had fewer servers than its load needed. Instants are epoch milliseconds. */
export interface Shortage {
  readonly from: Instant;
  /** When the last minute of it had passed. */
  readonly to: Instant;
  /** Within it, minutes with unserved demand. */
  readonly minutes: number;
  /** Servers that the worst minute needed at 80 %, and those that were in service then. */
  readonly needed: number;
  readonly inService: number;
  /** Requests that were not served, and their share of the requests of this time. */
  readonly unserved: number;
  readonly share: number;
  /** The first scale-out that began in it; undefined: nothing answered. */
  readonly answer: Activity | undefined;
}

/** Where demand was not served, oldest first. @param start of the run's first minute */
export function shortagesOf(run: GroupRun, start: Instant): Shortage[] {
  const found: Shortage[] = [];
  let first = -1;
  let last = -1;
  run.unserved.forEach((unserved, minute) => {
    if (unserved <= 0) return;
    if (first >= 0 && minute - last > reliefMinutes) {
      found.push(shortageOf(run, start, first, last));
      first = -1;
    }
    if (first < 0) first = minute;
    last = minute;
  });
  if (first >= 0) found.push(shortageOf(run, start, first, last));
  return found;
}

function shortageOf(run: GroupRun, start: Instant, first: number, last: number): Shortage {
  let [worst, minutes, unserved, load] = [first, 0, 0, 0];
  for (let minute = first; minute <= last; minute++) {
    if (run.unserved[minute]! > run.unserved[worst]!) worst = minute;
    if (run.unserved[minute]! > 0) minutes++;
    unserved += run.unserved[minute]!;
    load += run.load[minute]!;
  }
  const [from, to] = [start + first * minuteMs, start + (last + 1) * minuteMs];
  return {
    from,
    to,
    minutes,
    needed: run.needed[worst]!,
    inService: run.inService[worst]!,
    unserved,
    share: unserved / load,
    answer: run.activities.find(
      (each) => each.to > each.from && each.startedAt >= from && each.startedAt < to,
    ),
  };
}
