import type { Fleet } from '../../shared/fleet/fleet.ts';
import { minuteMs } from '../../shared/units.ts';
import { readTrace, type Trace } from '../../simulate/world/trace.ts';
import { TraceError } from '../../simulate/world/trace-error.ts';
import type { Load } from '../fleet-world.ts';

/**
 * One local day of a real log, scaled to the fleet: every group gets the log's shape with its own ordinary load as the mean of the day.
 * Before and after the day the group has that mean.
 * @throws TraceError when the file is no log, Error when there is none, RangeError when it has no load on that day
 */
export function traceDay(
  file: string,
  day: string | undefined,
  fleet: Fleet,
  start: number,
  minutes: number,
): Map<string, Load> {
  const { startsAt, load } = readLog(file);
  const first = Math.round((start - startsAt) / minuteMs);
  if (first < 0 || first + minutes > load.length) {
    const [from, to] = [startsAt, startsAt + load.length * minuteMs].map((at) => new Date(at).toISOString());
    throw new RangeError(
      `${file} does not hold the whole of ${day} (${fleet.timeZone}): it goes from ${from} to ${to}`,
    );
  }
  const played = load.subarray(first, first + minutes);
  const mean = played.reduce((sum, each) => sum + each, 0) / minutes;
  if (mean === 0) throw new RangeError(`${file} has no load on ${day}`);
  return new Map(
    Object.entries(fleet.groups).map(([name, { simulation }]) => {
      const scale = (simulation.requestsPerSecond * 60) / mean;
      return [
        name,
        (at: number) => Math.round((played[Math.floor((at - start) / minuteMs)] ?? mean) * scale),
      ];
    }),
  );
}

function readLog(file: string): Trace {
  try {
    return readTrace(file);
  } catch (cause) {
    if (cause instanceof TraceError) throw cause;
    throw new Error(`--trace: there is no log ${file} to read`, { cause });
  }
}
