import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

/** What is wrong with the text of a fleet file: `line path: message`. */
function mistakes(text: string): string[] {
  try {
    readFleet(text);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    return error.problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);
  }
}

/** A fleet of one group that has nothing but these lines, each indented by four. */
const oneGroup = (...lines: string[]) =>
  ['name: f', 'groups:', '  one:', '    existing: g', ...lines.map((line) => `    ${line}`)].join('\n');

const sized = (...lines: string[]) => oneGroup('minSize: 1', 'maxSize: 9', ...lines);

describe('a fleet file', () => {
  it('that ships is read, with what it leaves out', () => {
    const fleet = readFleet(readFileSync('fleet.yaml', 'utf8'));
    expect(Object.keys(fleet.groups)).toEqual(['business', 'session']);
    expect(fleet.groups['business']).toMatchObject({
      minSize: 3,
      maxSize: 10,
      initialCapacity: 5,
      mode: 'active',
    });
    expect(fleet.groups['business']?.alarms['cpu-high']?.cooldown).toBe(300);
    expect(fleet.historyRetentionDays).toBe(400);
  });

  it('reports mistakes of every kind at once, each with its line, path, and what was expected and found', () => {
    const text = `name: lunch
timeZone: Mars/Olympus
colour: red
groups:
  business:
    existing: b
    minSize: 8
    maxSize: 3
    schedules:
      lunch: { start: "61 * * * *", end: "0 13 * * *", scalingAdjustment: 2, except: [holidays] }
    alarms:
      qps: { metric: requestsPerSecond, comparisonOperator: GreaterThanThreshold, threshold: high,
             period: 60, evaluationPeriods: 3, scalingAdjustment: 2 }
    follows: { group: ghost, ratio: 1 }
    instances: [i-0a5e551041adde001, i-0a5e551041adde001]
`;
    expect(mistakes(text)).toEqual([
      '2 timeZone: expected a time zone of the IANA database, Region/City like Asia/Shanghai, or UTC, found "Mars/Olympus"',
      '3 colour: expected one of name, timeZone, notify, historyRetentionDays, calendars, network, functions, tags, simulation, groups',
      '7 groups.business.minSize: expected at most maxSize (3), found 8',
      '10 groups.business.schedules.lunch.start: expected 0 to 59, a range, or a step like */2 as minute of a cron, not "61", found "61 * * * *"',
      '10 groups.business.schedules.lunch.except.0: expected a day, a range of days, or a calendar of this fleet, found "holidays"',
      '12 groups.business.alarms.qps.threshold: expected a number, found "high"',
      '12 groups.business.alarms.qps.metric: expected a metric of the servers: this one needs a load balancer, found "requestsPerSecond"',
      '14 groups.business.follows.group: expected the name of a group of this fleet, found "ghost"',
      '15 groups.business.instances.1: expected every server once, found "i-0a5e551041adde001"',
    ]);
  });

  it('names itself and the number of its mistakes', () => {
    expect(() => readFleet('name: f', 'shop.yaml')).toThrow(
      'shop.yaml has a mistake:\n  shop.yaml:1 groups: expected keys and values, found nothing',
    );
  });

  it('must say the sizes of a group', () => {
    expect(mistakes(oneGroup())).toEqual([
      '3 groups.one.minSize: expected a whole number of servers between 0 and 10000, found nothing',
      '3 groups.one.maxSize: expected a whole number of servers between 0 and 10000, found nothing',
    ]);
  });

  it.each([
    ['minSise: 3', 'expected no such key; minSize is one'],
    ['instances: nobody', 'expected a list, found "nobody"'],
    ['mode: off', 'expected one of active, observe, found "off"'],
    ['capacityRebalance: "yes"', 'expected true or false, found "yes"'],
    ['activityTimeout: soon', 'expected seconds or a duration like 90s, 30m, 2h, 1d, found "soon"'],
    ['healthCheckType: ELB', 'expected EC2: the group has no load balancer, found "ELB"'],
    ['initialCapacity: 10', 'expected between minSize (1) and maxSize (9), found 10'],
    [
      'launch: { imageId: ami-0a1b2c3d, instanceType: t3.micro }',
      'expected exactly one of launch, existing, ecs',
    ],
    [
      'objective: { unserved: 150% }',
      'expected a share above 0 and below 100%, like 0.1% or 0.001, found "150%"',
    ],
    [
      'targets: [{ metric: { namespace: Shop }, targetValue: 1 }]',
      'expected 1 to 255 characters, found nothing',
    ],
    [
      'targets: [{ metric: cpus, targetValue: 1 }]',
      'expected one of cpu, memory, disk, networkIn, networkOut, requestsPerSecond, requestsPerTarget, responseTime, or {namespace, metricName, dimensions, statistic}, or {prometheus: {url, query}} (did you mean cpu?), found "cpus"',
    ],
    [
      'schedules: { w: { start: "0 9 * * *", duration: 1h } }',
      'expected scalingAdjustment, minSize, maxSize, lowerMinSizeTo, or the window does nothing, found nothing',
    ],
    [
      'schedules: { w: { start: "0 9 * * *", minSize: 2 } }',
      'expected either end or duration, found nothing',
    ],
    [
      'schedules: { w: { start: "0 9 * * *", end: 2026-01-01T00:00, minSize: 2 } }',
      'expected the same kind as start, both a cron or both a local time, found "2026-01-01T00:00"',
    ],
    [
      'schedules: { Lunch: { start: "0 9 * * *", duration: 1h, minSize: 2 } }',
      'expected a name of lower-case letters, digits and hyphens, at most 31, starting with a letter',
    ],
    [
      'loadBalancer: { scheme: internal, port: 80, protocol: TLS }',
      "expected a certificate's ARN, which TLS needs, found nothing",
    ],
    [
      'loadBalancer: { port: 80, healthCheck: { timeoutSeconds: 30 } }',
      'expected less than intervalSeconds (15), found 30',
    ],
  ])('with %s says what was expected', (line, expected) => {
    expect(mistakes(sized(line)).join('\n')).toContain(`: ${expected}`);
  });

  it.each([
    ['0 11 1 * MON', 'expected * for day of month or for day of week: EventBridge cannot say both'],
    ['0 0 31 2 *', 'expected a day that comes: none of these months has it'],
    ['0 25 * * *', 'expected 0 to 23, a range, or a step like */2 as hour of a cron, not "25"'],
    ['*/90 * * * *', 'expected 0 to 59, a range, or a step like */2 as minute of a cron, not "*/90"'],
    ['0 0 * * MONDAY', 'expected 0 to 7 or SUN to SAT, a range, or a step like */2 as day of week'],
    ['0 0 31W * *', 'expected L alone (the last day) or W after one day from 1 to 28'],
    ['0 0 LW * *', 'expected L alone (the last day) or W after one day from 1 to 28'],
    ['0 0 1,15W * *', 'expected L alone (the last day) or W after one day from 1 to 28'],
    ['0 0 * * L', 'expected L after one weekday (FRIL or 5L: the last Friday) or # between a weekday'],
    ['0 0 * * MON#1,FRI#3', 'expected L after one weekday (FRIL or 5L: the last Friday) or # between'],
    ['0 0 * * FRI#6', 'expected L after one weekday (FRIL or 5L: the last Friday) or # between'],
    ['0 0 * * 8#1', 'expected L after one weekday (FRIL or 5L: the last Friday) or # between'],
    ['0 0 * * 1-8', 'expected 0 to 7 or SUN to SAT, a range, or a step like */2 as day of week'],
    ['0 0 * *', 'expected a cron of five fields'],
    ['@daily', 'expected a cron of five fields: "0 0 * * *", found'],
    ['@reboot', 'expected a cron of five fields, minute, hour'],
    ['2026-02-30T00:00', 'expected a cron of five fields like "0 11 * * MON-FRI", or a local time'],
    ['2026-11-11T00:00Z', 'expected a cron of five fields like "0 11 * * MON-FRI", or a local time'],
    ['2026-11-11T25:00', 'expected a cron of five fields like "0 11 * * MON-FRI", or a local time'],
    ['2026-11-11 11:00', 'expected a cron of five fields like "0 11 * * MON-FRI", or a local time'],
  ])('refuses the time %s', (start, expected) => {
    const window = `schedules: { w: { start: "${start}", duration: 1h, minSize: 2 } }`;
    expect(mistakes(sized(window))).toEqual([
      expect.stringContaining(`groups.one.schedules.w.start: ${expected}`),
    ]);
  });

  it.each([
    ['0 11 ? * 2-6 *', '(six are AWS\'s form, where 1 is Sunday): "0 11 * * 1-5"'],
    ['cron(0/15 9-17 ? * MON-FRI *)', '(six are AWS\'s form, where 1 is Sunday): "0/15 9-17 * * MON-FRI"'],
    ['0 11 ? * 6#2 *', '(six are AWS\'s form, where 1 is Sunday): "0 11 * * 5#2"'],
    ['0 11 ? * 1L *', '(six are AWS\'s form, where 1 is Sunday): "0 11 * * 0L"'],
    ['0 11 ? * L *', '(six are AWS\'s form, where 1 is Sunday): "0 11 * * SAT"'],
    ['0 11 15W * ? *', '(six are AWS\'s form, where 1 is Sunday): "0 11 15W * *"'],
    ['0 0 11 * * MON', '(the first of six is seconds): "0 11 * * MON"'],
    ['0 11 ? * 2-6 2026', '(minute, hour, day of month, month, day of week), without seconds or a year'],
    ['30 0 11 * * MON', '(minute, hour, day of month, month, day of week), without seconds or a year'],
    ['0 99 ? * 2-6 *', '(minute, hour, day of month, month, day of week), without seconds or a year'],
  ])('refuses the six fields %s and says what they are in five', (start, translation) => {
    const window = `schedules: { w: { start: "${start}", duration: 1h, minSize: 2 } }`;
    expect(mistakes(sized(window))).toEqual([
      `7 groups.one.schedules.w.start: expected a cron of five fields ${translation}, found ${JSON.stringify(start)}`,
    ]);
  });

  it.each([
    '0 0 L * *',
    '*/20 9-17 * * MON-FRI',
    '0/15 22-2 ? * FRI-MON',
    '0 0 15W * *',
    '0 0 * * 1L',
    '0 0 * * FRI#2',
    '2026-11-11T00:00',
    '2028-02-29T23:59:30',
  ])('takes the time %s', (start) => {
    expect(mistakes(sized(`schedules: { w: { start: "${start}", duration: 1h, minSize: 2 } }`))).toEqual([]);
  });

  it.each([
    ['lowerMinSizeTo: 2', 'lowerMinSizeTo: expected below minSize (2), found 2'],
    ['lowerMinSizeTo: 1, minSize: 3', 'lowerMinSizeTo: expected no minSize beside it'],
    ['lowerMinSizeTo: 1, maxSize: 0', 'maxSize: expected at least lowerMinSizeTo (1), found 0'],
    ['maxSize: 1', 'maxSize: expected at least minSize (2), or lowerMinSizeTo beside it, found 1'],
    [
      'only: [2026-11-11]',
      'expected scalingAdjustment, minSize, maxSize, lowerMinSizeTo, or the window does',
    ],
  ])('refuses a window below the minimum that does not say what it is: %s', (effect, expected) => {
    const window = `schedules: { w: { start: "0 1 * * *", duration: 1h, ${effect} } }`;
    expect(mistakes(oneGroup('minSize: 2', 'maxSize: 3', window))).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it('takes a window that closes a group', () => {
    const window = 'schedules: { w: { start: "0 1 * * *", duration: 1h, lowerMinSizeTo: 0, maxSize: 0 } }';
    expect(mistakes(oneGroup('minSize: 2', 'maxSize: 3', window))).toEqual([]);
  });

  it('does not blame a field for another one that is wrong', () => {
    expect(mistakes(oneGroup('minSize: many', 'maxSize: 3', 'initialCapacity: 2'))).toEqual([
      '5 groups.one.minSize: expected a whole number of servers between 0 and 10000, found "many"',
    ]);
  });

  it('lets nobody follow himself round a circle', () => {
    const group = (name: string, leader: string) =>
      `  ${name}: { existing: ${name}, minSize: 1, maxSize: 2, follows: { group: ${leader}, ratio: 1 } }`;
    const groups = [group('a', 'b'), group('b', 'a'), group('c', 'a')];
    expect(mistakes(`name: f\ngroups:\n${groups.join('\n')}`)).toEqual([
      '3 groups.a.follows.group: expected a leader outside the circle a → b → a, found "b"',
      '4 groups.b.follows.group: expected a leader outside the circle b → a → b, found "a"',
    ]);
  });

  it('lets no window be closed on each of its days', () => {
    const windows = [
      'v: { start: "0 9 * * *", duration: 1h, minSize: 2, only: [2026-10-01..2026-10-03], except: [2026-10-03, 2026-10-01..2026-10-02] }',
      'w: { start: 2026-11-11T00:00, duration: 1h, minSize: 2, except: [holidays] }',
      'x: { start: 2026-11-12T00:00, duration: 1h, minSize: 2, only: [holidays] }',
      'y: { start: "0 9 * * *", duration: 1h, minSize: 2, only: [to-come], except: [holidays] }',
      'z: { start: "0 9 * * *", duration: 1h, minSize: 2, only: [2026-11-10..2026-11-12], except: [holidays] }',
    ];
    const group = sized('schedules:', ...windows.map((window) => `  ${window}`));
    const calendars = 'calendars: { to-come: [], holidays: [2026-11-10..2026-11-11] }';
    expect(mistakes(`${group}\n${calendars}`)).toEqual([
      '8 groups.one.schedules.v.only: expected to leave a day on which it opens, found a list of one',
      '9 groups.one.schedules.w.except: expected to leave a day on which it opens, found a list of one',
      '10 groups.one.schedules.x.only: expected to leave a day on which it opens, found a list of one',
    ]);
  });

  it('lets no window ask for more than another allows at the very same times', () => {
    const times = 'start: "0 9 * * *", end: "0 17 * * *"';
    const windows = [
      `floor: { ${times}, minSize: 5 }`,
      `ceiling: { ${times}, maxSize: 4 }`,
      `elsewhere: { ${times}, minSize: 5, timeZone: Asia/Tokyo }`,
      `sundays: { ${times}, minSize: 5, only: [2026-11-29] }`,
      `enough: { ${times}, minSize: 4 }`,
    ];
    expect(mistakes(sized('schedules:', ...windows.map((window) => `  ${window}`)))).toEqual([
      '8 groups.one.schedules.floor.minSize: expected at most maxSize (4) of ceiling, which is open at the same times, found 5',
    ]);
  });

  it('tracks a metric once', () => {
    const own = '{ namespace: Shop, metricName: Queue }';
    const targets = ['cpu, targetValue: 70', 'memory, targetValue: 80', 'cpu, targetValue: 50']
      .concat(`${own}, targetValue: 3`, `${own}, targetValue: 4`)
      .map((target) => `{ metric: ${target} }`);
    expect(mistakes(sized(`targets: [${targets}]`))).toEqual([
      '7 groups.one.targets.2.metric: expected another metric than that of targets.0, found "cpu"',
      '7 groups.one.targets.4.metric: expected another metric than that of targets.3, found keys and values',
    ]);
  });

  it('lets two groups not adopt one server', () => {
    const group = (name: string) =>
      `  ${name}: { existing: ${name}, minSize: 0, maxSize: 2, instances: [i-0a5e551041adde001] }`;
    expect(mistakes(`name: f\ngroups:\n${group('a')}\n${group('b')}`)).toEqual([
      '4 groups.b.instances.0: expected a server that is not adopted by a, found "i-0a5e551041adde001"',
    ]);
  });

  it('wakes a group from zero only by what exists without servers', () => {
    expect(mistakes(oneGroup('minSize: 0', 'maxSize: 2'))[0]).toContain('no CPU metric to wake it');
    expect(mistakes(oneGroup('minSize: 0', 'maxSize: 2', 'follows: { group: one, ratio: 1 }'))[0]).toContain(
      'circle',
    );
  });
});

describe('text that is no fleet file', () => {
  it.each([
    ['nothing', '', ['1 : expected keys and values, found nothing']],
    ['a list', '- a', ['1 : expected keys and values, found a list of one']],
    ['broken YAML', 'name: f\ngroups: [1', ['2 : expected a ] that closes this [']],
    ['a key twice', 'name: f\nname: g', ['2 name: expected this key once: it is in line 1 too']],
    ['a key that would be lost', 'name: f\ngroups:\n  __proto__: {}', ['3 __proto__: expected another key']],
    ['nesting without end', `name: ${'['.repeat(5000)}`, ['1 : expected less nesting']],
    [
      'more than a fleet can need',
      `name: ${'x'.repeat(4_000_000)}`,
      ['1 : expected at most 4000000 characters'],
    ],
  ])('is refused: %s', (_, text, expected) => {
    expect(mistakes(text)).toEqual(expected);
  });

  it('is refused when a few lines stand for gigabytes', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${`*${of},`.repeat(9)} *${of}]`;
    const bomb = ['a: &a [x, x, x]', level('b', 'a'), level('c', 'b'), level('d', 'c'), level('e', 'd')];
    expect(mistakes(bomb.join('\n'))).toEqual(['1 : expected aliases that are resolved at most 1000 times']);
  });

  it('may use an alias, and mistakes behind it are found', () => {
    const text = 'name: f\ngroups:\n  a: &a { existing: g, minSize: 1, maxSize: 0 }\n  b: *a';
    expect(mistakes(text)).toEqual([
      '3 groups.a.minSize: expected at most maxSize (0), found 1',
      '3 groups.b.minSize: expected at most maxSize (0), found 1',
      '3 groups.b.existing: expected a group that is not that of a, found "g"',
    ]);
  });
});

it.each([
  ['Asia/Shanghai', true],
  ['Asia/Kolkata', true],
  ['US/Eastern', true],
  ['America/Argentina/Buenos_Aires', true],
  ['Etc/GMT+3', true],
  ['UTC', true],
  ['asia/shanghai', false],
  ['ASIA/KOLKATA', false],
  ['us/eastern', false],
  ['utc', false],
])(
  'takes %s for a time zone: %s, for EventBridge Scheduler takes names as the database spells them',
  (zone, taken) => {
    const group = 'g: { launch: { imageId: ami-0a1b2c3d, instanceType: c7g.large }, minSize: 1, maxSize: 2 }';
    const read = () => readFleet(`name: f\ntimeZone: ${zone}\ngroups:\n  ${group}\n`);
    if (taken) expect(read().timeZone).toBe(zone);
    else expect(read).toThrow(/timeZone: expected a time zone of the IANA database/);
  },
);
