import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';
import { CronosExpression } from 'cronosjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron } from '../../../shared/fleet/cron.ts';
import { wallTimes } from '../../../shared/schedule/wall-times.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const weekdayNames = 'SUN MON TUE WED THU FRI SAT'.split(' ');

type Oracle = (cron: string, after: number) => number | undefined;

/** Each reads a cron in its own words, and refuses what is none in its own. */
const libraries: Readonly<Record<string, Oracle>> = {
  croner: (cron, after) =>
    new Cron(cron, { mode: '5-part', utcOffset: 0 }).nextRun(new Date(after))?.getTime(),
  'cron-parser': (cron, after) =>
    CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: new Date(after) })
      .next()
      .getTime(),
  cronosjs: (cron, after) =>
    CronosExpression.parse(cron, { timezone: 'UTC' }).nextDate(new Date(after))?.getTime(),
};

/** From a weekday on cron-parser goes on to 7, the next week's Sunday; the week from 0 to 7 is a Sunday alone for cronosjs. */
const strange: Readonly<Record<string, RegExp>> = { 'cron-parser': /\d\/\d\S*$/, cronosjs: /0-7\S*$/ };

/** `refuses`: the library does not know this form. */
function answerOf(oracle: Oracle, cron: string, after: number): number | 'refuses' {
  try {
    return oracle(cron, after) ?? 'refuses';
  } catch {
    return 'refuses';
  }
}

const number = (low: number, high: number) => fc.integer({ min: low, max: high });
const pair = (low: number, high: number) => fc.tuple(number(low, high), number(low, high));
const inOrder = (one: number, other: number) => `${Math.min(one, other)}-${Math.max(one, other)}`;

const plainPart = (low: number, high: number) =>
  fc.oneof(
    number(low, high).map(String),
    pair(low, high).map(([one, other]) => inOrder(one, other)),
    number(2, 5).map((step) => `*/${step}`),
  );
/** What crontab(5) does not have: from a value on, and over the end. */
const widePart = (low: number, high: number) =>
  fc.oneof(
    plainPart(low, high),
    fc.tuple(number(low, high), number(2, 5)).map(([from, step]) => `${from}/${step}`),
    pair(low, high).map(([one, other]) => `${one}-${other}`),
    fc.tuple(pair(low, high), number(2, 5)).map(([[one, other], step]) => `${one}-${other}/${step}`),
  );

type Part = (low: number, high: number) => fc.Arbitrary<string>;
const list = (part: Part, low: number, high: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.array(part(low, high), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
  );
const oneWeekday = fc.oneof(number(0, 7).map(String), fc.constantFrom(...weekdayNames));

function crons(part: Part): fc.Arbitrary<string> {
  const day = fc.oneof(
    list(part, 1, 31).map((dayOfMonth) => [dayOfMonth, '*']),
    list(part, 0, part === plainPart ? 7 : 6).map((dayOfWeek) => ['?', dayOfWeek]),
    fc.constantFrom(['L', '*'], ['29', '?'], ['*', 'FRI-MON'], ['*', 'SUN-TUE']),
    number(1, 28).map((nearest) => [`${nearest}W`, '*']),
    oneWeekday.map((weekday) => ['*', `${weekday}L`]),
    fc.tuple(oneWeekday, number(1, 5)).map(([weekday, week]) => ['*', `${weekday}#${week}`]),
  );
  const month = fc.oneof(list(part, 1, 12), fc.constantFrom('2', 'NOV-JAN', 'FEB'));
  return fc
    .tuple(list(part, 0, 59), list(part, 0, 23), day, month)
    .map(([minute, hour, [dayOfMonth, dayOfWeek], named]) =>
      [minute, hour, dayOfMonth, named, dayOfWeek].join(' '),
    );
}

const wall = fc.date({ min: new Date('1999-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });

function readable(text: string): ReturnType<typeof parseCron> | undefined {
  try {
    return parseCron(text);
  } catch {
    return undefined;
  }
}

describe('the walk along a cron', () => {
  it('finds what three cron libraries find, each in the forms that it knows', () => {
    const answers = { croner: 0, 'cron-parser': 0, cronosjs: 0, nobody: 0 };
    fc.assert(
      fc.property(fc.oneof(crons(plainPart), crons(widePart)), wall, (text, date) => {
        const cron = readable(text);
        fc.pre(cron !== undefined);
        const after = date.getTime() - (date.getTime() % minuteMs);
        const expected = wallTimes({ cron: cron! }).after(after);
        const before = answers.croner + answers['cron-parser'] + answers.cronosjs;
        for (const [name, oracle] of Object.entries(libraries)) {
          if (strange[name]?.test(text)) continue;
          const answer = answerOf(oracle, text, after);
          if (answer === 'refuses') continue;
          answers[name as keyof typeof answers]++;
          expect(`${name}: ${new Date(answer).toISOString()}`).toBe(
            `${name}: ${new Date(expected!).toISOString()}`,
          );
        }
        if (answers.croner + answers['cron-parser'] + answers.cronosjs === before) answers.nobody++;
      }),
      { numRuns: 1000 },
    );
    expect(answers.croner).toBeGreaterThan(200);
    expect(answers['cron-parser']).toBeGreaterThan(200);
    expect(answers.cronosjs).toBeGreaterThan(500);
    expect(answers.nobody).toBeLessThan(200);
  });

  it('finds what a reading of every minute finds, forwards and backwards', () => {
    fc.assert(
      fc.property(crons(widePart), wall, (text, date) => {
        const cron = readable(text);
        fc.pre(cron !== undefined);
        const middle = Math.floor(date.getTime() / dayMs) * dayMs;
        const named = minutesNamed(text, middle - 40 * dayMs, middle + 40 * dayMs);
        const walls = wallTimes({ cron: cron! });
        const next = walls.after(middle - 1)!;
        const last = walls.before(middle)!;
        expect(next < middle + 40 * dayMs ? next : undefined).toBe(named.find((each) => each >= middle));
        expect(last >= middle - 40 * dayMs ? last : undefined).toBe(named.findLast((each) => each < middle));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['7-7', [0]],
    ['7-2', [0, 1, 2]],
    ['6-7', [0, 6]],
    ['0-7', [0, 1, 2, 3, 4, 5, 6]],
  ])('counts Sunday as 0 and as 7 in the range %s', (range, days) => {
    expect(parseCron(`0 0 * * ${range}`).daysOfWeek).toEqual(days);
  });

  it('reaches from one 29 February to the next, also where a century has none', () => {
    const walls = wallTimes({ cron: parseCron('0 11 29 2 *') });
    const [before, after] = [Date.parse('2096-02-29T11:00Z'), Date.parse('2104-02-29T11:00Z')];
    expect(walls.after(before)).toBe(after);
    expect(walls.before(after)).toBe(before);
    const fifth = wallTimes({ cron: parseCron('0 0 * FEB FRI#5') });
    expect(fifth.after(Date.parse('2064-03-01T00:00Z'))).toBe(Date.parse('2092-02-29T00:00Z'));
    expect(fifth.after(Date.parse('2092-03-01T00:00Z'))).toBe(Date.parse('2104-02-29T00:00Z'));
  });
});

/** The brute force: every minute of every day is held against the text, by the words of the reference and nothing else. */
function minutesNamed(text: string, from: number, until: number): number[] {
  const [minute, hour, dayOfMonth, month, dayOfWeek] = text.split(' ') as [
    string,
    string,
    string,
    string,
    string,
  ];
  const found: number[] = [];
  for (let day = from; day < until; day += dayMs) {
    const date = new Date(day);
    if (!holds(month, date.getUTCMonth() + 1, 1, 12, monthNames)) continue;
    if (!holdsDayOfMonth(dayOfMonth, date) || !holdsDayOfWeek(dayOfWeek, date)) continue;
    for (let at = 0; at < 24; at++) {
      if (!holds(hour, at, 0, 23)) continue;
      for (let past = 0; past < 60; past++)
        if (holds(minute, past, 0, 59)) found.push(day + (at * 60 + past) * minuteMs);
    }
  }
  return found;
}

/** Steps from the first value of each part on, round the end if need be, until its last: is this value met? */
function holds(field: string, value: number, low: number, high: number, names: string[] = []): boolean {
  if (field === '*' || field === '?') return true;
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const numbers = range.split('-').map((end) => {
      const named = names.indexOf(end);
      return named < 0 ? Number(end) : named + low;
    });
    const first = range === '*' ? low : numbers[0]!;
    const last = range === '*' || (numbers.length === 1 && part.includes('/')) ? high : numbers.at(-1)!;
    for (let each = first, taken = 0; taken <= high - low; each = each === high ? low : each + 1, taken++) {
      if (taken % Number(step) === 0 && each === value) return true;
      if (each === last) return false;
    }
    return false;
  });
}

function holdsDayOfMonth(field: string, date: Date): boolean {
  const inMonth = (day: Date) => day.getUTCMonth() === date.getUTCMonth();
  if (field === 'L') return !inMonth(new Date(date.getTime() + dayMs));
  const near = /^(\d+)W$/.exec(field)?.[1];
  if (near === undefined) return holds(field, date.getUTCDate(), 1, 31);
  const wanted = date.getTime() + (Number(near) - date.getUTCDate()) * dayMs;
  const nearest = [0, -1, 1, -2, 2]
    .map((offset) => new Date(wanted + offset * dayMs))
    .find((day) => inMonth(day) && day.getUTCDay() % 6 !== 0)!;
  return nearest.getTime() === date.getTime();
}

function holdsDayOfWeek(field: string, date: Date): boolean {
  const special = /^(\w+?)(?:(L)|#(\d))$/.exec(field);
  const today = date.getUTCDay();
  if (!special) return holds(field, today, 0, 6, weekdayNames);
  const [, day = '', last, week] = special;
  const weekday = weekdayNames.includes(day) ? weekdayNames.indexOf(day) : Number(day) % 7;
  const others = [0, 1, 2, 3, 4, 5].map(
    (weeks) => new Date(date.getTime() + (last ? 7 : -7) * weeks * dayMs),
  );
  const same = others.filter((other) => other.getUTCMonth() === date.getUTCMonth()).length;
  return today === weekday && same === (last ? 1 : Number(week));
}
