import type { Instant } from '../domain/observation.ts';
import { dayMs } from '../units.ts';

/**
 * A reading of a clock on the wall, as the epoch milliseconds at which a clock in UTC shows the same. Arithmetic on it
 * knows no daylight saving.
 */
export type WallTime = number;

/** How a day of UTC goes in a zone: a clock that is changed has two offsets. */
interface Day {
  readonly before: number;
  /** From then on it is `after`; on most days it is that from the beginning. */
  readonly changesAt: Instant;
  readonly after: number;
}

/** Eleven years of them, so that no process that looks at all of time grows with it. */
const mostDays = 4000;

/** A time zone: which instant a wall clock shows, and which wall clock an instant. */
export class Zone {
  readonly #offsets: Intl.DateTimeFormat;
  /** By their number since 1970. Formatting an instant takes as long as all else that is done with it. */
  readonly #days = new Map<number, Day>();

  /** @param name an IANA name like `Asia/Shanghai` */
  constructor(name: string) {
    this.#offsets = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  wallAt(instant: Instant): WallTime {
    return instant + this.#offsetAt(instant);
  }

  /**
   * The latest reading that the wall clock has shown up to this instant: in an hour that repeats, it is the end of that
   * hour from the first pass on.
   */
  latestWallAt(instant: Instant): WallTime {
    const dayBefore = instant - dayMs;
    const earlier = this.#offsetAt(dayBefore);
    const shown = this.wallAt(instant);
    if (earlier <= this.#offsetAt(instant)) return shown;
    return Math.max(shown, this.#change(dayBefore, instant) - 1 + earlier);
  }

  /** When the wall clock first shows this; undefined when daylight saving skips it. */
  instantOf(wall: WallTime): Instant | undefined {
    const { before, after } = this.#offsetsAround(wall);
    const passes = [wall - before, wall - after].filter((instant) => this.wallAt(instant) === wall);
    return passes.length === 0 ? undefined : Math.min(...passes);
  }

  /** When the wall clock first shows this or, if daylight saving skips it, jumps over it. */
  instantFrom(wall: WallTime): Instant {
    const { before, after } = this.#offsetsAround(wall);
    return this.instantOf(wall) ?? this.#change(wall - after, wall - before);
  }

  /** No zone is farther than a day from UTC, and none changes twice within two. */
  #offsetsAround(wall: WallTime): { before: number; after: number } {
    return { before: this.#offsetAt(wall - dayMs), after: this.#offsetAt(wall + dayMs) };
  }

  /** The first instant after `from`, up to `to`, at which the offset is what it is at `to`. */
  #change(from: Instant, to: Instant, offsetAt = (at: Instant) => this.#offsetAt(at)): Instant {
    const offset = offsetAt(to);
    let before = from;
    let after = to;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === offset) after = middle;
      else before = middle;
    }
    return after;
  }

  /** Milliseconds that the wall clock is ahead of UTC. */
  #offsetAt(instant: Instant): number {
    const number = Math.floor(instant / dayMs);
    let day = this.#days.get(number);
    if (day === undefined) {
      day = this.#dayFrom(number * dayMs);
      if (this.#days.size >= mostDays) this.#days.clear();
      this.#days.set(number, day);
    }
    return instant < day.changesAt ? day.before : day.after;
  }

  #dayFrom(start: Instant): Day {
    const end = start + dayMs;
    const [before, after] = [this.#formatted(start), this.#formatted(end)];
    const changesAt = before === after ? start : this.#change(start, end, (at) => this.#formatted(at));
    return { before, changesAt, after };
  }

  /** What `#offsetAt` remembers. */
  #formatted(instant: Instant): number {
    const [, sign, hours, minutes, seconds = '0'] =
      /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(this.#offsets.format(instant)) ?? [];
    if (sign === undefined) return 0;
    const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    return sign === '-' ? -offset : offset;
  }
}

const zones = new Map<string, Zone>();

/** Zones are shared: a formatter is large, and five hundred groups mostly live in one zone. */
export function zoneNamed(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = new Zone(name);
    zones.set(name, zone);
  }
  return zone;
}
