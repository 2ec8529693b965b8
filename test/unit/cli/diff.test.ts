import { LambdaClient } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { changesBetween } from '../../../cli/diff/changes.ts';
import { compare } from '../../../cli/diff/compare.ts';
import { diffMarkdown, diffText } from '../../../cli/diff/render.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { version } from '../../../shared/version.ts';

const text = `name: shop
timeZone: Asia/Shanghai
historyRetentionDays: 400
calendars: { rest: { country: CN }, sales: [2026-11-11] }
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 2
    maxSize: 10
    loadBalancer: { scheme: internal, port: 80 }
    schedules:
      lunch: { start: "0 11 * * MON-FRI", end: "0 13 * * MON-FRI", scalingAdjustment: 2, except: [rest] }
      sale: { start: 2026-11-11T00:00, duration: 90m, minSize: 6 }
    alarms:
      busy: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 3, scalingAdjustment: 2 }
    targets: [{ metric: cpu, targetValue: 60 }]
  session: { existing: session, minSize: 1, maxSize: 4, follows: { group: web, ratio: 0.5 } }
`;
const fleet = readFleet(text);

/** What a deploy changes when these words of the file are replaced. */
function changes(from: string | RegExp, to: string) {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return changesBetween(fleet, readFleet(changed));
}

const web = { group: 'web' };
const changed = { change: 'changed' };

describe('what a deploy changes', () => {
  it('is nothing when nothing has changed, nor when the same is said in other words', () => {
    expect(changesBetween(fleet, readFleet(text))).toEqual([]);
    expect(changes('0 11 * * MON-FRI', '0 11 ? * 1-5')).toEqual([]);
    expect(changes('duration: 90m', 'duration: 5400')).toEqual([]);
    expect(changes('historyRetentionDays: 400\n', '')).toEqual([]);
    expect(
      changes(/^calendars.*$/m, 'calendars: { sales: [2026-11-11..2026-11-11], rest: { country: CN } }'),
    ).toEqual([]);
  });

  it.each([
    [
      'limits',
      'maxSize: 10',
      'maxSize: 14',
      { ...web, subject: 'group', field: 'maxSize', before: '10', after: '14' },
    ],
    [
      'a start',
      '0 11 * * MON-FRI',
      '30 11 * * *',
      {
        ...web,
        subject: 'window',
        name: 'lunch',
        field: 'start',
        before: '0 11 * * MON-FRI',
        after: '30 11 * * *',
      },
    ],
    [
      'a duration',
      '90m',
      '2h',
      { ...web, subject: 'window', name: 'sale', field: 'duration', before: '90m', after: '2h' },
    ],
    [
      'a day',
      '2026-11-11T00:00',
      '2026-11-12T00:00',
      {
        ...web,
        subject: 'window',
        name: 'sale',
        field: 'start',
        before: '2026-11-11T00:00',
        after: '2026-11-12T00:00',
      },
    ],
    [
      'an effect',
      'scalingAdjustment: 2, except',
      'scalingAdjustment: 50%, except',
      { ...web, subject: 'window', name: 'lunch', field: 'scalingAdjustment', before: '2', after: '50%' },
    ],
    [
      'a key that was not there',
      'minSize: 6',
      'minSize: 6, maxSize: 8',
      { ...web, subject: 'window', name: 'sale', field: 'maxSize', after: '8' },
    ],
    [
      'a key that is gone',
      ', except: [rest]',
      '',
      { ...web, subject: 'window', name: 'lunch', field: 'except', before: 'rest' },
    ],
    [
      'a threshold',
      'threshold: 70',
      'threshold: 80',
      { ...web, subject: 'rule', name: 'busy', field: 'threshold', before: '70', after: '80' },
    ],
    [
      'a cooldown',
      'scalingAdjustment: 2 }',
      'scalingAdjustment: 2, cooldown: 10m }',
      { ...web, subject: 'rule', name: 'busy', field: 'cooldown', before: '5m', after: '10m' },
    ],
    [
      'a target',
      'targetValue: 60',
      'targetValue: 50',
      { ...web, subject: 'target', name: 'cpu', field: 'targetValue', before: '60', after: '50' },
    ],
    [
      'a leader',
      'ratio: 0.5',
      'ratio: 0.25',
      { group: 'session', subject: 'group', field: 'follows.ratio', before: '0.5', after: '0.25' },
    ],
    [
      'how fast',
      'targets:',
      'behavior: { scaleUp: { policies: [{ type: Percent, value: 50, periodSeconds: 60 }] } }\n    targets:',
      {
        ...web,
        subject: 'group',
        field: 'behavior.scaleUp.policies',
        after: '{ type: Percent, value: 50, periodSeconds: 60 }',
      },
    ],
    [
      'an objective',
      /targets: .*/,
      'objective: { unserved: 0.1% }',
      { ...web, subject: 'group', field: 'objective.unserved', after: '0.1%' },
    ],
    [
      'history',
      'Days: 400',
      'Days: 30',
      { subject: 'fleet', field: 'historyRetentionDays', before: '400', after: '30' },
    ],
    [
      'who is told',
      'calendars:',
      'notify: { email: [ops@example.com] }\ncalendars:',
      { subject: 'fleet', field: 'notify.email', after: 'ops@example.com' },
    ],
    [
      'tags',
      'calendars:',
      'tags: { cost: shop }\ncalendars:',
      { subject: 'fleet', field: 'tags.cost', after: 'shop' },
    ],
    [
      'a listed day',
      '[2026-11-11]',
      '[2026-11-11, 2026-12-12]',
      {
        subject: 'calendar',
        name: 'sales',
        field: '2026-12-12',
        after: 'listed',
        remark: 'no window goes by it',
      },
    ],
    [
      'a time zone',
      'Asia/Shanghai',
      'Asia/Tokyo',
      {
        subject: 'fleet',
        field: 'timeZone',
        before: 'Asia/Shanghai',
        after: 'Asia/Tokyo',
        remark: 'every window without a time zone of its own moves',
      },
    ],
    [
      'an image',
      'ami-0a1b2c3d4e5f60718',
      'ami-0a1b2c3d4e5f60719',
      {
        ...web,
        subject: 'group',
        field: 'launch.imageId',
        before: 'ami-0a1b2c3d4e5f60718',
        after: 'ami-0a1b2c3d4e5f60719',
        remark: 'servers that are there stay as they are',
      },
    ],
    [
      'a mode',
      'minSize: 2\n',
      'mode: observe\n    minSize: 2\n',
      {
        ...web,
        subject: 'group',
        field: 'mode',
        before: 'active',
        after: 'observe',
        remark: 'it no longer acts',
      },
    ],
    [
      'who reaches it',
      'scheme: internal,',
      'scheme: internet-facing,',
      {
        ...web,
        subject: 'group',
        field: 'loadBalancer.scheme',
        before: 'internal',
        after: 'internet-facing',
        remark: 'the load balancer is replaced: it gets another address',
      },
    ],
    [
      'the played day',
      'calendars:',
      'simulation: { seed: 5 }\ncalendars:',
      {
        subject: 'fleet',
        field: 'simulation.seed',
        before: '1',
        after: '5',
        remark: 'nothing in AWS reads it',
      },
    ],
  ])('is told key by key: %s', (_, from, to, expected) => {
    expect(changes(from, to)).toContainEqual({ ...changed, ...expected });
  });

  it('is one line for a window, a rule or a target that comes or goes', () => {
    const all = changes(
      / +alarms:[\s\S]*?targets: .*\n/,
      '    targets: [{ metric: requestsPerTarget, targetValue: 40, disableScaleIn: true }]\n',
    );
    expect(all).toEqual([
      {
        subject: 'target',
        ...web,
        name: 'requestsPerTarget',
        change: 'added',
        after: 'kept at 40, never scales in',
      },
      {
        subject: 'rule',
        ...web,
        name: 'busy',
        change: 'removed',
        before: 'cpu > 70 in 3 of 3 × 60 s: +2, cooldown 5m',
      },
      { subject: 'target', ...web, name: 'cpu', change: 'removed', before: 'kept at 60' },
    ]);
    const dinner =
      'dinner: { start: "0 17 * * FRI#2", duration: 2h, minSize: 3, maxSize: 5, only: [rest], timeZone: Asia/Tokyo }';
    expect(changes(/^ +lunch.*$/m, `      ${dinner}`)).toEqual([
      {
        subject: 'window',
        ...web,
        name: 'dinner',
        change: 'added',
        after: '0 17 * * FRI#2 for 2h Asia/Tokyo: at least 3, at most 5, only rest',
      },
      {
        subject: 'window',
        ...web,
        name: 'lunch',
        change: 'removed',
        before: '0 11 * * MON-FRI to 0 13 * * MON-FRI: +2, except rest',
      },
    ]);
  });

  it('is a group with all that is in it when it comes, and the group alone when it goes', () => {
    const extra =
      '  batch: { existing: batch, minSize: 0, maxSize: 3, schedules: { night: { start: "0 1 * * *", duration: 3h, minSize: 2 } } }\n';
    expect(changesBetween(fleet, readFleet(text + extra))).toEqual([
      { subject: 'group', group: 'batch', change: 'added', after: '0 to 3 servers, 1 window' },
      {
        subject: 'window',
        group: 'batch',
        name: 'night',
        change: 'added',
        after: '0 1 * * * for 3h: at least 2',
      },
    ]);
    expect(changesBetween(readFleet(text + extra), fleet)).toEqual([
      {
        subject: 'group',
        group: 'batch',
        change: 'removed',
        before: '0 to 3 servers, 1 window',
        remark: 'a deploy leaves its stack alone: npx cdk destroy shop-batch first',
      },
    ]);
  });

  it('is holidays by name, with the windows that go by them', () => {
    const found = changes('country: CN', 'country: KR');
    expect(found).toContainEqual({
      subject: 'calendar',
      name: 'rest',
      change: 'changed',
      field: '2027-02-07..2027-02-09',
      after: 'Korean New Year',
      remark: 'for web.lunch',
    });
    expect(found).toContainEqual({
      subject: 'calendar',
      name: 'rest',
      change: 'changed',
      field: '2026-10-01..2026-10-07',
      before: 'National Day',
      remark: 'for web.lunch',
    });
    expect(changes(', sales: [2026-11-11]', '')).toEqual([
      { subject: 'calendar', name: 'sales', change: 'removed', before: '1 entry' },
    ]);
  });
});

describe('rushhour diff', () => {
  afterEach(() => vi.restoreAllMocks());

  const archive = (deployed: object, of = version) =>
    zipSync({
      'index.mjs': strToU8('export const handler = 1;'),
      'fleet.json': strToU8(JSON.stringify(deployed)),
      'rushhour.json': strToU8(JSON.stringify({ version: of })),
    });

  function deployed(body: Uint8Array | undefined) {
    vi.spyOn(LambdaClient.prototype, 'send').mockImplementation(async () => {
      if (!body) throw Object.assign(new Error('no'), { name: 'ResourceNotFoundException' });
      return {
        Code: { Location: 'https://s3/x' },
        Configuration: { LastModified: '2026-03-02T09:12:13.000+0000' },
      };
    });
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(body && Buffer.from(body)));
  }

  it('says nothing where nothing has changed', async () => {
    deployed(archive(fleet));
    const comparison = await compare(fleet, 'fleet.yaml');
    expect(comparison.changes).toEqual([]);
    expect(diffText(comparison)).toBe(
      `✓ nothing: shop, deployed 2026-03-02T09:12Z with rushhour ${version}, is as fleet.yaml says`,
    );
    expect(diffMarkdown(comparison)).toContain('Nothing: what was deployed 2026-03-02T09:12Z');
  });

  it('tells the version, and changes in a table for each group', async () => {
    deployed(archive(fleet, '0.0.1'));
    const file = readFleet(
      text.replace('maxSize: 10', 'maxSize: 14').replace('2026-11-11T00:00', '2026-11-12T00:00'),
    );
    const comparison = await compare(file, 'fleet.yaml');
    expect(diffText(comparison)).toBe(
      [
        'A deploy of fleet.yaml changes shop, deployed 2026-03-02T09:12Z with rushhour 0.0.1:',
        '',
        'shop',
        `~ scaler: version  0.0.1 → ${version}`,
        '',
        'web',
        '~ maxSize             10 → 14',
        '~ window sale: start  2026-11-11T00:00 → 2026-11-12T00:00',
      ].join('\n'),
    );
    expect(diffMarkdown(comparison).split('\n').slice(-2)).toEqual([
      '| `web` | `maxSize` | `10` | `14` |  |',
      '| `web` | `window sale: start` | `2026-11-11T00:00` | `2026-11-12T00:00` |  |',
    ]);
  });

  it('lets no value be Markdown', () => {
    const changes = [
      { subject: 'fleet', change: 'changed', field: 'tags.a', after: '` | <b>x</b>\n# y' },
    ] as const;
    const shown = diffMarkdown({
      fleet: 'f',
      file: 'f',
      deployed: { at: '2026-03-02T09:12:13.000Z', version: '1' },
      changes,
    });
    expect(shown.split('\n').at(-1)).toBe("|  | `tags.a` |  | `' \\| <b>x</b> # y` |  |");
  });

  it('says that nothing is deployed', async () => {
    deployed(undefined);
    const comparison = await compare(fleet, 'fleet.yaml');
    expect(comparison.deployed).toBeUndefined();
    expect(diffText(comparison)).toBe('shop is not deployed: a deploy makes all of it.');
  });

  it.each([
    [zipSync({ 'index.mjs': strToU8('x') }), 'shop-sweep has no fleet.json beside its code.'],
    [zipSync({ 'fleet.json': strToU8('{}') }), 'shop-sweep has no rushhour.json beside its code.'],
    [
      zipSync({ 'fleet.json': strToU8('{'), 'rushhour.json': strToU8('{}') }),
      'What lies beside the code of shop-sweep is no JSON.',
    ],
    [strToU8('<html>'), 'The code of shop-sweep is no zip archive.'],
    [archive({ groups: 3 }, '0.0.1'), `What rushhour 0.0.1 has deployed cannot be read by ${version}`],
  ])('says in a sentence what cannot be read', async (body, message) => {
    deployed(body);
    await expect(compare(fleet, 'fleet.yaml')).rejects.toThrow(message);
  });

  it('says in a sentence that the archive cannot be got', async () => {
    deployed(archive(fleet));
    vi.spyOn(globalThis, 'fetch').mockImplementation(
      async () => new Response('', { status: 403, statusText: 'Forbidden' }),
    );
    await expect(compare(fleet, 'fleet.yaml')).rejects.toThrow(
      'The code of shop-sweep could not be got: 403 Forbidden',
    );
  });
});

describe('servers that run', () => {
  const remarks = (from: string, to: string) => changes(from, to).map(({ remark }) => remark);
  const replaced = 'AWS may replace servers that run to match it: deploy at a quiet time';

  it('are told to be replaced where purchase options change, or several types come in place of one', () => {
    const spot = 'c7g.large, purchase: { onDemandPercentageAboveBaseCapacity: 50 } }';
    expect(new Set(remarks('c7g.large }', spot))).toEqual(new Set([replaced]));
    expect(remarks('c7g.large }', '[c7g.large, c6g.large] }')).toEqual([replaced]);
  });

  it('stay as they are where another type alone is launched from now on', () => {
    expect(remarks('c7g.large }', 'c7g.xlarge }')).toEqual(['servers that are there stay as they are']);
  });
});
