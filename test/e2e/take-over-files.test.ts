import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { backtest } from '../../simulate/backtest.ts';
import { lunchLoad, model, NativeCloud } from '../kit/native-cloud.ts';
import { rushhour } from '../kit/run-rushhour.ts';
import { alibabaGuide, tencentGuide } from '../unit/cli/take-over/guides.ts';
import { contoso, kedaCpu, kedaCron, phpApache, severalMetrics } from '../unit/cli/take-over/manifests.ts';

const folder = mkdtempSync(join(tmpdir(), 'rushhour-take-over-files-'));
const write = (file: string, content: string | object) =>
  writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
/** No account is needed: nothing here says which. */
const run = (...args: string[]) => rushhour(args, {}, { folder });

beforeAll(() => {
  for (const cloud of ['alibaba', 'tencent']) mkdirSync(join(folder, cloud));
  write('alibaba/groups.json', { TotalCount: 1, ScalingGroups: alibabaGuide.groups });
  write('alibaba/rules.json', { ScalingRules: alibabaGuide.rules });
  write('alibaba/alarms.json', { AlarmList: alibabaGuide.alarms });
  write('tencent/groups.json', { TotalCount: 1, AutoScalingGroupSet: tencentGuide.groups, RequestId: 'x' });
  write('tencent/servers.json', { AutoScalingInstanceSet: tencentGuide.servers });
  write('tencent/policies.json', { Response: { ScalingPolicySet: tencentGuide.policies } });
  write('tencent/actions.json', { ScheduledActionSet: tencentGuide.actions });
  write('tencent/alarms.json', { Policies: tencentGuide.alarms });
  // Two of them scale what another one scales, too: in one cluster they have one each.
  const manifests = [phpApache, contoso, kedaCron].map(({ text }) => text);
  const others = [
    kedaCpu.text.replace('my-deployment', 'my-other-deployment'),
    severalMetrics.text.replaceAll('php-apache', 'several'),
  ];
  write('scalers.yaml', [...manifests, ...others].join('---\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  [
    '--from-hpa',
    'scalers.yaml',
    ['php-apache', 'contoso-website', 'cron-scaledobject', 'cpu-scaledobject', 'several'],
  ],
  ['--from-alibaba', 'alibaba', ['session-hz']],
  ['--from-tencent', 'tencent', ['session-gz']],
])('takes over %s %s, as a fleet file that is valid', async (option, from, groups) => {
  const file = `${from}.fleet.yaml`;
  const taken = await run('take-over', option, from, '--out', file, '--name', 'taken');
  expect(taken).toMatchObject({ exitCode: 0, stdout: '' });
  expect(taken.stderr).toContain('NOT CARRIED OVER');
  const valid = await run('validate', file, '--json');
  expect(JSON.parse(valid.stdout)).toMatchObject({ valid: true, problems: [], groups });
});

it.each([
  [['--from-tencent', 'nowhere'], 'There is no folder nowhere to read.'],
  [['--from-alibaba', 'tencent'], 'tencent has no scaling group.'],
  [['--from-hpa', 'alibaba/groups.json'], 'has no HorizontalPodAutoscaler and no ScaledObject'],
  [['--from-hpa', 'scalers.yaml', 'nobody'], 'The files do not have all of nobody.'],
  [[], 'Which groups?'],
])('says what is wrong with %j', async (args, message) => {
  const { exitCode, stderr } = await run('take-over', ...args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

/** The guides' rules on Auto Scaling, whose simple policies and scheduled actions are the same as theirs. */
async function nativeDay(hasTasks: boolean): Promise<number[]> {
  const name = 'guide';
  await using stage = new NativeCloud({ [name]: lunchLoad(8) });
  await stage.nativeGroup(name, { MinSize: 3, MaxSize: 10 });
  const out = await stage.policy(name, 'more', {
    AdjustmentType: 'ChangeInCapacity',
    ScalingAdjustment: 2,
    Cooldown: 300,
  });
  await stage.cpuAlarm(name, out, {
    AlarmName: 'high',
    Period: 300,
    EvaluationPeriods: 3,
    Threshold: 70,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  const back = await stage.policy(name, 'fewer', {
    AdjustmentType: 'ChangeInCapacity',
    ScalingAdjustment: -1,
    Cooldown: 600,
  });
  await stage.cpuAlarm(name, back, {
    AlarmName: 'low',
    Period: 600,
    EvaluationPeriods: 3,
    Threshold: 30,
    ComparisonOperator: 'LessThanThreshold',
  });
  if (hasTasks) {
    const TimeZone = 'Asia/Shanghai';
    await stage.action(name, 'lunch', {
      TimeZone,
      Recurrence: '0 11 * * *',
      MinSize: 5,
      MaxSize: 10,
      DesiredCapacity: 5,
    });
    await stage.action(name, 'after', {
      TimeZone,
      Recurrence: '0 13 * * *',
      MinSize: 3,
      MaxSize: 10,
      DesiredCapacity: 3,
    });
  }
  const desired: number[] = [];
  for (let minute = 0; minute < 1440; minute++) {
    desired.push(await stage.desired(name));
    await stage.pass(60);
  }
  return desired;
}

it.each([
  ['alibaba', false],
  ['tencent', true],
])("%s's guide has about as many servers in a day as it had there", async (from, hasTasks) => {
  const taken = await run('take-over', `--from-${from}`, from, '--json', '--name', 'taken');
  const { groups } = JSON.parse(taken.stdout);
  const [{ group: written }] = groups;
  const { mode: _, instances: __, ...group } = written;
  // Of requests no guide has more than 400 a second here: the CPU decides, as there.
  group.alarms = Object.fromEntries(
    Object.entries<{ metric: string }>(group.alarms).filter(([, { metric }]) => metric === 'cpu'),
  );
  const simulation = {
    requestsPerSecondPerServer: model.requestsPerSecondPerServer,
    bootSeconds: model.bootSeconds,
  };
  const fleet = readFleet(
    JSON.stringify({ name: 'taken', timeZone: 'Asia/Shanghai', groups: { guide: { ...group, simulation } } }),
  );
  const load = lunchLoad(8);
  const loads = new Map([['guide', Float64Array.from({ length: 1440 }, (_, minute) => load(minute))]]);
  const { desired } = (await backtest({ fleet, start: Date.parse('2026-03-04T00:00:00Z'), loads })).get(
    'guide',
  )!;
  const native = await nativeDay(hasTasks);
  const mean = (servers: Iterable<number>) => [...servers].reduce((sum, each) => sum + each, 0) / 1440;
  expect(Math.abs(mean(desired) / mean(native) - 1)).toBeLessThan(0.15);
  expect(Math.abs(Math.max(...desired) - Math.max(...native))).toBeLessThanOrEqual(2);
});
