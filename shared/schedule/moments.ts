import type { Instant } from '../domain/observation.ts';
import type { CronFields } from '../fleet/cron.ts';
import { wallTimes } from './wall-times.ts';
import { dayMs, type WallTime, type Zone } from './zone.ts';

/** The instants at which a wall clock shows what a cron or a local time names. */
export interface Moments {
  /** The first one after `instant`. */
  after(instant: Instant): Instant | undefined;
  /** The last one that is not after `instant`. */
  upTo(instant: Instant): Instant | undefined;
}

/**
 * A cron in a time zone. A local time that repeats counts once, the first time. One that daylight saving skips does not
 * happen, as EventBridge Scheduler has it; `'jump'` lets it happen when the clock jumps over it.
 */
export function cronMoments(cron: CronFields, zone: Zone, skipped: 'never' | 'jump'): Moments {
  const walls = wallTimes(cron);
  const instantOf = (wall: WallTime) => (skipped === 'jump' ? zone.instantFrom(wall) : zone.instantOf(wall));
  return {
    after(instant) {
      let wall = walls.after(zone.latestWallAt(instant));
      for (; wall !== undefined; wall = walls.after(wall)) {
        const found = instantOf(wall);
        if (found !== undefined && found > instant) return found;
      }
      return undefined;
    },
    upTo(instant) {
      let wall = walls.before(zone.latestWallAt(instant) + 1);
      for (; wall !== undefined; wall = walls.before(wall)) {
        const found = instantOf(wall);
        if (found !== undefined && found <= instant) return found;
      }
      return undefined;
    },
  };
}

/** A reading of the wall clock that never is, for daylight saving skips it. */
export interface SkippedMoment {
  readonly wall: WallTime;
  /** When the clock jumps over it. */
  readonly at: Instant;
}

/** The times of a cron that the clock jumps over in `[from, until)`. */
export function skippedMoments(
  cron: CronFields,
  zone: Zone,
  from: Instant,
  until: Instant,
): readonly SkippedMoment[] {
  const walls = wallTimes(cron);
  const skipped: SkippedMoment[] = [];
  for (let before = from - 1; before < until - 1; before += dayMs) {
    const after = Math.min(before + dayMs, until - 1);
    const [first, last] = [zone.wallAt(before), zone.wallAt(after)];
    if (last - first <= after - before) continue;
    for (let wall = walls.after(first); wall !== undefined && wall < last; wall = walls.after(wall)) {
      if (zone.instantOf(wall) === undefined) skipped.push({ wall, at: zone.instantFrom(wall) });
    }
  }
  return skipped;
}

/** One moment alone. */
export function oneMoment(at: Instant): Moments {
  return {
    after: (instant) => (at > instant ? at : undefined),
    upTo: (instant) => (at <= instant ? at : undefined),
  };
}

/** The instant of a local time like `2026-11-11T00:00`; one that daylight saving skips is when the clock jumps over it. */
export function instantOfLocalTime(localTime: string, zone: Zone): Instant {
  return zone.instantFrom(Date.parse(`${localTime}Z`));
}
