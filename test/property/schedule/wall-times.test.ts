import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCron } from '../../../shared/fleet/cron.ts';
import { wallTimes } from '../../../shared/schedule/wall-times.ts';

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
    fc.constant('*'),
    fc.array(part(low, high), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
  );
const day = fc.oneof(
  field(1, 31).map((dayOfMonth) => [dayOfMonth, '*']),
  field(0, 7).map((dayOfWeek) => ['*', dayOfWeek]),
  fc.constant(['L', '*']),
  fc.constant(['29', '*']),
);
const cron = fc
  .tuple(field(0, 59), field(0, 23), day, fc.oneof(field(1, 12), fc.constant('2')))
  .map(([minute, hour, [dayOfMonth, dayOfWeek], month]) =>
    [minute, hour, dayOfMonth, month, dayOfWeek].join(' '),
  );
const wall = fc.date({ min: new Date('1999-01-01'), max: new Date('2110-01-01'), noInvalidDate: true });

it('finds the same next and last time as the cron library does in UTC', () => {
  fc.assert(
    fc.property(cron, wall, (text, date) => {
      const fields = parseCron(text);
      fc.pre(fields !== undefined);
      const library = new Cron(text, { mode: '5-part', utcOffset: 0 });
      const minute = date.getTime() - (date.getTime() % 60_000);
      const walls = wallTimes(fields!);
      expect(walls.after(date.getTime())).toBe(library.nextRun(new Date(minute))!.getTime());
      expect(walls.before(minute)).toBe(library.previousRuns(1, new Date(minute))[0]!.getTime());
    }),
    { numRuns: 500 },
  );
});

it('reaches from one 29 February to the next, also where a century has none', () => {
  const walls = wallTimes(parseCron('0 11 29 2 *')!);
  const [before, after] = [Date.parse('2096-02-29T11:00Z'), Date.parse('2104-02-29T11:00Z')];
  expect(walls.after(before)).toBe(after);
  expect(walls.before(after)).toBe(before);
});
