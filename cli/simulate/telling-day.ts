import type { Span } from '../../bench/metrics.ts';
import type { Instant } from '../../shared/domain/observation.ts';
import { zoneNamed } from '../../shared/schedule/zone.ts';
import { dayMs, minuteMs } from '../../shared/units.ts';
import type { GroupRun } from '../../simulate/backtest.ts';

/** One day of a run, from midnight to midnight on the fleet's clock. */
export interface TellingDay {
  readonly minutes: Span;
  /** Why this one, for people. */
  readonly why: string;
}

/** The day that left most unserved; where none did, the one of the most servers. */
export function tellingDay(run: GroupRun, start: Instant, timeZone: string): TellingDay {
  const days = localDays(run.load.length, start, timeZone);
  const unserved = ({ from, to }: Span) =>
    run.unserved.subarray(from, to).reduce((sum, each) => sum + each, 0);
  const worst = greatestBy(days, unserved);
  if (unserved(worst) > 0) return { minutes: worst, why: 'the day that left most unserved' };
  const servers = ({ from, to }: Span) => run.running.subarray(from, to).reduce((sum, each) => sum + each, 0);
  return { minutes: greatestBy(days, servers), why: 'the day of the most servers' };
}

function localDays(minutes: number, start: Instant, timeZone: string): Span[] {
  const zone = zoneNamed(timeZone);
  const days: Span[] = [];
  let midnight = Math.floor(zone.wallAt(start) / dayMs) * dayMs;
  for (let from = 0; from < minutes; from = days.at(-1)!.to) {
    midnight += dayMs;
    const to = Math.round((zone.instantFrom(midnight) - start) / minuteMs);
    days.push({ from, to: Math.min(minutes, to) });
  }
  return days;
}

function greatestBy(days: readonly Span[], value: (day: Span) => number): Span {
  return days.reduce((best, day) => (value(day) > value(best) ? day : best));
}
