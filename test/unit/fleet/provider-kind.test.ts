import { expect, it } from 'vitest';
import { hasAlarm } from '../../../shared/fleet/has-alarm.ts';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { type Capability, type ProviderKind, providerOf } from '../../../shared/fleet/provider-kind.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import type { Capabilities } from '../../../shared/ports/capacity.ts';
import { makeClients } from '../../../shared/providers/aws/clients.ts';
import { awsPorts } from '../../../shared/providers/aws/ports.ts';

const shelf: ProviderKind = { ...providerOf({}), name: 'the shelf', can: new Set() };
const all: readonly (Capability & keyof Capabilities)[] = [
  'adopt',
  'protect',
  'replaceUnhealthy',
  'refresh',
  'launchFailures',
  'losses',
  'health',
  'loadBalancers',
  'rivals',
];

/** What is wrong with a group that asks for this, kept by a provider that can do no more than it must. */
function mistakes(asks: string, provider = shelf): string[] {
  const file = `name: f\ngroups:\n  web:\n    existing: row-1\n    minSize: 1\n    maxSize: 9\n${asks}`;
  try {
    readFleet(file, 'fleet.yaml', { provider: () => provider });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    return error.problems.map(({ path, line, message }) => `${line} ${path}: ${message}`);
  }
}

it.each([
  [
    'instances: [i-0a1b2c3d4e5f60718]',
    '7 groups.web.instances: expected no instances: the shelf cannot take servers in that exist or protect servers from scale-in, found a list of one',
  ],
  [
    'replaceUnhealthy: false',
    '7 groups.web.replaceUnhealthy: expected no replaceUnhealthy: the shelf cannot be told whether to replace unhealthy servers, found false',
  ],
])('what a provider cannot do is a mistake where the file asks for it: %s', (asks, mistake) => {
  expect(mistakes(`    ${asks}\n`)).toContain(mistake);
});

it('a load balancer needs a provider that knows who is healthy there', () => {
  const arn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
  const found = mistakes(`    loadBalancer: { targetGroupArns: ["${arn}"] }\n`);
  expect(found).toContainEqual(
    expect.stringContaining('the shelf cannot tell which servers are healthy at a load balancer'),
  );
});

it('what it can do may be asked of it, and windows and alarms of everybody', () => {
  expect(mistakes('    replaceUnhealthy: false\n', { ...shelf, can: new Set(['replaceUnhealthy']) })).toEqual(
    [],
  );
  expect(
    mistakes('    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }\n'),
  ).toEqual([]);
});

it('EC2 Auto Scaling can do all that its ports have, and no more', () => {
  process.env['AWS_REGION'] ??= 'us-east-1';
  const settings = {
    fleet: 'f',
    ledgerTable: 'l',
    activitiesTable: 'a',
    historyRetentionDays: 1,
    eventBus: 'b',
  };
  const ports = awsPorts(makeClients({ endpoint: 'http://127.0.0.1:9' }), settings);
  expect(all.filter((capability) => ports[capability])).toEqual([...providerOf({}).can]);
});

it.each([
  [
    'alibaba: { region: cn-hangzhou, scalingGroup: asg-bp100000000000000001, credentials: key }',
    'Alibaba Cloud',
  ],
  ['tencent: { region: ap-guangzhou, scalingGroup: asg-0a1b2c3d, credentials: key }', 'Tencent Cloud'],
])(
  'a percentile of a monitor that has none is a mistake, and one of CloudWatch is none: %s',
  (kind, name) => {
    const rule = (metric: string) =>
      `{ metric: ${metric}, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 }`;
    const asked = (metric: string) => {
      try {
        readFleet(
          `name: f\ngroups:\n  web:\n    ${kind}\n    minSize: 1\n    maxSize: 9\n    alarms: { high: ${rule(metric)} }\n`,
        );
        return [];
      } catch (error) {
        return (error as InvalidFleet).problems.map(({ path, message }) => `${path}: ${message}`);
      }
    };
    expect(asked('cpu, statistic: p95')).toEqual([
      `groups.web.alarms.high.statistic: expected Average, Minimum, Maximum or Sum: the monitor of ${name} has no percentiles and counts no samples, found "p95"`,
    ]);
    expect(asked('cpu, statistic: Maximum')).toEqual([]);
    expect(asked('{ namespace: Shop, metricName: Wait, statistic: p95 }')).toEqual([]);
    if (name === 'Alibaba Cloud')
      expect(asked('{ namespace: acs_alb, metricName: RuleQPS, statistic: SampleCount }')).toEqual([
        expect.stringContaining('groups.web.alarms.high.metric.statistic: expected Average'),
      ]);
  },
);

it.each([
  ['requestsPerSecond', []],
  ['{ namespace: QCE/LB_PUBLIC, metricName: TotalReq, perServer: false }', []],
  [
    'requestsPerTarget',
    [
      'expected another metric, or one of your own: Tencent Cloud measures no requestsPerTarget, found "requestsPerTarget"',
    ],
  ],
])('of a group of Tencent Cloud %s is judged by the sweep, or refused', (metric, expected) => {
  const rule = `{ metric: ${metric}, comparisonOperator: GreaterThanThreshold, threshold: 9, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 }`;
  const place = '{ region: ap-guangzhou, scalingGroup: asg-00000001, credentials: key }';
  const file = `name: f\ngroups:\n  web:\n    tencent: ${place}\n    minSize: 1\n    maxSize: 9\n    alarms: { busy: ${rule} }\n`;
  try {
    const config = readFleet(file).groups['web']!;
    expect(hasAlarm(config, config.alarms['busy']!)).toBe(false);
    expect(expected).toEqual([]);
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    expect(error.problems.map(({ message }) => message)).toEqual(expected);
  }
});
