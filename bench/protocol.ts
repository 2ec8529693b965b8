import type { LocalTime } from '../shared/objective/local-time.ts';
import { minuteMs, minutesPerDay } from '../shared/units.ts';
import { oracle } from './baselines/oracle.ts';
import { demandOf, type Span, score } from './metrics.ts';
import type { Footing, Workload } from './service-model.ts';

const smoothMinutes = 5;
/** A one-minute count below this is mostly Poisson noise, which scaling up to a fleet would magnify. */
const noisyRequestsPerMinute = 100;
const shortDays = 7;
/** Warm-up in days as the benchmark page gives it; other traces warm up for a quarter. It is no knob of any policy. */
const warmUpDays: [name: string, days: number][] = [
  ['worldcup98', 14],
  ['nasa95', 8],
  ['nyc_taxi', 28],
];

/** Load to be played, as it was recorded. */
export interface Recording {
  name: string;
  /** Start of the first minute, epoch milliseconds. */
  startsAt: number;
  /** Per minute, in any unit. */
  load: Float64Array;
  resolutionMinutes: number;
  /** Whose clock its days go by; default: UTC. */
  time?: LocalTime | undefined;
}

/** One workload with everything that all policies are measured against. */
export interface Case extends Workload {
  footing: Footing;
  trace: string;
  meanDemand: number;
  /** Minutes from the epoch to the first one. */
  firstMinute: number;
  training: Span;
  test: Span;
  /** Cost of the oracle over the training and the test span. */
  oracleCost: { training: number; test: number };
  /** False for traces of seven days or less: reported, not judged. */
  judged: boolean;
  time?: LocalTime | undefined;
}

/** Warm-up, then two halves that meet at a whole number of days when there are two days or more. */
export function splitTrace(name: string, minutes: number): { training: Span; test: Span } {
  const days = warmUpDays.find(([part]) => name.includes(part))?.[1] ?? minutes / minutesPerDay / 4;
  const from = Math.floor(days * minutesPerDay);
  const rest = minutes - from;
  const half =
    rest >= 2 * minutesPerDay ? Math.floor(rest / minutesPerDay / 2) * minutesPerDay : Math.floor(rest / 2);
  return { training: { from, to: from + half }, test: { from: from + half, to: minutes } };
}

/** Sets the capacity of a server so that the mean demand of the training half is `meanDemand` servers. */
export function prepareCase(
  recording: Recording,
  bootMinutes: number,
  meanDemand: number,
  footing: Footing = 'late',
): Case {
  const { training, test } = splitTrace(recording.name, recording.load.length);
  const raw = smoothIfNoisy(recording);
  const capacity = capacityFor(raw.subarray(training.from, training.to), meanDemand);
  const load = raw.map((value) => value / capacity);
  const best = oracle({ load, bootMinutes, footing });
  return {
    trace: recording.name,
    meanDemand,
    bootMinutes,
    footing,
    load,
    firstMinute: Math.floor(recording.startsAt / minuteMs),
    training,
    test,
    oracleCost: { training: score(load, best, training).cost, test: score(load, best, test).cost },
    judged: recording.load.length > shortDays * minutesPerDay,
    time: recording.time,
  };
}

/** Trailing mean of five minutes for thin one-minute counts; everything else as it is. */
function smoothIfNoisy({ load, resolutionMinutes }: Recording): Float64Array {
  const mean = load.reduce((sum, value) => sum + value, 0) / load.length;
  if (resolutionMinutes > 1 || mean >= noisyRequestsPerMinute) return load;
  let sum = 0;
  return load.map((value, minute) => {
    sum += value - (load[minute - smoothMinutes] ?? 0);
    return Math.max(0, sum) / Math.min(minute + 1, smoothMinutes);
  });
}

/** Bisects for the full load of one server at which the mean demand is as asked. */
function capacityFor(load: Float64Array, meanDemand: number): number {
  let [low, high] = [1e-9, 1e12];
  for (let round = 0; round < 100; round++) {
    const capacity = Math.sqrt(low * high);
    const demand = load.reduce((sum, value) => sum + demandOf(value / capacity), 0) / load.length;
    if (demand > meanDemand) low = capacity;
    else high = capacity;
  }
  return high;
}
