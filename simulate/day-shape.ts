import type { Group } from '../shared/fleet/group.ts';
import type { DayShape } from './world/generator.ts';

/** The day that a group's `simulation` describes. */
export function dayShape({ simulation }: Pick<Group, 'simulation'>): DayShape {
  const { requestsPerSecond, lunchFactor, nightShare, noise, flashCrowd } = simulation;
  return {
    requestsPerSecond,
    lunch: { startMinute: 11 * 60, endMinute: 13 * 60, factor: lunchFactor, rampMinutes: 5 },
    nightShare,
    weekendShare: 1,
    noise,
    flashCrowds: flashCrowd
      ? [
          {
            startMinute: minuteOf(flashCrowd.at),
            durationMinutes: flashCrowd.minutes,
            factor: flashCrowd.factor,
            rampMinutes: Math.min(5, flashCrowd.minutes / 2),
          },
        ]
      : [],
  };
}

/** Of `16:10`. */
function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return hours! * 60 + minutes!;
}
