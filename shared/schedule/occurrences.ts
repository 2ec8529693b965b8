import type { Instant } from '../domain/observation.ts';
import { OpenDays } from '../fleet/open-days.ts';
import type { Moment, ScheduleWindow } from '../fleet/window.ts';
import {
  cronMoments,
  instantOfLocalTime,
  type Moments,
  oneMoment,
  type SkippedMoment,
  skippedMoments,
} from './moments.ts';
import { dayMs, type Zone, zoneNamed } from './zone.ts';

/** One opening of a window: `start <= now < end`. */
export interface Occurrence {
  readonly start: Instant;
  readonly end: Instant;
}

/**
 * When one window is open. Weekday and calendars are judged at its start. It ends at the first end after its start, or
 * after its duration, and is open at most once at a time: a start while it is open opens nothing more, and what lasts
 * longer than the time to its next start is renewed there.
 */
export class Occurrences {
  readonly #start: Moment;
  readonly #zone: Zone;
  readonly #days: OpenDays;
  readonly #starts: Moments;
  readonly #ends: Moments | undefined;
  readonly #durationMs: number;

  constructor(
    window: ScheduleWindow,
    calendars: Readonly<Record<string, readonly string[]>>,
    fleetTimeZone: string,
  ) {
    this.#start = window.start;
    this.#zone = zoneNamed(window.timeZone ?? fleetTimeZone);
    this.#days = new OpenDays(window, calendars);
    this.#starts = momentsOf(window.start, this.#zone, 'never');
    // An end that daylight saving skips must not leave the window open until the next one, often a day later.
    this.#ends = window.end === undefined ? undefined : momentsOf(window.end, this.#zone, 'jump');
    this.#durationMs = (window.duration ?? Number.POSITIVE_INFINITY) * 1000;
  }

  /** The occurrence that is open at this instant. */
  openAt(now: Instant): Occurrence | undefined {
    const start = this.#ends ? this.#startSince(this.#ends.upTo(now) ?? 0, now) : this.#lastStart(now);
    if (start === undefined) return undefined;
    const end = this.#endOf(start);
    return now < end ? { start, end } : undefined;
  }

  /** The first occurrence that starts after this instant, beside or after the one that is open. */
  after(now: Instant): Occurrence | undefined {
    const open = this.openAt(now);
    const start = this.#startAfter(open && this.#ends ? open.end - 1 : now);
    return start === undefined ? undefined : { start, end: this.#endOf(start) };
  }

  /** What does not open in `[from, until)` because daylight saving skips its start; once for each jump of the clock. */
  skippedIn(from: Instant, until: Instant): readonly SkippedMoment[] {
    if ('localTime' in this.#start) return [];
    const skipped = skippedMoments(this.#start.cron, this.#zone, from, until).filter(
      ({ wall, at }) => this.#days.includes(Math.floor(wall / dayMs)) && !this.openAt(at),
    );
    return skipped.filter(({ at }, index) => at !== skipped[index - 1]?.at);
  }

  #endOf(start: Instant): Instant {
    // No end after the start: daylight saving skips both at once, and nothing is left between them.
    if (this.#ends) return this.#ends.after(start) ?? start;
    return Math.min(start + this.#durationMs, this.#startAfter(start) ?? Number.POSITIVE_INFINITY);
  }

  /** The first start in `[since, now]`. */
  #startSince(since: Instant, now: Instant): Instant | undefined {
    const start = this.#startAfter(since - 1);
    return start !== undefined && start <= now ? start : undefined;
  }

  /** The first start after `instant` on an open day. */
  #startAfter(instant: Instant): Instant | undefined {
    let start = this.#starts.after(instant);
    while (start !== undefined) {
      const day = this.#dayOf(start);
      const openDay = this.#days.onOrAfter(day);
      if (openDay === day) return start;
      if (openDay === undefined) return undefined;
      start = this.#starts.after(this.#zone.instantFrom(openDay * dayMs) - 1);
    }
    return undefined;
  }

  /** The last start in the duration before `now`, on an open day. */
  #lastStart(now: Instant): Instant | undefined {
    let start = this.#starts.upTo(now);
    while (start !== undefined && start > now - this.#durationMs) {
      const day = this.#dayOf(start);
      if (this.#days.includes(day)) return start;
      start = this.#starts.upTo(this.#zone.instantFrom(day * dayMs) - 1);
    }
    return undefined;
  }

  #dayOf(instant: Instant): number {
    return Math.floor(this.#zone.wallAt(instant) / dayMs);
  }
}

function momentsOf(moment: Moment, zone: Zone, skipped: 'never' | 'jump'): Moments {
  return 'localTime' in moment
    ? oneMoment(instantOfLocalTime(moment.localTime, zone))
    : cronMoments(moment.cron, zone, skipped);
}
