import type { Instant } from '../domain/observation.ts';
import type { Calendar } from '../fleet/calendar-days.ts';
import { OpenDays } from '../fleet/open-days.ts';
import type { ScheduleWindow } from '../fleet/window.ts';
import { onOpenDays, type WallTimes, wallTimes } from './wall-times.ts';
import { type WallTime, type Zone, zoneNamed } from './zone.ts';

/** One opening of a window: `start <= now < end`. */
export interface Occurrence {
  readonly start: Instant;
  readonly end: Instant;
}

/**
 * When one window is open. Weekday and calendars are judged at its start. It ends at the first end after its start, or
 * after its duration, and is open at most once at a time: a start while it is open opens nothing more, and what lasts
 * longer than the time to its next start is renewed there.
 *
 * A local time that repeats counts once, the first time. One that daylight saving skips is when the clock jumps over it:
 * a floor for all day must not be missing on a day where midnight is skipped, and no window may stay open for a whole one.
 */
export class Occurrences {
  readonly #zone: Zone;
  readonly #starts: WallTimes;
  readonly #ends: WallTimes | undefined;
  readonly #durationMs: number;

  constructor(window: ScheduleWindow, calendars: Readonly<Record<string, Calendar>>, fleetTimeZone: string) {
    this.#zone = zoneNamed(window.timeZone ?? fleetTimeZone);
    this.#starts = onOpenDays(wallTimes(window.start), new OpenDays(window, calendars));
    this.#ends = window.end && wallTimes(window.end);
    this.#durationMs = (window.duration ?? Number.POSITIVE_INFINITY) * 1000;
  }

  /** The occurrence that is open at this instant. */
  openAt(now: Instant): Occurrence | undefined {
    const start = this.#lastStart(now);
    if (start === undefined) return undefined;
    const occurrence = this.#occurrence(start);
    return now < occurrence.end ? occurrence : undefined;
  }

  /** The first occurrence that starts after this instant, beside or after the one that is open. */
  after(now: Instant): Occurrence | undefined {
    const start = this.#ends && this.openAt(now) ? this.#lastStart(now) : undefined;
    const end = start === undefined ? undefined : this.#ends?.after(start);
    let next = this.#starts.after(end === undefined ? this.#zone.latestWallAt(now) : end - 1);
    for (; next !== undefined; next = this.#starts.after(next)) {
      const occurrence = this.#occurrence(next);
      // Daylight saving may skip start and end at once: nothing is left between them.
      if (occurrence.start < occurrence.end) return occurrence;
    }
    return undefined;
  }

  /** The start of what is open now, if anything is. Wall clocks never show a reading before one that is less. */
  #lastStart(now: Instant): WallTime | undefined {
    const latest = this.#zone.latestWallAt(now);
    if (!this.#ends) return this.#starts.before(latest + 1);
    const lastEnd = this.#ends.before(latest + 1) ?? 0;
    const start = this.#starts.after(lastEnd - 1);
    return start !== undefined && start <= latest ? start : undefined;
  }

  #occurrence(wall: WallTime): Occurrence {
    const start = this.#zone.instantFrom(wall);
    return { start, end: this.#ends ? this.#instantOf(this.#ends.after(wall)) : this.#endOf(wall, start) };
  }

  #endOf(wall: WallTime, start: Instant): Instant {
    return Math.min(start + this.#durationMs, this.#instantOf(this.#starts.after(wall)));
  }

  #instantOf(wall: WallTime | undefined): Instant {
    return wall === undefined ? Number.POSITIVE_INFINITY : this.#zone.instantFrom(wall);
  }
}
