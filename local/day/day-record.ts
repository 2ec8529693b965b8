import type { ActivityJson } from '../../shared/ports/activity-json.ts';
import { minutesPerHour } from '../../shared/units.ts';

/** An activity as `--json` writes it; times in ISO-8601 UTC. */
export interface RecordedActivity {
  readonly activityId: string;
  readonly at: string;
  readonly from: number;
  readonly to: number;
  readonly trigger: string;
  readonly reason: string;
  readonly message: string;
  readonly statusCode: string;
  /** The rule, window or person behind it. */
  readonly by?: string;
}

export interface TimelinePoint {
  readonly at: string;
  readonly desired: number;
  readonly inService: number;
  /** Share of the in-service servers' capacity that is in use; above 1 where it does not suffice. */
  readonly utilization: number;
}

/** The day as data: what `npm start -- --json FILE` writes. */
export interface DayRecord {
  readonly fleet: string;
  readonly day: string;
  readonly timeZone: string;
  readonly seed: number;
  readonly groups: Readonly<Record<string, { activities: RecordedActivity[]; timeline: TimelinePoint[] }>>;
  readonly totals: {
    readonly serverHours: number;
    /** Every group's own maximum desired capacity, kept all day. */
    readonly staticPeakServerHours: number;
    /** 1 − serverHours ÷ staticPeakServerHours */
    readonly saved: number;
    /** Requests above 80 % of what the servers carried ÷ all requests. */
    readonly violation: number;
  };
}

/** One minute of one group. */
export interface Sample {
  readonly at: number;
  readonly desired: number;
  readonly inService: number;
  /** Servers that are billed: launched and not yet terminated. */
  readonly running: number;
  readonly utilization: number;
  /** Requests in this minute, and those of them above 80 % of what the servers carry. */
  readonly requests: number;
  readonly unserved: number;
}

export interface Day {
  readonly fleet: string;
  readonly day: string;
  readonly timeZone: string;
  readonly seed: number;
}

/** The day as `--json` writes it, which is documented key by key; who was behind an activity is for the picture only. */
export function writeDay(record: DayRecord): string {
  const groups = Object.entries(record.groups).map(([name, { activities, timeline }]) => [
    name,
    { activities: activities.map(({ by: _, ...written }) => written), timeline },
  ]);
  return `${JSON.stringify({ ...record, groups: Object.fromEntries(groups) }, null, 1)}\n`;
}

/** Puts a day's samples and activities together. Activities oldest first, only those that changed capacity, and losses. */
export function recordDay(
  day: Day,
  samples: Readonly<Record<string, readonly Sample[]>>,
  activities: Readonly<Record<string, readonly ActivityJson[]>>,
): DayRecord {
  const groups = Object.fromEntries(
    Object.entries(samples).map(([name, minutes]) => [
      name,
      { activities: (activities[name] ?? []).map(recordActivity), timeline: minutes.map(recordPoint) },
    ]),
  );
  return { ...day, groups, totals: totalsOf(Object.values(samples)) };
}

function recordActivity(activity: ActivityJson): RecordedActivity {
  const { activityId, startedAt, from, to, trigger, reason, message, statusCode, by } = activity;
  return {
    activityId,
    at: new Date(startedAt).toISOString(),
    from,
    to,
    trigger,
    reason,
    message,
    statusCode,
    ...(by !== undefined && { by }),
  };
}

function recordPoint({ at, desired, inService, utilization }: Sample): TimelinePoint {
  return {
    at: new Date(at).toISOString(),
    desired,
    inService,
    utilization: Math.round(utilization * 1e4) / 1e4,
  };
}

function totalsOf(groups: readonly (readonly Sample[])[]): DayRecord['totals'] {
  const total = (samples: readonly Sample[], value: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + value(sample), 0);
  let minutes = 0;
  let peakMinutes = 0;
  let requests = 0;
  let unserved = 0;
  for (const samples of groups) {
    minutes += total(samples, ({ running }) => running);
    peakMinutes += samples.length * Math.max(0, ...samples.map(({ desired }) => desired));
    requests += total(samples, (sample) => sample.requests);
    unserved += total(samples, (sample) => sample.unserved);
  }
  return {
    serverHours: minutes / minutesPerHour,
    staticPeakServerHours: peakMinutes / minutesPerHour,
    saved: peakMinutes === 0 ? 0 : 1 - minutes / peakMinutes,
    violation: requests === 0 ? 0 : unserved / requests,
  };
}
