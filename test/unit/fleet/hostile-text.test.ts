import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

/** What is said of a fleet file that holds this: `path: message`. */
function saidOf(fleet: object): string[] {
  try {
    readFleet(stringify(fleet));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

const sizes = { minSize: 1, maxSize: 4 };
const existing = { ...sizes, existing: 'g' };
const image = { imageId: 'ami-0a1b2c3d4e5f60718', instanceType: 'c7g.large' };
const alarm = {
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 1,
  period: 60,
  evaluationPeriods: 1,
  scalingAdjustment: 1,
};
const only = (group: object) => ({ name: 'f', groups: { one: group } });
const launched = (more: object) => only({ ...sizes, launch: { ...image, ...more } });

describe('the name of a group that exists', () => {
  it.each([
    '*',
    'lunch-*',
    'web?',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own variables.
    '${aws:PrincipalTag/team}',
    'a$',
    'a b',
    'a:b',
    'a\u0000b',
    'a\u001b[31m',
    'a\u202eb',
    'a\u200bb',
    'größe',
    'x'.repeat(256),
    '',
  ])('stands for one group only, as policies name it: not %j', (name) => {
    expect(saidOf(only({ ...sizes, existing: name }))).toEqual([
      expect.stringMatching(/^groups\.one\.existing: expected the name of one scaling group: 1 to 255 char/),
    ]);
  });

  it.each(['web', 'Shop_Web.2/blue', '(prod)-web!', 'x'.repeat(255)])('may be %s', (name) => {
    expect(saidOf(only({ ...sizes, existing: name }))).toEqual([]);
  });
});

describe('the name of a secret', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own variables.
  it.each(['???????', '*', 'prod/*', 'a$', '${aws:username}', 'a b', 'a\nb', "a'; id; '", ''])(
    'stands for one secret only: not %j',
    (name) => {
      expect(saidOf(launched({ secrets: { KEY: name } }))).toEqual([
        expect.stringMatching(/^groups\.one\.launch\.secrets\.KEY: expected the name of one secret/),
      ]);
    },
  );

  it('may be any that Secrets Manager takes', () => {
    expect(saidOf(launched({ secrets: { KEY: 'prod/shop_db+a=b.c@d-1' } }))).toEqual([]);
  });
});

describe('whatever else names something of the account', () => {
  it.each([
    [launched({ instanceProfile: '*' }), 'launch.instanceProfile: expected the name of an instance profile'],
    [launched({ imageId: 'ssm:/a/*' }), 'launch.imageId: expected an image'],
    [launched({ securityGroups: ['sg-*'] }), 'launch.securityGroups.0: expected a security group'],
    [only({ ...existing, instances: ['i-*'] }), 'instances.0: expected an instance id'],
    [
      only({ ...existing, loadBalancer: { targetGroupArns: ['arn:aws:elasticloadbalancing:*:*:*'] } }),
      'loadBalancer.targetGroupArns.0: expected an ARN like arn:aws:…, of one resource',
    ],
    [
      only({
        ...existing,
        alarms: { a: { ...alarm, metric: { namespace: 'Shop\u202e', metricName: 'Queue' } } },
      }),
      'alarms.a.metric.namespace: expected no control, direction or zero-width characters',
    ],
    [
      only({
        ...existing,
        alarms: {
          a: { ...alarm, metric: { namespace: 'Shop', metricName: 'Q', dimensions: { 'a\u200b': 'b' } } },
        },
      }),
      'expected no control, direction or zero-width characters',
    ],
    [
      only({ ...existing, draining: { command: 'drain\u202e # now' } }),
      'draining.command: expected no control, direction or zero-width characters but line breaks and tabs',
    ],
  ])('is no pattern either, and looks like what it is: %j', (fleet, expected) => {
    expect(saidOf(fleet)).toEqual([expect.stringContaining(expected)]);
  });

  it('may have several lines where it is a script', () => {
    expect(saidOf(only({ ...existing, draining: { command: 'drain\n\tnow' } }))).toEqual([]);
    expect(saidOf(launched({ environment: { MOTD: 'one\ntwo' } }))).toEqual([]);
  });
});

/** CloudFormation would write these where others can read them. */
const references = [
  '{{resolve:secretsmanager:prod/db:SecretString:password}}',
  '/x{{resolve:ssm-secure:/prod/key}}',
  '{{ Resolve:ssm:/a }}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as CDK writes them.
  '${Token[TOKEN.42]}',
  'a#{Token[AWS.Region.7]}',
  '-1.8881545897087503e+289',
];

describe('what CloudFormation or CDK would replace', () => {
  const places: Readonly<Record<string, (text: string) => object>> = {
    'groups.one.existing': (text) => only({ ...sizes, existing: text }),
    'groups.one.loadBalancer.healthCheck.path': (text) =>
      only({
        ...sizes,
        launch: image,
        loadBalancer: { scheme: 'internal', port: 80, healthCheck: { path: `/${text}` } },
      }),
    'groups.one.launch.environment.KEY': (text) => launched({ environment: { KEY: text } }),
    'groups.one.launch.userData': (text) => launched({ userData: text }),
    'groups.one.draining.command': (text) => only({ ...existing, draining: { command: `run ${text}` } }),
    'groups.one.alarms.a.metric.dimensions.Queue': (text) =>
      only({
        ...existing,
        alarms: {
          a: { ...alarm, metric: { namespace: 'S', metricName: 'm', dimensions: { Queue: text } } },
        },
      }),
    'tags.owner': (text) => ({ ...only(existing), tags: { owner: text } }),
    'notify.email.0': (text) => ({ ...only(existing), notify: { email: [text] } }),
  };

  it.each(Object.keys(places).flatMap((place) => references.map((text) => [place, text] as const)))(
    'is refused once, with what to use instead: %s, %s',
    (place, text) => {
      expect(saidOf(places[place]!(text))).toEqual([
        expect.stringMatching(
          /: expected no (\{\{resolve:…\}\}.*name a secret under launch\.secrets|\$\{Token)/,
        ),
      ]);
      expect(saidOf(places[place]!(text))[0]).toMatch(new RegExp(`^${place.replaceAll('.', '\\.')}: `));
    },
  );

  it.each(references)('is refused in a key too: %s', (text) => {
    const dimensions = { [text]: 'b' };
    expect(
      saidOf(
        only({
          ...existing,
          alarms: { a: { ...alarm, metric: { namespace: 'S', metricName: 'm', dimensions } } },
        }),
      ),
    ).toEqual([expect.stringContaining('expected no ')]);
  });

  it('is refused as a number, in which CDK hides a placeholder', () => {
    const fleet = only({
      ...existing,
      alarms: { a: { ...alarm, metric: 'networkIn', threshold: -1.8881545897087503e289 } },
    });
    expect(saidOf(fleet)).toEqual([expect.stringMatching(/^groups\.one\.alarms\.a\.threshold: expected/)]);
  });
});

describe('a file of mistakes', () => {
  const time = (text: string) => {
    const before = process.cpuUsage();
    let caught: unknown;
    try {
      readFleet(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(InvalidFleet);
    const { user, system } = process.cpuUsage(before);
    return {
      ...(caught as InvalidFleet),
      message: (caught as InvalidFleet).message,
      seconds: (user + system) / 1e6,
    };
  };
  const times = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, at) => line(at));
  const groups = (count: number, lines: readonly string[]) =>
    ['name: f', 'groups:', ...times(count, (at) => [`  g${at}:`, ...lines].join('\n'))].join('\n');

  it('is told by its first hundred, in the order of the file', () => {
    const { problems, more, message } = time(groups(101, ['    { existing: g*, minSize: 1, maxSize: 2 }']));
    expect(problems).toHaveLength(100);
    expect(problems.map(({ path }) => path)).toEqual(times(100, (at) => `groups.g${at}.existing`));
    expect(more).toBe(true);
    expect(message).toMatch(/^fleet\.yaml has more than 100 mistakes, the first of them:\n/);
  });

  it('of a hundred is told in full', () => {
    const { problems, more, message } = time(groups(100, ['    { existing: g*, minSize: 1, maxSize: 2 }']));
    expect({ more, count: problems.length }).toEqual({ more: false, count: 100 });
    expect(message).toMatch(/^fleet\.yaml has 100 mistakes:\n/);
  });

  it.each([
    [
      'keys that there are not',
      ['name: f', ...times(60_000, (at) => `k${at}: 1`)].join('\n'),
      'expected at most 1000 keys',
    ],
    ['keys twice', ['name: f', ...times(60_000, () => 'name: f')].join('\n'), 'expected this key once'],
    [
      'days that there are not',
      ['name: f', 'calendars:', '  c:', ...times(60_000, () => '    - x')].join('\n'),
      'expected at most 10000 entries',
    ],
    [
      'windows in 500 groups',
      groups(500, [
        '    minSize: 1',
        '    maxSize: 2',
        '    schedules:',
        ...times(120, (at) => `      w${at}: 1`),
      ]),
      'schedules.w0: expected keys and values',
    ],
    [
      'more than the schema library can count',
      groups(400, [`    { ${times(900, (at) => `w${at}: 1`).join(', ')} }`]),
      'w0: expected one of existing, ecs, ',
    ],
  ])('is not waited for: 60,000 %s', (_, text, expected) => {
    const { message, problems, seconds } = time(text);
    expect(problems.length).toBeLessThanOrEqual(100);
    expect(message).toContain(expected);
    // It was a minute and more; most of what is left is reading the YAML. CPU time, for the machine may be busy.
    expect(seconds).toBeLessThan(10);
  });
});
