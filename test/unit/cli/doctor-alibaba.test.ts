import { expect, it } from 'vitest';
import { judgeAlibaba } from '../../../cli/doctor/alibaba.ts';
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

it.each([
  [6, 'fine', '89,280'],
  [1200, 'warning', '1,116,000'],
] as const)(
  'up to %i servers cost so many calls of the monitor a month, which are counted',
  (most, verdict, calls) => {
    const alarm = (metric: string) =>
      `{ metric: ${metric}, threshold: 1, comparisonOperator: GreaterThanThreshold, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 }`;
    const custom = '{ namespace: acs_customMetric_1, metricName: QPS }';
    const more = `    alarms: { a: ${alarm('cpu')}, b: ${alarm('cpu')}, c: ${alarm(custom)}, d: ${alarm('{ namespace: Shop, metricName: Queue }')} }\n`;
    const config = readFleet(file(more).replace('maxSize: 6', `maxSize: ${most}`)).groups['web']!;
    const findings = judgeAlibaba({ name: 'web', config }, { ...found, maxSize: 2000 }, []);
    expect(findings.at(-1)).toMatchObject({
      verdict,
      message: expect.stringContaining(`up to ${calls} times`),
    });
  },
);

it('a process that somebody has suspended is told', () => {
  const [finding] = judgeAlibaba(groupOf(), { ...found, suspended: ['launching'] }, []);
  expect(finding).toMatchObject({ verdict: 'warning', message: 'web: somebody has suspended launching' });
});
