import { describe, expect, it } from 'vitest';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { warnings } from '../../../shared/fleet/warnings.ts';
import { windowWarnings } from '../../../shared/schedule/window-warnings.ts';

const now = Date.parse('2026-11-20T00:00:00Z');

/** All that is told of the file: `line path: message` of mistakes, `! path: message` of what is probably not meant. */
function told(text: string): string[] {
  try {
    const fleet = readFleet(text);
    return [...warnings(fleet), ...windowWarnings(fleet, now)].map(
      ({ path, message }) => `! ${path}: ${message}`,
    );
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    return error.problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);
  }
}

const rest = 'groups: { one: { existing: g, minSize: 1, maxSize: 2 } }';
const oneGroup = (...lines: string[]) =>
  ['name: f', 'groups:', '  one:', '    existing: g', '    minSize: 3', '    maxSize: 9']
    .concat(lines.map((line) => `    ${line}`))
    .join('\n');
const zone = (name: string) => `name: f\ntimeZone: ${name}\n${rest}`;
const window = (text: string) => oneGroup(`schedules: { w: { ${text} } }`);
const rule =
  'metric: cpu, comparisonOperator: LessThanThreshold, threshold: 30, period: 60, evaluationPeriods: 3, scalingAdjustment: -1';
const alarm = (wrong: string, instead: string) =>
  oneGroup(`alarms: { a: { ${rule.replace(wrong, instead)} } }`);
const launched = (text: string) => oneGroup(`launch: { ${text} }`).replace('    existing: g\n', '');
const image = 'imageId: ami-0a1b2c3d';
const balanced = (text: string) =>
  launched(`${image}, instanceType: c7g.large`).concat(`\n    loadBalancer: { ${text} }`);

/** What people write, and the whole of what they are told. */
type Table = readonly (readonly [kind: string, text: string, expected: string | RegExp])[];

const zones: Table = [
  ['a typing error', zone('Asia/Shanghia'), /^2 timeZone: .*\(did you mean Asia\/Shanghai\?\)/],
  ['a city', zone('Beijing'), /did you mean Asia\/Shanghai\?/],
  ['a city that is in the database', zone('Berlin'), /did you mean Europe\/Berlin\?/],
  ['an abbreviation of two zones', zone('CST'), /did you mean Asia\/Shanghai or America\/Chicago\?/],
  ['an abbreviation without summer', zone('EST'), /did you mean America\/New_York\?/],
  ['half of one', zone('EST5EDT'), /did you mean America\/New_York\?/],
  ['lower case', zone('asia/shanghai'), /did you mean Asia\/Shanghai\?/],
  ['upper case', zone('EUROPE/BERLIN'), /did you mean Europe\/Berlin\?/],
  ['a name of old', zone('PRC'), /did you mean Asia\/Shanghai\?/],
  ['UTC in lower case', zone('utc'), /did you mean UTC\?/],
  ['an offset', zone('GMT+8'), /an offset knows no daylight saving/],
  [
    'an offset the wrong way round',
    zone('Etc/GMT+8'),
    '! timeZone: is 8 hours behind UTC, whatever the sign suggests, and knows no daylight saving',
  ],
];

const keys: Table = [
  [
    'schedule for schedules',
    oneGroup('schedule: {}'),
    '7 groups.one.schedule: expected no such key; schedules is one',
  ],
  [
    'maxsize, once',
    oneGroup().replace('maxSize', 'maxsize'),
    '6 groups.one.maxsize: expected no such key; maxSize is one',
  ],
  [
    'min_size, once',
    oneGroup().replace('minSize', 'min_size'),
    '5 groups.one.min_size: expected no such key; minSize is one',
  ],
  [
    'desiredCapacity',
    oneGroup('desiredCapacity: 3'),
    '7 groups.one.desiredCapacity: expected no such key; initialCapacity is one',
  ],
  ['an unknown one', `region: eu\n${oneGroup()}`, /^1 region: expected one of name, timeZone, /],
  ['one twice', oneGroup('minSize: 2'), '7 minSize: expected this key once: it is in line 5 too'],
  ['a group twice', `${oneGroup()}\n  one: {}`, '7 one: expected this key once: it is in line 3 too'],
  [
    'a group in capitals',
    oneGroup().replace('one:', 'Web_App:'),
    /^3 groups\.Web_App: .*\(did you mean web-app\?\)$/,
  ],
  [
    'more groups than there may be, with how many there are',
    `name: f\ngroups:\n${Array.from({ length: 1001 }, (_, at) => `  g${at}: {}`).join('\n')}`,
    '2 groups: expected between 1 and 500 groups, found 1001',
  ],
  [
    'a variable in lower case',
    launched(`${image}, instanceType: c7g.large, environment: { port: "80" }`),
    /\(did you mean PORT\?\)$/,
  ],
];

const yaml: Table = [
  [
    'tabs',
    'name: f\ngroups:\n\tone:\n\t\tminSize: 1',
    '3 : expected spaces before the key, found a tab, and in 1 more lines: YAML is indented by spaces',
  ],
  [
    'one tab',
    oneGroup('\tmode: active').replace('    \t', '\t'),
    '7 : expected spaces before the key, found a tab: YAML is indented by spaces',
  ],
  [
    'too few spaces',
    oneGroup().replace('    minSize', '   minSize'),
    '5 : expected 4 spaces before this key, as before the one above it, found 3',
  ],
  [
    'too many spaces',
    oneGroup().replace('    maxSize', '      maxSize'),
    '6 : expected 4 spaces before this key, as before the one above it, found 6',
  ],
  [
    'a full-width colon',
    oneGroup().replace('minSize:', 'minSize：'),
    '5 : expected ": ", found the full-width "："',
  ],
  ['a full-width colon at the top', `name：f\n${rest}`, '1 : expected ": ", found the full-width "："'],
  [
    'a full-width comma',
    'name: f\ngroups:\n  one: {existing: g， minSize: 1， maxSize: 2}',
    '3 : expected ", ", found the full-width "，"',
  ],
  ['no space after a colon', `name:f\n${rest}`, '1 : expected a space after "name:"'],
  [
    'a cron without quotes',
    oneGroup('schedules:', '  w:', '    start: * 11 * * *', '    duration: 1h'),
    '9 : expected the cron in quotes, "* 11 * * *": a * without them begins an alias',
  ],
  [
    'an alias of nothing',
    'name: f\ngroups:\n  one: *web',
    '3 : expected an anchor &web above, which *web would repeat; text that begins with a * is put in quotes',
  ],
  ['an open brace', `name: f\n${rest.slice(0, -1)}`, '2 : expected a } that closes this {'],
  ['an open quote', `name: "f\n${rest}`, '1 : expected a " that closes this "'],
  [
    'a template',
    `name: {{ fleet }}\n${rest}`,
    '1 : expected text for a key, found {…}: nothing fills in {{ templates }} here',
  ],
  [
    'a variable',
    `name: \${FLEET}\n${rest}`,
    /^1 name: .*, found "\$\{FLEET\}": nothing fills in variables here$/,
  ],
  [
    'a list of groups',
    'name: f\ngroups:\n  - one: {}',
    '2 groups: expected keys and values, found a list of one',
  ],
  ['a group of nothing', 'name: f\ngroups:\n  one:', '3 groups.one: expected keys and values, found nothing'],
  ['nothing', '', '1 : expected keys and values, found nothing'],
];

const daily = 'start: "0 9 * * *"';
const windows: Table = [
  [
    'a time for a cron',
    window('start: 11:00, duration: 1h, minSize: 4'),
    /, found "11:00": did you mean "0 11 \* \* \*"\?$/,
  ],
  ['six fields', window('start: "0 0 11 * * *", duration: 1h, minSize: 4'), /"0 11 \* \* \*"/],
  ["AWS's six fields", window('start: "cron(0 11 * * ? *)", duration: 1h, minSize: 4'), /"0 11 \* \* \*"/],
  ['hour 25', window('start: "0 25 * * *", duration: 1h, minSize: 4'), /expected 0 to 23/],
  ['February 30', window('start: "0 0 30 2 *", duration: 1h, minSize: 4'), /expected a day that comes/],
  [
    'every minute',
    window('start: "* * * * *", duration: 1h, minSize: 4'),
    '! groups.one.schedules.w.duration: is 1 h, but it opens again 1 min after its start: what is longer than that is cut',
  ],
  [
    'swapped ends',
    window('start: "0 13 * * *", end: "0 11 * * *", minSize: 4'),
    '! groups.one.schedules.w.end: comes up to 22 h after the start: were start and end swapped?',
  ],
  [
    'an end on other days',
    window('start: "0 9 * * *", end: "0 17 * * MON-FRI", minSize: 4'),
    '! groups.one.schedules.w.end: comes up to 56 h after the start, as they are on different days',
  ],
  [
    'an overlap with itself',
    window('start: "0 * * * *", duration: 2h, minSize: 4'),
    /^! .*duration: is 2 h, but it opens again 1 h after/,
  ],
  [
    'three days on a daily one',
    window(`${daily}, duration: 3d, minSize: 4`),
    /^! .*duration: is 3 days, but it opens again a day after/,
  ],
  ['no end', window(`${daily}, minSize: 4`), /w\.end: expected either end or duration/],
  ['nothing that it does', window(`${daily}, duration: 1h`), /or the window does nothing/],
  ['less servers', window(`${daily}, duration: 1h, scalingAdjustment: -2`), /expected servers to add/],
  [
    'a number in quotes',
    window(`${daily}, duration: 1h, scalingAdjustment: "2"`),
    /: did you mean 2, without quotes\?$/,
  ],
  [
    'a minimum above the maximum',
    window(`${daily}, duration: 1h, minSize: 20`),
    /expected at most maxSize \(9\)/,
  ],
  [
    "a minimum below the group's own",
    window(`${daily}, duration: 1h, minSize: 2`),
    /^! .*minSize: is no more than the group's own minSize \(3\): the window changes nothing/,
  ],
  [
    "a maximum above the group's own",
    window(`${daily}, duration: 1h, maxSize: 9`),
    /^! .*maxSize: is no less than the group's own maxSize \(9\)/,
  ],
  ['a past day', window('start: 2020-01-01T09:00, duration: 1h, minSize: 4'), /^! .*is over/],
  [
    'a calendar by nearly its name',
    `calendars: { holidays: [] }\n${window(`${daily}, duration: 1h, minSize: 4, except: [holiday]`)}`,
    /\(did you mean holidays\?\), found "holiday"$/,
  ],
  [
    "an objective's calendar that does not exist",
    oneGroup('objective: { unserved: 0.1%, holidays: [holiday] }'),
    /objective\.holidays\.0: .*calendar of this fleet/,
  ],
  ['no date', window(`${daily}, duration: 1h, minSize: 4, except: [2026-13-01]`), /expected a day/],
];

const numbers: Table = [
  [
    'a minimum above the maximum',
    oneGroup().replace('maxSize: 9', 'maxSize: 0'),
    /minSize: expected at most maxSize \(0\)/,
  ],
  ['half a server', oneGroup().replace('maxSize: 9', 'maxSize: 2.5'), /expected a whole number of servers/],
  [
    'a number in quotes',
    oneGroup().replace('maxSize: 9', 'maxSize: "9"'),
    /: did you mean 9, without quotes\?$/,
  ],
  [
    '0.7 for 70 %',
    alarm('threshold: 30', 'threshold: 0.7'),
    '! groups.one.alarms.a.threshold: is 0.7 %: did you mean 70? Percentages are written from 0 to 100',
  ],
  ['700 %', alarm('threshold: 30', 'threshold: 700'), /expected a percentage between 0 and 100, found 700$/],
  ['70%', alarm('threshold: 30', 'threshold: 70%'), /: did you mean 70, without quotes and %\?$/],
  [
    'a target of 0.6',
    oneGroup('targets: [{ metric: cpu, targetValue: 0.6 }]'),
    '! groups.one.targets.0.targetValue: is 0.6 %: did you mean 60? Percentages are written from 0 to 100',
  ],
  [
    "an objective's target of 0.8",
    oneGroup('objective: { unserved: 1%, targetValue: 0.8 }'),
    /^! groups\.one\.objective\.targetValue: is 0\.8 %/,
  ],
  ['a period of 45 seconds', alarm('period: 60', 'period: 45'), /expected 10, 20, 30 or a multiple of 60/],
  ['a period of 5m', alarm('period: 60', 'period: 5m'), /: did you mean 300\?$/],
  [
    'no period at all',
    alarm('evaluationPeriods: 3', 'evaluationPeriods: 0'),
    /expected a whole number between 1 and 100/,
  ],
  [
    'more datapoints than periods',
    alarm('scaling', 'datapointsToAlarm: 5, scaling'),
    /expected at most evaluationPeriods \(3\)/,
  ],
  ['a cooldown of 5 minutes', alarm('scaling', 'cooldown: 5 minutes, scaling'), /: did you mean 5m\?$/],
];

const rules: Table = [
  [
    '> for the operator',
    alarm('LessThanThreshold', '">"'),
    /\(did you mean GreaterThanThreshold\?\), found ">"$/,
  ],
  [
    'most of the operator',
    alarm('LessThanThreshold', 'LessThanOrEqual'),
    /\(did you mean LessThanOrEqualToThreshold\?\)/,
  ],
  ['CPU', alarm('metric: cpu', 'metric: CPU'), /\(did you mean cpu\?\), found "CPU"$/],
  ["CloudWatch's name", alarm('metric: cpu', 'metric: CPUUtilization'), /\(did you mean cpu\?\)/],
  ['avg', alarm('scaling', 'statistic: avg, scaling'), /: did you mean Average\?$/],
  [
    'one that scales in when it is much',
    alarm('LessThan', 'GreaterThan'),
    /^! .*takes servers away when cpu rises/,
  ],
  ['a word for a mode', oneGroup('mode: observ'), /\(did you mean observe\?\)/],
  [
    'a leader by nearly its name',
    `${oneGroup('follows: { group: to, ratio: 1 }')}\n  two: { existing: h, minSize: 1, maxSize: 2 }`,
    /\(did you mean two\?\), found "to"$/,
  ],
  [
    'itself for a leader',
    oneGroup('follows: { group: one, ratio: 1 }'),
    /expected a leader outside the circle one → one/,
  ],
  [
    'no ratio',
    `${oneGroup('follows: { group: two, ratio: 0 }')}\n  two: { existing: h, minSize: 1, maxSize: 2 }`,
    /ratio: expected a number above 0/,
  ],
];

const others: Table = [
  [
    'neither launch nor existing',
    oneGroup().replace('    existing: g\n', ''),
    /expected exactly one of launch, existing, ecs.* and \w+,/,
  ],
  ['an image that is none', launched('imageId: ami-x, instanceType: c7g.large'), /expected an image like/],
  ['a type that is none', launched(`${image}, instanceType: c7glarge`), /expected an instance type like/],
  [
    'two architectures',
    launched(`${image}, instanceType: [c7g.large, m5.large]`),
    /: expected types of one architecture, as one image runs on it: c7g\.large is ARM, m5\.large is x86, found a list of 2$/,
  ],
  ['a scheme of another name', balanced('scheme: public, port: 80'), /\(did you mean internet-facing\?\)/],
  [
    'a protocol in lower case',
    balanced('scheme: internal, port: 80, protocol: http'),
    /\(did you mean HTTP\?\)/,
  ],
  [
    'HTTPS without a certificate',
    balanced('scheme: internal, port: 443, protocol: HTTPS'),
    /expected a certificate's ARN/,
  ],
  [
    'a timeout above the interval',
    balanced('scheme: internal, port: 80, healthCheck: { timeoutSeconds: 20 }'),
    /expected less than intervalSeconds \(15\)/,
  ],
  ['an e-mail that is none', `notify: { email: [ops] }\n${oneGroup()}`, /expected an email address/],
  [
    'an e-mail without a list',
    `notify: { email: a@example.com }\n${oneGroup()}`,
    /expected a list, found "a@example\.com": write \[a@example\.com\]$/,
  ],
  ['an instance that is none', oneGroup('instances: [i-x]'), /expected an instance id like/],
  [
    'a number for text',
    launched(`${image}, instanceType: c7g.large, environment: { PORT: 80 }`),
    /, found 80: put it in quotes, "80"$/,
  ],
];

describe.each(Object.entries({ zones, keys, yaml, windows, numbers, rules, others }))(
  'a mistake of %s is told once, where it is, with what was meant:',
  (_, table) => {
    it.each(table)('%s', (_, text, expected) => {
      expect(told(text)).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
    });
  },
);

it('tells of a name that is none, and of what is wrong below it', () => {
  const text = oneGroup(`alarms: { Hot_One: { ${rule.replace('cpu', 'CPU')} } }`).replace('one:', 'Web_App:');
  expect(told(text)).toEqual([
    expect.stringMatching(/^3 groups\.Web_App: .*\(did you mean web-app\?\)$/),
    expect.stringMatching(/^7 groups\.Web_App\.alarms\.Hot_One\.metric: .*\(did you mean cpu\?\)/),
    expect.stringMatching(/^7 groups\.Web_App\.alarms\.Hot_One: .*\(did you mean hot-one\?\)$/),
  ]);
});

describe('what is no mistake', () => {
  it.each([
    ['a zone as the database has it', zone('America/Argentina/Buenos_Aires')],
    ['a zone with a hyphen', zone('America/Port-au-Prince')],
    ['a name of today for a zone of old', zone('Asia/Kolkata')],
    ['UTC', zone('UTC')],
    ['a byte-order mark', `\ufeff${oneGroup()}`],
    ["Windows' line ends", oneGroup().replaceAll('\n', '\r\n')],
    ['a window over midnight', window('start: "0 22 * * *", end: "0 6 * * *", minSize: 4')],
    ['a weekend', window('start: "0 0 * * SAT", duration: 2d, minSize: 4')],
    [
      'types of one architecture',
      launched(`${image}, instanceType: [c7g.large, m6gd.large, t4g.small, im4gn.large]`),
    ],
    ['types of the other', launched(`${image}, instanceType: [g5.xlarge, m7i.large, c6a.large]`)],
    ['full-width signs in text', oneGroup('draining: { command: "echo 好：了，" } # 注释：，')],
  ])('passes: %s', (_, text) => {
    expect(told(text)).toEqual([]);
  });
});

it('shows the line of what is no YAML, with a caret where it stops', () => {
  expect(() => readFleet(oneGroup().replace('minSize:', '大小：'))).toThrow(
    'fleet.yaml:5 expected ": ", found the full-width "："\n    |     大小： 3\n    |         ^',
  );
});
