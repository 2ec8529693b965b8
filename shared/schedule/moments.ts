import { Cron } from 'croner';
import type { Instant } from '../domain/observation.ts';
import { minuteMs, type WallTime, type Zone } from './zone.ts';

/** The instants at which a wall clock shows what a cron or a local time names. */
export interface Moments {
  /** The first one after `instant`. */
  after(instant: Instant): Instant | undefined;
  /** The last one that is not after `instant`. */
  upTo(instant: Instant): Instant | undefined;
}

/**
 * Five cron fields in a time zone. A local time that repeats counts once, the first time. One that daylight saving
 * skips does not happen, as EventBridge Scheduler has it; `'jump'` lets it happen when the clock jumps over it.
 *
 * The cron library only computes with calendars, in UTC: its own rules for daylight saving move a skipped time to a
 * later one and repeat intervals.
 */
export function cronMoments(cron: string, zone: Zone, skipped: 'never' | 'jump'): Moments {
  const fields = new Cron(cron, { mode: '5-part', utcOffset: 0 });
  const instantOf = (wall: WallTime) => (skipped === 'jump' ? zone.instantFrom(wall) : zone.instantOf(wall));
  return {
    after(instant) {
      const shown = zone.latestWallAt(instant);
      let wall = fields.nextRun(new Date(shown - (shown % minuteMs)));
      for (; wall; wall = fields.nextRun(wall)) {
        const found = instantOf(wall.getTime());
        if (found !== undefined && found > instant) return found;
      }
      return undefined;
    },
    upTo(instant) {
      const shown = zone.latestWallAt(instant);
      const previous = (wall: WallTime) => fields.previousRuns(1, new Date(wall))[0];
      let wall = previous(shown - (shown % minuteMs) + minuteMs);
      for (; wall; wall = previous(wall.getTime())) {
        const found = instantOf(wall.getTime());
        if (found !== undefined && found <= instant) return found;
      }
      return undefined;
    },
  };
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
