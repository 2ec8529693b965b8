import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';

let account: Deployed;

const file = `
name: shop
notify: { email: [ops@example.com] }
groups:
  web:
    ecs: { cluster: shop, service: web }
    minSize: 2
    maxSize: 6
    schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } }
    alarms:
      cpu-low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 10, period: 300,
                 evaluationPeriods: 3, scalingAdjustment: -1, cooldown: 600 }
    simulation: { bootSeconds: 30 }
`;

beforeEach(async () => {
  account = new Deployed('2026-03-04T00:00:00Z', {
    'ecs:shop/web': { requestsPerSecondPerServer: 100, bootSeconds: 30, load: () => 6000 },
  });
  await account.deploy(file);
});

afterEach(() => account[Symbol.asyncDispose]());

// biome-ignore lint/suspicious/noExplicitAny: the SDK's shape, of which tests look at parts.
async function service(): Promise<any> {
  const { services } = await account.call('ecs', 'DescribeServices', { cluster: 'shop', services: ['web'] });
  return services[0];
}

async function tasks(): Promise<string[]> {
  return (await account.call('ecs', 'ListTasks', { cluster: 'shop', serviceName: 'web' })).taskArns;
}

async function changes() {
  const rows = (await account.history('shop', 'web')).filter(({ from, to }) => from !== to);
  return rows.map(({ from, to, reason, statusCode }) => `${from} → ${to} ${reason} ${statusCode}`);
}

describe('a service of ECS', () => {
  it('has what a window adds, and gives exactly that back', async () => {
    await account.pass(90 * 60);
    expect(await service()).toMatchObject({ desiredCount: 4, runningCount: 4 });
    await account.pass(2 * 3600);
    expect(await service()).toMatchObject({ desiredCount: 2, runningCount: 2 });
    expect(await changes()).toEqual(['2 → 4 WindowOpened Successful', '4 → 2 WindowClosed Successful']);
  });

  it('of which ECS keeps protected tasks in a scale-in has that in its history, until the protection ends', async () => {
    await account.pass(90 * 60);
    const protectedTasks = (await tasks()).slice(0, 3);
    const input = { cluster: 'shop', tasks: protectedTasks, protectionEnabled: true, expiresInMinutes: 150 };
    await account.call('ecs', 'UpdateTaskProtection', input);
    await account.pass(2 * 3600);
    // Protection of others' is never lifted, raises nothing, and holds back no wish.
    expect(await service()).toMatchObject({ desiredCount: 2, runningCount: 3 });
    expect(await tasks()).toEqual(protectedTasks);
    const [row] = (await account.history('shop', 'web')).filter(({ to }) => to === 2);
    expect(row).toMatchObject({ from: 4, to: 2, reason: 'WindowClosed', statusCode: 'InProgress' });
    expect(row!.statusMessage).toBe(
      '1 more task is protected from scale-in, and kept until the protection ends',
    );
    await account.pass(3600);
    expect(await service()).toMatchObject({ desiredCount: 2, runningCount: 2 });
    expect(await changes()).toEqual(['2 → 4 WindowOpened Successful', '4 → 2 WindowClosed Successful']);
  });

  it('whose image cannot be pulled has its launches told as failing, with the words of ECS', async () => {
    await account.pass(10 * 60);
    const containerDefinitions = [{ name: 'web', image: 'gone:1' }];
    await account.call('ecs', 'RegisterTaskDefinition', { family: 'gone', containerDefinitions });
    account.local.fleet.ecs.scheduler.missingImages.add('gone:1');
    await account.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition: 'gone' });
    await account.pass(80 * 60);
    const failing = (await account.history('shop', 'web')).filter(({ statusMessage }) =>
      statusMessage?.includes('launches fail (image)'),
    );
    expect(failing.length).toBeGreaterThan(0);
    expect(failing[0]!.statusMessage).toContain('CannotPullContainerError');
    // What served before still does.
    expect((await service()).runningCount).toBe(2);
  });

  it('of which a task dies has that in its history, and the task is replaced', async () => {
    await account.pass(20 * 60 + 5);
    const [first] = await tasks();
    await account.call('ecs', 'StopTask', { cluster: 'shop', task: first, reason: 'tried by hand' });
    // Before any sweep: at the next its replacement may run already.
    await account.pass(40);
    const lost = (await account.history('shop', 'web')).filter(({ reason }) => reason === 'ServersLost');
    await account.pass(5 * 60);
    expect(await service()).toMatchObject({ desiredCount: 2, runningCount: 2 });
    expect(lost.map(({ message }) => message).join()).toContain(first!.split('/').at(-1)!);
    expect(await changes()).toEqual([]);
  });

  it('that is deleted is told once', async () => {
    await account.pass(10 * 60);
    await account.call('ecs', 'DeleteService', { cluster: 'shop', service: 'web', force: true });
    await account.pass(60 * 60);
    const told = account.mails.filter(({ subject }) => subject.includes('web'));
    expect(told.map(({ subject }) => subject)).toEqual([expect.stringContaining('does not exist')]);
  });

  it('that Application Auto Scaling scales too is told of when it is met', async () => {
    await account[Symbol.asyncDispose]();
    account = new Deployed();
    const target = {
      ServiceNamespace: 'ecs',
      ResourceId: 'service/shop/web',
      ScalableDimension: 'ecs:service:DesiredCount',
    };
    await account.call('application-autoscaling', 'RegisterScalableTarget', {
      ...target,
      MinCapacity: 1,
      MaxCapacity: 9,
    });
    await account.call('application-autoscaling', 'PutScalingPolicy', {
      ...target,
      PolicyName: 'cpu-50',
      PolicyType: 'TargetTrackingScaling',
    });
    await account.deploy(file);
    await account.pass(5 * 60);
    expect(account.mails.map(({ text }) => text).join()).toContain('scaling policy cpu-50');
  });
});

describe('a service of ECS in another region than the fleet', () => {
  const region = 'eu-west-1';
  const abroad = `
name: shop
groups:
  web:
    ecs: { region: ${region}, cluster: shop, service: web }
    minSize: 2
    maxSize: 6
    schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } }
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60,
                  evaluationPeriods: 3, scalingAdjustment: 1, cooldown: 3600 }
`;
  const busyFrom = Date.parse('2026-03-04T04:00:00Z');
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's shape, of which tests look at parts.
  const there = (service: string, operation: string, input: object): Promise<any> =>
    account.cloud.inRegion(region)!.call(service, operation, input, {
      kind: 'owner',
      arn: 'arn:aws:iam::000000000000:user/owner',
    });

  beforeEach(async () => {
    await account[Symbol.asyncDispose]();
    account = new Deployed('2026-03-04T00:00:00Z', {
      'ecs:eu-west-1/shop/web': {
        ...{ requestsPerSecondPerServer: 100, bootSeconds: 30 },
        load: (minute) => (minute < busyFrom ? 6000 : 9600),
      },
    });
    // Of the same name, and nobody's business.
    await account.call('ecs', 'CreateCluster', { clusterName: 'shop' });
    await account.call('ecs', 'RegisterTaskDefinition', {
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'web:1' }],
    });
    const twin = { cluster: 'shop', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 };
    await account.call('ecs', 'CreateService', twin);
    await account.deploy(abroad);
  });

  it('has its window, its rule by the metrics of its region without any alarm, and its history; its twin here is left alone', async () => {
    await account.pass(90 * 60);
    const describe = { cluster: 'shop', services: ['web'] };
    expect((await there('ecs', 'DescribeServices', describe)).services[0]).toMatchObject({
      desiredCount: 4,
      runningCount: 4,
    });
    await account.pass(3 * 3600);
    expect(await changes()).toEqual([
      '2 → 4 WindowOpened Successful',
      '4 → 2 WindowClosed Successful',
      '2 → 3 AlarmScaleOut Successful',
    ]);
    expect(await service()).toMatchObject({ desiredCount: 1, runningCount: 1 });
    expect((await there('monitoring', 'DescribeAlarms', {})).MetricAlarms).toEqual([]);
    const here = await account.call('monitoring', 'DescribeAlarms', { AlarmNamePrefix: 'shop-web' });
    expect(here.MetricAlarms).toEqual([]);
  });

  it('of which a task dies has that in its history where a rule of its region sends events on to this one', async () => {
    const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
    const Statement = { Effect: 'Allow', Action: 'events:PutEvents', Resource: bus };
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sts:AssumeRole',
    };
    const role = { RoleName: 'onward', AssumeRolePolicyDocument: JSON.stringify({ Statement: trust }) };
    const { Role } = await account.call('iam', 'CreateRole', role);
    const policy = { PolicyName: 'onward', PolicyDocument: JSON.stringify({ Statement }) };
    await account.call('iam', 'PutRolePolicy', { RoleName: 'onward', ...policy });
    const pattern = { source: ['aws.ecs'], 'detail-type': ['ECS Task State Change'] };
    await there('events', 'PutRule', { Name: 'onward', EventPattern: JSON.stringify(pattern) });
    const target = { Id: 'onward', Arn: bus, RoleArn: Role.Arn };
    const lost = async () =>
      (await account.history('shop', 'web'))
        .filter(({ reason }) => reason === 'ServersLost')
        .map(({ message }) => message);
    const stopOne = async () => {
      const { taskArns } = await there('ecs', 'ListTasks', { cluster: 'shop', serviceName: 'web' });
      await there('ecs', 'StopTask', { cluster: 'shop', task: taskArns[0], reason: 'tried by hand' });
      // Before any sweep: at the next its replacement may run already.
      await account.pass(40);
      return taskArns[0].split('/').at(-1);
    };
    await account.pass(20 * 60 + 5);
    await stopOne();
    expect(await lost()).toEqual([]);
    await account.pass(20 * 60 - 40);
    await there('events', 'PutTargets', { Rule: 'onward', Targets: [target] });
    const server = await stopOne();
    expect(await lost()).toEqual([expect.stringContaining(server)]);
  });
});
