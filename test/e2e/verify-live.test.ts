import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type WholeCloud, wholeCloud } from '@rushhour/local-aws';
import { Cloud } from '@rushhour/local-aws/cloud';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import { type Operation, type Principal, type Service, ServiceError } from '@rushhour/local-aws/service';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { World } from '../../simulate/world/world.ts';
import type { Finding } from '../../verify/ask-all.ts';
import { probes } from '../../verify/probes.ts';
import { sharedWork } from '../kit/shared-work.ts';

const root = join(import.meta.dirname, '../..');
const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
/** A minute of the cloud's is a second here: what is waited for in AWS takes minutes. */
const speed = 60;

let local: WholeCloud;
let endpoint: Endpoint;
let url: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushhour-verify-'));
  local = wholeCloud({ start: Date.now(), seed: 7 }, new World(7, {}));
  endpoint = new Endpoint(local.cloud);
  url = await endpoint.listen();
  local.cloud.eventQueue.follow(speed);
});
afterAll(async () => {
  local.cloud.eventQueue.pause();
  await endpoint.close();
  await local.cloud.close();
  rmSync(folder, { recursive: true });
});

/** The command as it is typed, in a process of its own. */
function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['verify/verify.ts', '--endpoint', url, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...sharedWork(),
      ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: local.cloud.region },
    },
  });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; printed: string }> {
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
  return { code: child.exitCode, printed: `${out}${err}` };
}

async function verify(
  ...args: string[]
): Promise<{ code: number | null; printed: string; findings: Finding[] }> {
  const report = join(folder, 'report.json');
  const outcome = await ended(start('--json', report, ...args));
  return { ...outcome, findings: JSON.parse(readFileSync(report, 'utf8')).findings };
}

// biome-ignore lint/suspicious/noExplicitAny: outputs of every operation.
const call = (service: string, operation: string, input: object = {}): Promise<any> =>
  local.cloud.call(service, operation, input, owner);

/** Names of whatever a probe may have made and that is still there. */
async function leftovers(): Promise<string[]> {
  const lists = await Promise.all([
    call('cloudformation', 'DescribeStacks'),
    call('autoscaling', 'DescribeAutoScalingGroups'),
    call('ec2', 'DescribeLaunchTemplates'),
    call('lambda', 'ListFunctions'),
    call('monitoring', 'DescribeAlarms'),
    call('scheduler', 'ListScheduleGroups'),
    call('scheduler', 'ListSchedules'),
    call('sns', 'ListTopics'),
    call('sqs', 'ListQueues'),
    call('events', 'ListEventBuses'),
    call('iam', 'ListRoles'),
  ]);
  const { Reservations } = await call('ec2', 'DescribeInstances', {
    Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }],
  });
  expect(lists).toHaveLength(11);
  const names = JSON.stringify(lists).match(/rushhour-verify-[\w-]+/g) ?? [];
  const servers = JSON.stringify(Reservations).match(/"i-[0-9a-f]+"/g) ?? [];
  return [...new Set([...names, ...servers])];
}

const mend: (() => void)[] = [];
afterEach(() => {
  for (const restore of mend.splice(0)) restore();
});

const service = (signingName: string): Service =>
  local.cloud.services.find((one) => one.signingName === signingName)!;

/** Puts something between the wire and an operation of the local cloud. */
function bend(signingName: string, operation: string, bent: (original: Operation) => Operation): void {
  const operations = service(signingName).operations as Record<string, Operation>;
  const original = operations[operation]!;
  operations[operation] = bent((input, its) => original.call(service(signingName), input, its));
  mend.push(() => {
    operations[operation] = original;
  });
}

/** Whatever a client asks for from now on, until the test ends. */
function listen(): { operation: string; input: unknown }[] {
  const calls: { operation: string; input: unknown }[] = [];
  local.cloud.perform = (signingName, operation, input, ...others) => {
    calls.push({ operation, input });
    return Cloud.prototype.perform.call(local.cloud, signingName, operation, input, ...others);
  };
  mend.push(() => Reflect.deleteProperty(local.cloud, 'perform'));
  return calls;
}

const tag =
  /"Key":"rushhour-verify","Value":"rushhour-verify-[0-9a-f]{8}"|"rushhour-verify":"rushhour-verify-[0-9a-f]{8}"/;

describe('every fact is tried', () => {
  it('and holds in the local cloud; nothing is left', async () => {
    const calls = listen();
    const { code, printed, findings } = await verify('--yes');
    expect(findings.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
    expect(findings.map(({ name }) => name)).toEqual(probes.map(({ name }) => name));
    expect(code).toBe(0);
    expect(printed).toContain('9 of 9 hold');
    expect(await leftovers()).toEqual([]);
    // A schedule has its group's tags.
    const made = calls.filter(({ operation }) => /^(Create(?!Schedule$)|PutMetricAlarm)/.test(operation));
    expect(new Set(made.map(({ operation }) => operation)).size).toBeGreaterThan(8);
    for (const { operation, input } of made) expect(JSON.stringify(input), operation).toMatch(tag);
  });

  it('only after what it makes and costs was told, and somebody has agreed', async () => {
    const { code, printed } = await ended(start('--only', 'standby-protection'));
    expect(code).toBe(2);
    expect(printed).toMatch(/standby-protection: a launch template, a group, one t4g\.nano/);
    expect(printed).toContain('at most 2 US cents');
    expect(printed).toContain('Nobody is here to answer: say --yes');
    expect(await leftovers()).toEqual([]);
  });
});

describe('what was made is taken away', () => {
  /** Once a run has been shown a server that is paid for. */
  function aServerIsSeen(): Promise<void> {
    return new Promise((resolve) =>
      bend('autoscaling', 'DescribeAutoScalingGroups', (original) => async (input, its) => {
        const answer = await original(input, its);
        if (JSON.stringify(answer).includes('"InstanceId"')) resolve();
        return answer;
      }),
    );
  }

  it('by a run that is interrupted', async () => {
    const seen = aServerIsSeen();
    const child = start('--yes', '--only', 'standby-protection', '--only', 'cancelled-launch');
    const end = ended(child);
    await seen;
    child.kill('SIGINT');
    const { code, printed } = await end;
    expect(printed).toContain('Interrupted: taking away what was made');
    expect(code).toBe(130);
    expect(await leftovers()).toEqual([]);
  });

  it('by --clean, of a run that was killed; what only begins with the same words stays', async () => {
    await call('sqs', 'CreateQueue', { QueueName: 'rushhour-verify-mine' });
    const seen = aServerIsSeen();
    const child = start('--yes', '--only', 'standby-protection', '--only', 'schedule-times');
    const end = ended(child);
    await seen;
    child.kill('SIGKILL');
    await end;
    expect((await leftovers()).length).toBeGreaterThan(3);
    const { code, printed } = await ended(start('--clean'));
    expect(printed).toMatch(/deleted: scaling group rushhour-verify-[0-9a-f]{8}-standby/);
    expect(code).toBe(0);
    expect(await leftovers()).toEqual(['rushhour-verify-mine']);
    await call('sqs', 'DeleteQueue', { QueueUrl: 'rushhour-verify-mine' });
  });
});

describe('a fact that is broken is found out', () => {
  /** Answers as if the words were others. */
  const reworded =
    (words: RegExp, others: string) =>
    (original: Operation): Operation =>
    async (input, its) => {
      const text = JSON.stringify(await original(input, its));
      return JSON.parse(text.replace(words, others), revived);
    };

  const broken: Readonly<Record<string, () => void>> = {
    'missing-series': () =>
      bend('monitoring', 'GetMetricData', (original) => async (input, its) => {
        const answer = (await original(input, its)) as { MetricDataResults: { Id: string }[] };
        const results = answer.MetricDataResults.map((one) =>
          one.Id === 'sum' ? { ...one, Values: [], Timestamps: [] } : one,
        );
        return { ...answer, MetricDataResults: results };
      }),
    'alarm-to-function': () =>
      bend('lambda', 'Invoke', (original) => (input, its) => {
        const payload = Buffer.from(input.Payload).toString().replace('"alarmData"', '"alarm"');
        return original({ ...input, Payload: Buffer.from(payload) }, its);
      }),
    'schedule-times': () =>
      bend(
        'scheduler',
        'CreateSchedule',
        (original) => (input, its) => original({ ...input, ScheduleExpressionTimezone: 'UTC' }, its),
      ),
    'group-of-none': () =>
      bend(
        'autoscaling',
        'SetDesiredCapacity',
        (original) => (input, its) =>
          original({ ...input, DesiredCapacity: Math.min(1, input.DesiredCapacity) }, its),
      ),
    'template-without-desired': () =>
      bend(
        'autoscaling',
        'UpdateAutoScalingGroup',
        (original) => (input, its) => original({ DesiredCapacity: input.MinSize, ...input }, its),
      ),
    'subscription-state': () =>
      bend('sns', 'ListSubscriptionsByTopic', reworded(/PendingConfirmation/g, 'arn:aws:sns:x')),
    'standby-protection': () =>
      bend('autoscaling', 'DescribeAutoScalingGroups', (original) => async (input, its) => {
        const answer = JSON.stringify(await original(input, its));
        return JSON.parse(
          answer.includes('"Standby"') ? answer.replaceAll('ScaleIn":true', 'ScaleIn":false') : answer,
          revived,
        );
      }),
    'cancelled-launch': () =>
      bend('autoscaling', 'DescribeScalingActivities', reworded(/"Cancelled"/g, '"Failed"')),
    'source-condition': () => {
      const events = service('events');
      const { authorization } = events;
      events.authorization = (operation, input) =>
        authorization!.call(events, operation, input).map(({ action, resources }) => ({ action, resources }));
      mend.push(() => {
        events.authorization = authorization!;
      });
    },
  };

  it('for each probe there is a break', () => {
    expect(Object.keys(broken)).toEqual(probes.map(({ name }) => name));
  });

  it.each(Object.keys(broken))('%s', async (name) => {
    broken[name]!();
    const { code, findings } = await verify('--yes', '--only', name);
    expect(findings).toMatchObject([{ name, verdict: 'differs' }]);
    expect(code).toBe(1);
    expect(await leftovers()).toEqual([]);
  });

  it('what could not be tried is not said to hold', async () => {
    bend('sns', 'Subscribe', () => () => {
      throw new ServiceError('AuthorizationErrorException', 'Not for this user', 403);
    });
    const { code, findings } = await verify('--yes', '--only', 'subscription-state');
    expect(findings).toMatchObject([
      { verdict: 'unknown', saw: expect.stringContaining('Not for this user') },
    ]);
    expect(code).toBe(1);
  });
});

/** Times are dates again. */
function revived(_: string, value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? new Date(value) : value;
}

describe('one group is looked at', () => {
  beforeAll(async () => {
    const { LaunchTemplate } = await call('ec2', 'CreateLaunchTemplate', {
      LaunchTemplateName: 'shop',
      LaunchTemplateData: { ImageId, InstanceType: 't4g.nano', Monitoring: { Enabled: true } },
    });
    const { LaunchTemplateName } = LaunchTemplate;
    const { Subnets } = await call('ec2', 'DescribeSubnets');
    const input = { Name: 'shop', Subnets: Subnets.map(({ SubnetId }: { SubnetId: string }) => SubnetId) };
    const { LoadBalancers } = await call('elasticloadbalancing', 'CreateLoadBalancer', input);
    const { TargetGroups } = await call('elasticloadbalancing', 'CreateTargetGroup', {
      ...{ Name: 'shop', Protocol: 'HTTP', Port: 80, VpcId: Subnets[0].VpcId },
    });
    const [{ TargetGroupArn }] = TargetGroups;
    await call('elasticloadbalancing', 'CreateListener', {
      LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
      ...{ Protocol: 'HTTP', Port: 80, DefaultActions: [{ Type: 'forward', TargetGroupArn }] },
    });
    await call('autoscaling', 'CreateAutoScalingGroup', {
      AutoScalingGroupName: 'shop',
      ...{ MinSize: 1, MaxSize: 2, AvailabilityZones: ['us-east-1a'], TargetGroupARNs: [TargetGroupArn] },
      LaunchTemplate: { LaunchTemplateName },
    });
    await pass(20);
  });

  const ImageId = 'ami-0a2023000000000a6';
  const shop = { AutoScalingGroupName: 'shop' };

  /** The clock stands still after it: what is looked at is as old as it should be, however slow the machine is. */
  async function pass(minutes: number): Promise<void> {
    const { eventQueue } = local.cloud;
    eventQueue.pause();
    await eventQueue.runUntil(eventQueue.now() + minutes * 60_000);
  }

  it('as it is, by operations that change nothing', async () => {
    const calls = listen();
    const { code, findings } = await verify('--group', 'shop');
    expect(findings.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
    expect(findings).toHaveLength(5);
    expect(findings.at(-1)!.saw).toMatch(/^shop: \d+ values of 20 minutes, the last of \d minutes ago$/);
    expect(code).toBe(0);
    expect(calls.length).toBeGreaterThan(5);
    expect(calls.filter(({ operation }) => !/^(Describe|Get)/.test(operation))).toEqual([]);
  });

  it('and what is not as it should be is told', async () => {
    await call('autoscaling', 'SuspendProcesses', { ...shop, ScalingProcesses: ['Launch'] });
    await call('autoscaling', 'SetDesiredCapacity', { ...shop, DesiredCapacity: 2 });
    const { code, findings } = await verify('--group', 'shop');
    const different = findings.filter(({ verdict }) => verdict === 'differs');
    expect(different.map(({ saw }) => saw)).toEqual(['suspended: Launch', '1 in service, 2 desired, 1 to 2']);
    expect(code).toBe(1);
  });

  it('if there is one of that name', async () => {
    const { code, printed } = await ended(start('--group', 'shap'));
    expect(printed).toContain('There is no group shap in us-east-1');
    expect(code).toBe(2);
  });
});
