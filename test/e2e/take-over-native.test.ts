import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { predictive } from '../../bench/baselines/predictive.ts';
import { play } from '../../bench/service-model.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { backtest } from '../../simulate/backtest.ts';
import { type Load, lunchLoad, model, NativeCloud } from '../kit/native-cloud.ts';
import { rushhour } from '../kit/run-rushhour.ts';

const minutes = 24 * 60;
const folder = mkdtempSync(join(tmpdir(), 'rushhour-take-over-'));
const file = join(folder, 'fleet.yaml');
const loads: Readonly<Record<string, Load>> = {
  'lunch-asg': lunchLoad(6),
  'simple-asg': lunchLoad(8),
  'steps-asg': lunchLoad(8),
  'track-asg': lunchLoad(8),
  'predict-asg': lunchLoad(8),
};
const names = Object.keys(loads);
const stage = new NativeCloud(loads);
/** Servers that were desired, minute by minute, while AWS's own rules scaled. */
const native = new Map(names.map((name) => [name, [] as number[]]));

const shanghai = { TimeZone: 'Asia/Shanghai' };

async function groups(): Promise<void> {
  await stage.nativeGroup('lunch-asg');
  await stage.action('lunch-asg', 'lunch-start', {
    ...shanghai,
    Recurrence: '0 11 * * *',
    MinSize: 5,
    DesiredCapacity: 5,
  });
  await stage.action('lunch-asg', 'lunch-end', {
    ...shanghai,
    Recurrence: '0 13 * * *',
    MinSize: 2,
    DesiredCapacity: 3,
  });

  await stage.nativeGroup('simple-asg');
  const more = await stage.policy('simple-asg', 'more', {
    AdjustmentType: 'ChangeInCapacity',
    ScalingAdjustment: 1,
    Cooldown: 180,
  });
  await stage.cpuAlarm('simple-asg', more, {
    AlarmName: 'simple-high',
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 60,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  const fewer = await stage.policy('simple-asg', 'fewer', {
    AdjustmentType: 'ChangeInCapacity',
    ScalingAdjustment: -1,
  });
  await stage.cpuAlarm('simple-asg', fewer, {
    AlarmName: 'simple-low',
    Period: 300,
    EvaluationPeriods: 3,
    Threshold: 30,
    ComparisonOperator: 'LessThanThreshold',
  });

  await stage.nativeGroup('steps-asg');
  const steps = await stage.policy('steps-asg', 'out', {
    PolicyType: 'StepScaling',
    AdjustmentType: 'PercentChangeInCapacity',
    MinAdjustmentMagnitude: 1,
    EstimatedInstanceWarmup: 120,
    StepAdjustments: [
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 15, ScalingAdjustment: 20 },
      { MetricIntervalLowerBound: 15, ScalingAdjustment: 50 },
    ],
  });
  await stage.cpuAlarm('steps-asg', steps, {
    AlarmName: 'steps-high',
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 60,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  const down = await stage.policy('steps-asg', 'in', {
    PolicyType: 'StepScaling',
    AdjustmentType: 'ChangeInCapacity',
    EstimatedInstanceWarmup: 300,
    StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -1 }],
  });
  await stage.cpuAlarm('steps-asg', down, {
    AlarmName: 'steps-low',
    Period: 60,
    EvaluationPeriods: 15,
    Threshold: 35,
    ComparisonOperator: 'LessThanThreshold',
  });

  const { targetGroupArn, label } = await stage.balancer('track');
  await stage.nativeGroup('track-asg', {
    TargetGroupARNs: [targetGroupArn],
    HealthCheckType: 'ELB',
    HealthCheckGracePeriod: 120,
  });
  await stage.policy('track-asg', 'requests', {
    PolicyType: 'TargetTrackingScaling',
    EstimatedInstanceWarmup: 120,
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: {
        PredefinedMetricType: 'ALBRequestCountPerTarget',
        ResourceLabel: label,
      },
      TargetValue: 3600,
    },
  });
  await stage.nativeGroup('predict-asg');
  await stage.policy('predict-asg', 'cpu', {
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
      TargetValue: 60,
    },
  });
  await stage.policy('predict-asg', 'ahead', {
    PolicyType: 'PredictiveScaling',
    PredictiveScalingConfiguration: {
      Mode: 'ForecastAndScale',
      MetricSpecifications: [
        { TargetValue: 60, PredefinedMetricPairSpecification: { PredefinedMetricType: 'ASGCPUUtilization' } },
      ],
    },
  });
}

const run = (...args: string[]) =>
  rushhour(
    args,
    {
      AWS_ENDPOINT_URL: stage.cloud.endpointUrl,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    { folder },
  );

beforeAll(async () => {
  await groups();
  await stage.pass(600);
  const [one] = await stage.servers('track-asg');
  await stage.call('autoscaling', 'SetInstanceProtection', {
    AutoScalingGroupName: 'track-asg',
    InstanceIds: [one],
    ProtectedFromScaleIn: true,
  });
  await stage.listen();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('five groups with native policies', () => {
  it('are taken over as a fleet file that is valid, and nothing in the account is changed', async () => {
    const before = await stage.call('autoscaling', 'DescribeAutoScalingGroups', {});
    const taken = await run('take-over', ...names, '--out', 'fleet.yaml', '--name', 'taken');
    expect(taken.stderr).toContain('aws autoscaling suspend-processes --auto-scaling-group-name lunch-asg');
    expect(taken.exitCode).toBe(0);
    expect(await stage.call('autoscaling', 'DescribeAutoScalingGroups', {})).toEqual(before);
    const valid = await run('validate', '--json');
    expect(JSON.parse(valid.stdout)).toMatchObject({ valid: true, problems: [], groups: names });
    const { groups } = parse(readFileSync(file, 'utf8'));
    expect(groups).toMatchObject({
      'lunch-asg': {
        mode: 'observe',
        minSize: 2,
        schedules: {
          'lunch-start': { start: '0 11 * * *', end: '0 13 * * *', minSize: 5, scalingAdjustment: 2 },
        },
      },
      'simple-asg': {
        alarms: {
          more: {
            metric: 'cpu',
            threshold: 60,
            period: 60,
            evaluationPeriods: 3,
            scalingAdjustment: 1,
            cooldown: 180,
          },
          fewer: { metric: 'cpu', threshold: 30, scalingAdjustment: -1, cooldown: 300 },
        },
      },
      'steps-asg': {
        alarms: { out: { adjustmentType: 'PercentChangeInCapacity', minAdjustmentMagnitude: 1 } },
      },
      'track-asg': {
        instances: [expect.stringMatching(/^i-/)],
        targets: [{ metric: 'requestsPerTarget', targetValue: 60 }],
        loadBalancer: { loadBalancerArn: expect.stringContaining(':loadbalancer/app/track/') },
      },
      'predict-asg': {
        targets: [{ metric: 'cpu', targetValue: 60 }],
        forecast: { metric: 'cpu', targetValue: 60 },
      },
    });
  });

  it('are not taken over onto files that are there', async () => {
    const again = await run('take-over', 'lunch-asg', '--out', 'fleet.yaml', '--keep', 'other.json');
    expect(again).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('fleet.yaml is there already'),
    });
    const kept = await run('take-over', 'lunch-asg');
    expect(kept).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('taken-over.json is there'),
    });
  });

  it('have as many servers in a simulated day as AWS gave them, about', async () => {
    for (let minute = 10; minute < minutes; minute++) {
      for (const name of names) native.get(name)!.push(await stage.desired(name));
      await stage.pass(60);
    }
    const written = parse(readFileSync(file, 'utf8'));
    // Rushhour begins with what it finds: three servers.
    const simulation = {
      requestsPerSecondPerServer: model.requestsPerSecondPerServer,
      bootSeconds: model.bootSeconds,
    };
    for (const group of Object.values<object>(written.groups))
      Object.assign(group, { simulation, mode: 'active', initialCapacity: 3 });
    writeFileSync(join(folder, 'active.yaml'), stringify(written));
    const fleet = readFleet(readFileSync(join(folder, 'active.yaml'), 'utf8'));
    const played = names.map(
      (name) => [name, Float64Array.from({ length: minutes }, (_, minute) => loads[name]!(minute))] as const,
    );
    const result = await backtest({ fleet, start: stage.start, loads: new Map(played) });
    const rows = names.map((name) => {
      const was = native.get(name)!;
      const is = [...result.get(name)!.desired].slice(10);
      const mean = (servers: readonly number[]) =>
        servers.reduce((sum, each) => sum + each, 0) / servers.length;
      return { name, was: mean(was), is: mean(is), mostWas: Math.max(...was), mostIs: Math.max(...is) };
    });
    for (const { name, was, is, mostWas, mostIs } of rows) {
      // A forecast knows no season on its first day, and buys more than it needs.
      const isForecast = fleet.groups[name]!.forecast !== undefined;
      expect(Math.abs(is / was - 1), `${name}: mean`).toBeLessThan(isForecast ? 0.3 : 0.15);
      if (isForecast) expect(mostIs).toBeGreaterThanOrEqual(mostWas);
      else expect(Math.abs(mostIs - mostWas), `${name}: most`).toBeLessThanOrEqual(2);
    }
  });

  it("have by a forecast what AWS's predictive scaling would give, about, once it knows the days", async () => {
    const name = 'predict-asg';
    const days = 9;
    const load = Float64Array.from({ length: days * minutes }, (_, minute) => loads[name]!(minute));
    const fleet = readFleet(readFileSync(join(folder, 'active.yaml'), 'utf8'));
    const { desired } = (await backtest({ fleet, start: stage.start, loads: new Map([[name, load]]) })).get(
      name,
    )!;
    const servers = load.map((requests) => requests / (60 * model.requestsPerSecondPerServer));
    const predicted = play({ load: servers, bootMinutes: 1 }, predictive(servers, 0.6)).desired.map((each) =>
      Math.max(2, each),
    );
    const [is, was] = [desired, predicted].map((each) => [...each.slice(-minutes)]);
    const sum = (list: readonly number[]) => list.reduce((all, each) => all + each, 0);
    expect(Math.abs(sum(is!) / sum(was!) - 1)).toBeLessThan(0.2);
    expect(Math.abs(Math.max(...is!) - Math.max(...was!))).toBeLessThanOrEqual(1);
  });
});
