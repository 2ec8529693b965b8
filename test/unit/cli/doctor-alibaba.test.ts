import { expect, it } from 'vitest';
import { judgeAlibaba } from '../../../cli/doctor/alibaba.ts';
import { callsOfMonitor } from '../../../cli/doctor/alibaba-calls.ts';
import type { ScalingGroup } from '../../../shared/domain/observation.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

const file = (more = '') => `
name: shop
groups:
  web:
    alibaba: { region: cn-hangzhou, scalingGroup: asg-bp100000000000000001, credentials: key }
    minSize: 1
    maxSize: 6
    instances: [i-bp1fixed000000000001]
${more}`;

function groupOf(more?: string) {
  return { name: 'web', config: readFleet(file(more)).groups['web']! };
}

const server = {
  id: 'i-bp1fixed000000000001',
  lifecycle: 'ready',
  protectedFromScaleIn: true,
  weight: 1,
} as const;
const found: ScalingGroup = {
  name: 'alibaba:cn-hangzhou/asg-bp100000000000000001',
  minSize: 0,
  maxSize: 10,
  desired: 1,
  servers: [server],
  suspended: [],
  trafficSources: [],
};

it('a group whose bounds hold those of the file, with its servers protected, is as it should be', () => {
  expect(judgeAlibaba(groupOf(), found, [])).toMatchObject([{ verdict: 'fine' }]);
});

it('bounds that would refuse what the file allows are a problem, with the command that widens them', () => {
  const [finding] = judgeAlibaba(groupOf(), { ...found, minSize: 2, maxSize: 4 }, []);
  expect(finding).toMatchObject({
    verdict: 'problem',
    message:
      'web: its group takes 2 to 4 servers, by the fleet file it is 1 to 6: what is outside is refused',
    advice:
      'aliyun ess ModifyScalingGroup --region cn-hangzhou --ScalingGroupId asg-bp100000000000000001 --MinSize 1 --MaxSize 6',
  });
});

it('a group that is disabled, and a server that is not protected, are told', () => {
  const group = { ...found, suspended: ['launching', 'terminating'] as const };
  const servers = [{ ...server, protectedFromScaleIn: false }];
  const messages = judgeAlibaba(groupOf(), { ...group, servers }, []).map(({ message }) => message);
  expect(messages).toEqual([
    'web: its group is disabled (停用) or suspended, and takes no orders',
    'web: i-bp1fixed000000000001 is not protected (保护状态)',
  ]);
});

it('rules of its own fight with ours, and are to go on while it is only observed', () => {
  const native = [
    { name: 'scheduled task lunch', isAsleep: false },
    { name: 'scheduled task old', isAsleep: true },
  ];
  expect(judgeAlibaba(groupOf(), found, native).at(-1)).toMatchObject({
    verdict: 'problem',
    message: 'web: its own rules would fight: scheduled task lunch',
    advice: expect.stringContaining('aliyun ess ModifyScheduledTask --region cn-hangzhou'),
  });
  expect(judgeAlibaba(groupOf('    mode: observe\n'), found, native).at(-1)).toMatchObject({
    verdict: 'fine',
  });
});

const alarm = (metric: string, period = 60, periods = 1) =>
  `{ metric: ${metric}, threshold: 1, comparisonOperator: GreaterThanThreshold, period: ${period}, evaluationPeriods: ${periods}, scalingAdjustment: 1 }`;

const calls = (alarms: readonly string[], maxSize = 6, trafficSources: readonly string[] = []) => {
  const rules = alarms.map((rule, index) => `rule-${index}: ${rule}`).join(', ');
  const text = file(`    alarms: { ${rules} }\n`).replace('maxSize: 6', `maxSize: ${maxSize}`);
  const group = { name: 'web', config: readFleet(text).groups['web']! };
  return callsOfMonitor([{ group, found: { ...found, trafficSources: [...trafficSources] } }]);
};

it.each([
  ['one metric, by however many rules', [alarm('cpu'), alarm('cpu')], 6, 44_640],
  ['one metric at two periods', [alarm('cpu', 300), alarm('cpu', 600)], 6, 2 * 44_640],
  ['a metric of more than fifty servers', [alarm('cpu')], 120, 3 * 44_640],
  // 50 servers, (3 + 2) times 10 minutes: 2,500 datapoints are two pages.
  ['more datapoints than a call answers', [alarm('cpu', 600, 3)], 50, 2 * 44_640],
  [
    "one of the application's own",
    [alarm('{ namespace: acs_customMetric_1, metricName: QPS }')],
    120,
    44_640,
  ],
  ['requests at a load balancer', [alarm('requestsPerSecond')], 120, 2 * 44_640],
  ['more than are free', [alarm('cpu')], 1200, 24 * 44_640],
] as const)('calls of the monitor are counted: %s', (_, alarms, most, month) => {
  expect(calls(alarms, most)).toMatchObject([
    {
      verdict: month > 1_000_000 ? 'warning' : 'fine',
      message: `key asks CloudMonitor (云监控) up to ${month.toLocaleString('en')} times a month for web; a million of an account are free`,
    },
  ]);
});

it('a metric of CloudWatch costs no call there, and groups of one key share what is free', () => {
  expect(calls([alarm('{ namespace: Shop, metricName: Queue }')])).toEqual([]);
  const config = readFleet(file(`    alarms: { a: ${alarm('cpu')} }\n`)).groups['web']!;
  const groups = ['web', 'api'].map((name) => ({ group: { name, config }, found }));
  expect(callsOfMonitor(groups)).toMatchObject([
    { message: expect.stringContaining('89,280 times a month for web, api') },
  ]);
});

it.each([
  [[], 'its group has no load balancer, so nobody measures requestsPerSecond'],
  [['nlb/sgp-1'], 'its group has only a network load balancer (NLB), so nobody measures requestsPerSecond'],
] as const)('a metric that nobody measures is told: %j', (trafficSources, message) => {
  const config = readFleet(file(`    alarms: { a: ${alarm('requestsPerSecond')} }\n`)).groups['web']!;
  const judge = (sources: readonly string[]) =>
    judgeAlibaba({ name: 'web', config }, { ...found, trafficSources: [...sources] }, []);
  expect(judge(trafficSources).at(-1)).toMatchObject({
    verdict: 'problem',
    message: expect.stringContaining(message),
  });
  expect(judge(['alb/sgp-1'])).toMatchObject([{ verdict: 'fine' }]);
});

it('a process that somebody has suspended is told', () => {
  const [finding] = judgeAlibaba(groupOf(), { ...found, suspended: ['launching'] }, []);
  expect(finding).toMatchObject({ verdict: 'warning', message: 'web: somebody has suspended launching' });
});
