import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';
import { rushhour } from '../kit/run-rushhour.ts';

const group = 'web-asg';
const observing = `name: taken
timeZone: UTC
groups:
  legacy:
    existing: ${group}
    minSize: 2
    maxSize: 12
    mode: observe
    alarms:
      high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 60, period: 60, evaluationPeriods: 2, scalingAdjustment: 2, cooldown: 300 }
`;
const active = observing.replace('    mode: observe\n', '');
const folder = mkdtempSync(join(tmpdir(), 'rushhour-takeover-'));

/** Requests a minute; a server carries a hundred a second. */
let load = 100 * 60;
const model = { requestsPerSecondPerServer: 100, bootSeconds: 30, load: () => load };
const stage = new Deployed('2026-03-04T08:00:00Z', { [group]: model });
/** Minutes at which a rule of AWS's own or of ours would have acted: who, if anybody. */
const scalers: ('native' | 'ours' | 'both' | 'nobody')[] = [];
let isActive = false;

/** The group as somebody has it who comes to Rushhour: two servers, and a policy that tracks 60 % of CPU by its two alarms. */
async function nativeGroup(): Promise<void> {
  const { Images } = await stage.call('ec2', 'DescribeImages', {});
  const ImageId = Images.find(
    ({ Architecture }: { Architecture: string }) => Architecture === 'arm64',
  ).ImageId;
  const LaunchTemplateData = { ImageId, InstanceType: 'c7g.large', Monitoring: { Enabled: true } };
  await stage.call('ec2', 'CreateLaunchTemplate', { LaunchTemplateName: 'web', LaunchTemplateData });
  await stage.call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: group,
    MinSize: 2,
    MaxSize: 12,
    DesiredCapacity: 2,
    DefaultCooldown: 300,
    AvailabilityZones: ['us-east-1a', 'us-east-1b'],
    LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' },
  });
  const { Alarms } = await stage.call('autoscaling', 'PutScalingPolicy', {
    AutoScalingGroupName: group,
    PolicyName: 'busy',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
      TargetValue: 60,
    },
  });
  expect(Alarms).toHaveLength(2);
}

/** Lets minutes pass, and asks in each who would scale the group. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await stage.pass(60);
    const { SuspendedProcesses } = await stage.group(group);
    const isNative = !SuspendedProcesses.some(
      ({ ProcessName }: { ProcessName: string }) => ProcessName === 'AlarmNotification',
    );
    scalers.push(isNative ? (isActive ? 'both' : 'native') : isActive ? 'ours' : 'nobody');
  }
}

async function desired(): Promise<number> {
  return (await stage.group(group)).DesiredCapacity;
}

async function run(fleet: string, ...args: string[]): Promise<string> {
  const file = join(folder, 'fleet.yaml');
  writeFileSync(file, fleet);
  const ran = await rushhour([...args, '--fleet', file], {
    AWS_ENDPOINT_URL: stage.cloud.endpointUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  return ran.stdout;
}

async function nativeFinding(fleet: string): Promise<{ verdict: string; message: string; advice: string }> {
  const { findings } = JSON.parse(await run(fleet, 'doctor', '--json'));
  return findings.find(({ check }: { check: string }) => check === 'native scaling');
}

beforeAll(async () => {
  await nativeGroup();
  await stage.pass(300);
  await stage.deploy(observing);
  await pass(5);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

it('observes while the native rules scale, which doctor finds right, and says how to swap', async () => {
  load = 190 * 60;
  await pass(6);
  expect(await desired()).toBe(4);
  expect(await nativeFinding(observing)).toMatchObject({
    verdict: 'fine',
    message: "legacy: it is observed, and AWS's own rules go on scaling it: scaling policy busy",
    advice: expect.stringContaining(
      `suspend-processes --auto-scaling-group-name ${group} --scaling-processes AlarmNotification ScheduledActions`,
    ),
  });
});

it('says OBSERVE in large letters, and what would have been done beside what was', async () => {
  const status = await run(observing, 'status');
  expect(status).toMatch(/legacy {2}OBSERVE: TOUCHES NOTHING {2}4 desired/);
  expect(status).toMatch(/was +08:\d\d legacy 2 → 4: changed from outside/);
  const explained = await run(observing, 'explain', 'legacy');
  expect(explained).toMatch(/^OBSERVE: TOUCHES NOTHING\n/);
  expect(explained).toMatch(/08:\d\d +was +legacy 2 → 4: changed from outside/);
  expect(explained).toMatch(
    /08:\d\d +would +legacy stays at \d: it would go \d → \d, but only observes: alarm 'high'/,
  );
});

it('swaps within a minute: deployed as active, then the native rules are put to sleep', async () => {
  load = 100 * 60;
  await pass(10);
  await stage.deploy(active);
  isActive = true;
  expect(await nativeFinding(active)).toMatchObject({
    verdict: 'problem',
    message: "legacy: AWS's own rules would fight: scaling policy busy",
  });
  await pass(1);
  const ScalingProcesses = ['AlarmNotification', 'ScheduledActions'];
  await stage.call('autoscaling', 'SuspendProcesses', { AutoScalingGroupName: group, ScalingProcesses });
  expect(await nativeFinding(active)).toMatchObject({ verdict: 'warning' });
  expect(await run(active, 'status')).not.toContain('OBSERVE');
  const before = await desired();
  load = before * 75 * 60;
  await pass(5);
  expect(await desired()).toBe(before + 2);
});

it('had a scaler in every minute, and both for one at most', () => {
  expect(scalers).not.toContain('nobody');
  expect(scalers.filter((who) => who === 'both')).toHaveLength(1);
  expect([...new Set(scalers)]).toEqual(['native', 'both', 'ours']);
});

it('is told when nobody scales a group: observed, with its own rules asleep', async () => {
  await stage.deploy(observing);
  expect(await nativeFinding(observing)).toMatchObject({
    verdict: 'problem',
    message: expect.stringContaining('legacy: nobody scales it: it is only observed'),
  });
});
