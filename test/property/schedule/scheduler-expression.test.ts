import fc from 'fast-check';
import { expect, it } from 'vitest';
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
      expect(engine).toEqual(firings(expression, readings));
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
