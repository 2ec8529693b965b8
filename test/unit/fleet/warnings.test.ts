import { expect, it } from 'vitest';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { warnings } from '../../../shared/fleet/warnings.ts';
import { windowWarnings } from '../../../shared/schedule/window-warnings.ts';

const now = Date.parse('2026-11-20T00:00:00Z');

function warned(...lines: string[]): string[] {
  const text = [
    'name: f',
    'groups:',
    '  one:',
    '    existing: g',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
  const fleet = readFleet(text);
  return [...warnings(fleet), ...windowWarnings(fleet, now)].map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

const cpu = (more: string) => {
  const comparison = more.includes('-') ? 'LessThanThreshold' : 'GreaterThanThreshold';
  return `{ metric: cpu, threshold: 50, period: 60, evaluationPeriods: 1, comparisonOperator: ${comparison}, ${more} }`;
};

it.each([
  [
    'rules that have no room',
    ['minSize: 3', 'maxSize: 3', 'targets: [{ metric: cpu, targetValue: 50 }]'],
    'groups.one.maxSize: is minSize too: 3 servers, whatever the rules say',
  ],
  [
    'growth that nothing takes back',
    ['minSize: 1', 'maxSize: 3', 'alarms:', `  high: ${cpu('scalingAdjustment: 1')}`],
    'groups.one.alarms: nothing takes back what high adds: a rule that scales in is missing',
  ],
  [
    'a group at 0 that waits for requests which nobody counts',
    [
      'minSize: 0',
      'maxSize: 3',
      'loadBalancer:',
      '  targetGroupArns: ["arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/g/0a"]',
      '  loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/g/0a"',
      'alarms:',
      `  busy: ${cpu('scalingAdjustment: 1').replace('cpu', 'requestsPerSecond')}`,
      `  low: ${cpu('scalingAdjustment: -1')}`,
    ],
    'groups.one.alarms.busy: a load balancer without servers counts no requests: have an alarm on its HTTPCode_ELB_503_Count wake the group from 0',
  ],
  [
    'a lowered minimum that nothing makes use of',
    [
      'minSize: 2',
      'maxSize: 3',
      'schedules: { night: { start: "0 23 * * *", duration: 7h, lowerMinSizeTo: 1 } }',
    ],
    'groups.one.schedules.night.lowerMinSizeTo: lowers what may be, and nothing scales in: maxSize beside it takes servers away',
  ],
  [
    'a rule that answers the wrong side',
    [
      'minSize: 1',
      'maxSize: 3',
      'alarms:',
      `  high: ${cpu('scalingAdjustment: 1')}`,
      `  wrong: ${cpu('scalingAdjustment: -1').replace('Less', 'Greater')}`,
    ],
    'groups.one.alarms.wrong: takes servers away when cpu rises: it rises more then',
  ],
  [
    'a boost that can never fit',
    [
      'minSize: 2',
      'maxSize: 4',
      'schedules: { w: { start: "0 1 * * *", duration: 1h, scalingAdjustment: 3 } }',
    ],
    'groups.one.schedules.w.scalingAdjustment: adds 3, but only 2 fit between minSize and maxSize',
  ],
  [
    'a window that ends a minute before midnight',
    ['minSize: 2', 'maxSize: 4', 'schedules: { w: { start: "0 0 * * *", end: "59 23 * * *", minSize: 3 } }'],
    'groups.one.schedules.w.end: is a minute before midnight: until midnight is "0 0 * * *", or 00:00 of the next day',
  ],
  [
    'the same by date',
    [
      'minSize: 2',
      'maxSize: 4',
      'schedules: { w: { start: 2026-12-24T00:00, end: 2026-12-24T23:59, minSize: 3 } }',
    ],
    'groups.one.schedules.w.end: is a minute before midnight: until midnight is "0 0 * * *", or 00:00 of the next day',
  ],
  [
    'a window by date that is over',
    [
      'minSize: 2',
      'maxSize: 4',
      'schedules: { w: { start: 2026-11-11T00:00, end: 2026-11-12T00:00, minSize: 3 } }',
    ],
    'groups.one.schedules.w: is over: it will not open again',
  ],
  [
    'a window whose last day is over',
    [
      'minSize: 2',
      'maxSize: 4',
      'schedules: { w: { start: "0 8 * * *", duration: 1h, minSize: 3, only: [2026-11-19] } }',
    ],
    'groups.one.schedules.w: is over: it will not open again',
  ],
  [
    'a floor that the maximum of another window undoes for a while',
    [
      'minSize: 1',
      'maxSize: 9',
      'schedules:',
      '  lunch: { start: "0 11 * * *", end: "0 13 * * *", minSize: 6 }',
      '  quiet: { start: 2026-12-24T00:00, duration: 2d, maxSize: 2 }',
    ],
    'groups.one.schedules.lunch.minSize: is 6, but where quiet is open too (first at 2026-12-24T11:00) its maxSize of 2 wins',
  ],
  [
    'servers on top that a floor of another window swallows',
    [
      'minSize: 3',
      'maxSize: 20',
      'schedules:',
      '  day: { start: "0 9 * * *", end: "0 18 * * *", minSize: 10 }',
      '  lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 }',
      '  rush: { start: "0 12 * * *", duration: 1h, scalingAdjustment: 8 }',
      '  night: { start: "0 22 * * *", duration: 1h, scalingAdjustment: 2 }',
    ],
    expect.stringMatching(
      /^groups\.one\.schedules\.lunch\.scalingAdjustment: adds 2 .* day, open too \(first at \S+T11:00\), keeps 10 anyway.* more than 8\. To have both, write minSize: 12 here/,
    ),
  ],
])('warns of %s', (_, lines, expected) => {
  expect(warned(...lines)).toEqual([expected]);
});

it('has nothing to say of a fleet that means what it says', () => {
  expect(
    warned(
      'minSize: 2',
      'maxSize: 4',
      'schedules:',
      '  w: { start: 2026-12-24T00:00, duration: 1d, minSize: 4 }',
      '  night: { start: "0 22 * * *", end: "0 6 * * *", maxSize: 3, except: [2026-12-23, 2026-12-24] }',
      'alarms:',
      `  high: ${cpu('scalingAdjustment: 1')}`,
      `  low: ${cpu('scalingAdjustment: -1')}`,
    ),
  ).toEqual([]);
});

it('warns of a calendar that nobody goes by', () => {
  const said = (only: string) =>
    warnings(
      readFleet(
        `name: f\ncalendars: { feasts: [2026-12-24], sales: [2026-11-11] }\ngroups:\n  one: { existing: g, minSize: 1, maxSize: 4, schedules: { w: { start: "0 8 * * *", duration: 1h, minSize: 3, ${only} } } }\n`,
      ),
    ).map(({ path }) => path);
  expect(said('only: [sales]')).toEqual(['calendars.feasts']);
  expect(said('only: [sales], except: [feasts]')).toEqual([]);
});

it('warns that purchase options replace servers that run when a deploy changes them', () => {
  const launch = 'imageId: ami-0a1b2c3d, instanceType: [c7g.large, c6g.large]';
  const said = (more: string) =>
    warnings(
      readFleet(`name: f\ngroups:\n  one: { launch: { ${launch}${more} }, minSize: 1, maxSize: 4 }\n`),
    );
  expect(said('')).toEqual([]);
  expect(said(', purchase: { onDemandPercentageAboveBaseCapacity: 50 }')).toMatchObject([
    { path: 'groups.one.launch.purchase', message: expect.stringContaining('replace servers that run') },
  ]);
});

it('warns of servers to be adopted into zones that nobody has named', () => {
  const said = (network: string) =>
    warnings(
      readFleet(
        `name: f${network}\ngroups:\n  one: { launch: { imageId: ami-0a1b2c3d, instanceType: c7g.large }, minSize: 1, maxSize: 2, instances: [i-0123456789abcdef0] }\n`,
      ),
    ).filter(({ path }) => path === 'groups.one.instances');
  expect(said('')).toMatchObject([{ message: expect.stringContaining('network.availabilityZones') }]);
  expect(said('\nnetwork: { availabilityZones: [eu-west-1b, eu-west-1c] }')).toEqual([]);
});

it('of a cluster at an address that functions in no VPC cannot reach', () => {
  const fleet = (server: string, top = '') =>
    readFleet(`name: f
${top}
groups:
  one:
    kubernetes: { cluster: { server: "${server}", token: t }, namespace: shop, deployment: web }
    minSize: 1
    maxSize: 3
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
`);
  const hidden = [
    'https://10.0.0.1:6443',
    'https://172.20.1.1',
    'https://api.shop.internal',
    'https://[fd00::1]',
  ];
  for (const server of hidden)
    expect(warnings(fleet(server))).toContainEqual({
      path: 'groups.one.kubernetes.cluster.server',
      message: expect.stringContaining('functions.vpc'),
    });
  const inVpc = 'functions: { vpc: { subnetIds: [subnet-0a], securityGroupIds: [sg-0a] } }';
  const reached = [
    fleet('https://172.32.1.1'),
    fleet('https://api.example.com:6443'),
    fleet(hidden[0]!, inVpc),
  ];
  for (const one of reached) expect(warnings(one).filter(({ path }) => path.includes('cluster'))).toEqual([]);
});

it.each([
  [
    'alibaba: { region: cn-hangzhou, scalingGroup: asg-bp100000000000000001, credentials: key }',
    'Alibaba Cloud',
  ],
  ['tencent: { region: ap-guangzhou, scalingGroup: asg-0a1b2c3d, credentials: key }', 'Tencent Cloud'],
])('warns of learning where nobody counts servers: %s', (home, name) => {
  const of = (asked: string) =>
    warnings(readFleet(`name: f\ngroups: { one: { ${home}, minSize: 1, maxSize: 3, ${asked} } }`));
  for (const key of ['objective', 'forecast'])
    expect(of(`${key}: { unserved: 1% }`)).toContainEqual({
      path: `groups.one.${key}`,
      message: `learns nothing and asks for nothing: ${name} counts no servers of a group by the minute; use targets, alarms or schedules`,
    });
  expect(of('targets: [{ metric: cpu, targetValue: 50 }]')).toEqual([]);
});
