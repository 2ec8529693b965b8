import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSchedule } from '../../../packages/local-aws/src/events/schedule-expression.ts';
import { scheduleWindow } from '../../../shared/fleet/window.ts';
import { schedulerExpression } from '../../../shared/schedule/scheduler-expression.ts';
import { Timetable } from '../../../shared/schedule/timetable.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Each zone with an instant of every kind of change: forward, back, at midnight, by half an hour. */
const changes = [
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2031-11-02T06:00Z'],
  ['Europe/Berlin', '2027-03-28T01:00Z'],
  ['Europe/Berlin', '2030-10-27T01:00Z'],
  ['Africa/Cairo', '2025-04-24T22:00Z'],
  ['Africa/Cairo', '2025-10-30T21:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['America/Santiago', '2026-09-06T04:00Z'],
  ['Asia/Beirut', '2026-03-28T22:00Z'],
  ['America/Havana', '2026-03-08T05:00Z'],
  ['America/Nuuk', '2026-03-29T01:00Z'],
  ['Asia/Shanghai', '2028-02-29T00:00Z'],
  ['Asia/Kathmandu', '2026-12-31T18:15Z'],
].map(([zone, at]) => ({ zone: zone!, change: Date.parse(at!) }));

const names = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** What the wall clock shows, minute by minute: [instant, minute, hour, day, month, weekday]. A reading that repeats is left out. */
function wallClock(zone: string, from: number, until: number): number[][] {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  const readings = new Map<string, number[]>();
  for (let now = from; now < until; now += minuteMs) {
    const reading = clock.format(now);
    const [weekday, month, day, , hour, minute] = reading.split(/\W+/);
    if (readings.has(reading)) continue;
    readings.set(reading, [now, +minute!, +hour!, +day!, +month!, names.indexOf(weekday!.toUpperCase())]);
  }
  return [...readings.values()];
}

/** EventBridge's reading of `cron(…)`: it fires when every field holds what the wall clock shows. */
function firings(expression: string, readings: number[][]): number[] {
  const fields = /^cron\((.*) \*\)$/
    .exec(expression)![1]!
    .split(' ')
    .map((field) =>
      field.split(',').map((part) => {
        if (part === '*' || part === '?') return [0, 59];
        const ends = part.split('-').map((end) => (names.includes(end) ? names.indexOf(end) : Number(end)));
        return [ends[0]!, ends.at(-1)!];
      }),
    );
  const fires = ([, ...shown]: number[]) =>
    fields.every((ranges, index) =>
      ranges.some(([low, high]) => low! <= shown[index]! && shown[index]! <= high!),
    );
  return readings.filter(fires).map(([instant]) => instant!);
}

const wallMinute = ([, minute, hour, day]: number[]) => (day! * 24 + hour!) * 60 + minute!;

/** Does the wall clock show more minutes later than have passed? */
function jumpsTo(before: number[] | undefined, at: number, after: number[]): boolean {
  return before !== undefined && at - before[0]! === minuteMs && wallMinute(after) - wallMinute(before) > 1;
}

/** The readings that never are, each minute of the same day or of the day before. */
function skippedBefore(readings: number[][], jump: number): number[][] {
  const index = readings.findIndex(([at]) => at === jump);
  const [before, after] = [readings[index - 1]!, readings[index]!];
  const minutes = wallMinute(after) - wallMinute(before) - 1;
  return Array.from({ length: minutes }, (_, back) => {
    const minuteOfDay = (after[2]! * 60 + after[1]! - 1 - back + 1440) % 1440;
    const day = minuteOfDay < after[2]! * 60 + after[1]! ? after : before;
    return [jump, minuteOfDay % 60, Math.floor(minuteOfDay / 60), day[3]!, day[4]!, day[5]!];
  });
}

const part = (low: number, high: number) =>
  fc.oneof(
    fc.integer({ min: low, max: high }).map(String),
    fc
      .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
      .map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`),
    fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
  );
const field = (low: number, high: number) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant('*') },
    {
      weight: 3,
      arbitrary: fc.array(part(low, high), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
    },
  );
/** Mostly at night, when clocks change; a day of the month or of the week, never both. */
const cron = fc
  .tuple(
    field(0, 59),
    fc.oneof(field(0, 23), part(0, 4)),
    field(1, 31),
    field(1, 12),
    field(0, 7),
    fc.boolean(),
  )
  .map(([minute, hour, day, month, weekday, byWeek]) =>
    byWeek ? `${minute} ${hour} * * ${weekday}` : `${minute} ${hour} ${day} ${month} *`,
  );

const spans = changes.map(({ zone, change }) => {
  const [from, until] = [change - 13 * hourMs, change + 13 * hourMs];
  return { zone, from, until, readings: wallClock(zone, from, until) };
});

it('means the same instants to EventBridge as to the engine, also where the clock changes', () => {
  fc.assert(
    fc.property(cron, fc.constantFrom(...spans), (start, { zone, from, until, readings }) => {
      const parsed = scheduleWindow.safeParse({ start, duration: 30, scalingAdjustment: 1 });
      fc.pre(parsed.success);
      const window = parsed.data!;
      const engine = new Timetable({ w: window }, {}, zone)
        .next(from - 1, until - 1)
        .filter(({ edge }) => edge === 'start')
        .map(({ at }) => at);
      const { expression } = schedulerExpression(window, 'start', zone)!;
      const fired = firings(expression, readings);
      // EventBridge skips what the clock jumps over; the engine opens it as the clock jumps, if nothing opens just then.
      const jump = readings.find(([at], index) => jumpsTo(readings[index - 1], at!, readings[index]!))?.[0];
      expect(engine.filter((at) => at !== jump)).toEqual(fired.filter((at) => at !== jump));
      const isNamed = jump !== undefined && firings(expression, skippedBefore(readings, jump)).length > 0;
      expect(engine.includes(jump ?? -1)).toBe(isNamed || fired.includes(jump ?? -1));
    }),
    { numRuns: 250 },
  );
});

it('finds open exactly what lies between a start and the first end after it, from wherever one looks', () => {
  const daily = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 1, 30, 59));
  fc.assert(
    fc.property(daily, daily, fc.constantFrom(...changes), (start, end, { zone, change }) => {
      const window = scheduleWindow.parse({
        start: `${start[1]} ${start[0]} * * *`,
        end: `${end[1]} ${end[0]} * * *`,
        scalingAdjustment: 1,
      });
      const edges = new Timetable({ w: window }, {}, zone).next(change - 40 * hourMs, change + 40 * hourMs);
      const walking = new Timetable({ w: window }, {}, zone);
      for (const { at, edge, window: opened } of edges) {
        for (const now of [at - 1, at, at + 17 * minuteMs]) {
          const open = new Timetable({ w: window }, {}, zone).openAt(now);
          expect(walking.openAt(now)).toEqual(open);
          if (now === at && edge === 'start') expect(open).toEqual([opened]);
          if (now === at && edge === 'end') expect(open).not.toContainEqual(opened);
          if (now === at - 1 && edge === 'end') expect(open).toEqual([opened]);
        }
      }
    }),
    { numRuns: 100 },
  );
});

/** AWS's own examples with the cron that says the same, and what AWS says that they mean. */
const documented = [
  ['0 10 * * *', '0 10 * * ? *', 'at 10:00 every day'],
  ['15 12 * * *', '15 12 * * ? *', 'at 12:15 every day'],
  ['0 18 ? * MON-FRI', '0 18 ? * MON-FRI *', 'at 18:00, Monday to Friday'],
  ['0 8 1 * ?', '0 8 1 * ? *', 'at 8:00 on the first day of the month'],
  ['0/15 * * * *', '0/15 * * * ? *', 'every 15 minutes'],
  ['0/10 * ? * MON-FRI', '0/10 * ? * MON-FRI *', 'every 10 minutes, Monday to Friday'],
  ['0/5 8-17 ? * MON-FRI', '0/5 8-17 ? * MON-FRI *', 'every 5 minutes from 8:00 to 17:55, Monday to Friday'],
  ['0/30 20-2 ? * MON-FRI', '0/30 20-2 ? * MON-FRI *', 'every 30 minutes between 20:00 and 2:00'],
  ['15 10 ? * 5L', '15 10 ? * 6L *', 'at 10:15 on the last Friday of each month'],
  ['0 9 ? * 2#1', '0 9 ? * 3#1 *', 'at 9:00 on the first Tuesday of each month'],
  ['0 9 3W * ?', '0 9 3W * ? *', 'at 9:00 on the weekday closest to the third'],
  ['0 9 L * ?', '0 9 L * ? *', 'at 9:00 on the last day of the month'],
];

/**
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
it.each(documented)('means by %s what AWS means by cron(%s): %s', (cron, aws) => {
  const window = scheduleWindow.parse({ start: cron, duration: 30, scalingAdjustment: 1 });
  // The days around the change of the clocks, or for what comes once a month, months.
  const span = /\//.test(cron!)
    ? ['2026-03-27T00:00Z', '2026-03-31T00:00Z']
    : ['2026-01-01T00:00Z', '2026-05-01T00:00Z'];
  const [from, until] = span.map((text) => Date.parse(text)) as [number, number];
  const engine = new Timetable({ w: window }, {}, 'Europe/Rome')
    .next(from, until)
    .filter(({ edge }) => edge === 'start')
    .map(({ at }) => at);
  // Rome's clocks jump from 02:00 to 03:00 on 29 March: what is skipped is opened then by the sweep alone.
  const jump = Date.parse('2026-03-29T01:00Z');
  const deployed = schedulerExpression(window, 'start', 'Europe/Rome')!.expression;
  for (const expression of [deployed, ...(aws!.includes('20-2') ? [] : [`cron(${aws})`])]) {
    const fired: number[] = [];
    const schedule = parseSchedule(expression, 'Europe/Rome', 0);
    for (let at = schedule.next(from); at !== undefined && at <= until; at = schedule.next(at))
      fired.push(at);
    expect(fired.length).toBeGreaterThan(3);
    expect(engine.filter((at) => at !== jump)).toEqual(fired.filter((at) => at !== jump));
  }
});
