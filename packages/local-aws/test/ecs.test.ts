import { beforeEach, expect, it } from 'vitest';
import { FleetCloud } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

let cloud: FleetCloud;

beforeEach(async () => {
  cloud = new FleetCloud(new SteadyWorld({ bootSeconds: 40 }));
  await ecs('CreateCluster', { clusterName: 'shop' });
  await define();
});

// biome-ignore lint/suspicious/noExplicitAny: the SDK's shapes, of which tests look at parts.
function ecs(operation: string, input: object): Promise<any> {
  return cloud.call('ecs', operation, input);
}

function define(container: object = {}) {
  const containerDefinitions = [{ name: 'web', image: 'web:1', ...container }];
  return ecs('RegisterTaskDefinition', { family: 'web', containerDefinitions });
}

function make(settings: object = {}) {
  return ecs('CreateService', {
    cluster: 'shop',
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 2,
    ...settings,
  });
}

async function service() {
  return (await ecs('DescribeServices', { cluster: 'shop', services: ['web'] })).services[0];
}

async function tasks(desiredStatus = 'RUNNING') {
  const { taskArns } = await ecs('ListTasks', { cluster: 'shop', serviceName: 'web', desiredStatus });
  if (taskArns.length === 0) return [];
  return (await ecs('DescribeTasks', { cluster: 'shop', tasks: taskArns })).tasks;
}

it('describes ten services and a hundred tasks in a call, and names those that are missing without an error', async () => {
  await make();
  const { services, failures } = await ecs('DescribeServices', {
    cluster: 'shop',
    services: ['web', 'gone'],
  });
  expect(services).toHaveLength(1);
  expect(failures).toMatchObject([{ arn: expect.stringContaining('service/shop/gone'), reason: 'MISSING' }]);
  const names = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`);
  const tooMany = ecs('DescribeServices', { cluster: 'shop', services: names(11) });
  await expect(tooMany).rejects.toMatchObject({ code: 'InvalidParameterException' });
  const tooManyTasks = ecs('DescribeTasks', { cluster: 'shop', tasks: names(101) });
  await expect(tooManyTasks).rejects.toMatchObject({ code: 'InvalidParameterException' });
});

it('says that a task is UNKNOWN where its containers have no health check, and until they are judged where they have one', async () => {
  await make();
  await cloud.pass(120);
  expect((await tasks()).map(({ healthStatus }: { healthStatus: string }) => healthStatus)).toEqual([
    'UNKNOWN',
    'UNKNOWN',
  ]);
  await define({ healthCheck: { command: ['CMD', 'true'] } });
  await ecs('CreateService', {
    cluster: 'shop',
    serviceName: 'checked',
    taskDefinition: 'web',
    desiredCount: 1,
  });
  await cloud.pass(120);
  const { taskArns } = await ecs('ListTasks', { cluster: 'shop', serviceName: 'checked' });
  const { tasks: checked } = await ecs('DescribeTasks', { cluster: 'shop', tasks: taskArns });
  expect(checked).toMatchObject([{ healthStatus: 'HEALTHY' }]);
});

it('has a rollout IN_PROGRESS beside the old deployment, and COMPLETED once the service is steady', async () => {
  await make();
  await cloud.pass(120);
  expect((await service()).deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
  await define({ image: 'web:2' });
  await ecs('UpdateService', { cluster: 'shop', service: 'web', taskDefinition: 'web' });
  expect((await service()).deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
    { status: 'ACTIVE' },
  ]);
  await cloud.pass(300);
  expect((await service()).deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
});

async function rollOutMissingImage(deploymentCircuitBreaker?: object) {
  await make({
    deploymentConfiguration: deploymentCircuitBreaker ? { deploymentCircuitBreaker } : undefined,
  });
  await cloud.pass(120);
  await define({ image: 'gone:1' });
  cloud.services.ecs.scheduler.missingImages.add('gone:1');
  await ecs('UpdateService', { cluster: 'shop', service: 'web', taskDefinition: 'web' });
  await cloud.pass(30 * 60);
  return service();
}

it('has a rollout whose tasks fail go on for ever without a circuit breaker', async () => {
  const { deployments, runningCount } = await rollOutMissingImage();
  expect(deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
    { status: 'ACTIVE' },
  ]);
  expect(deployments[0].failedTasks).toBeGreaterThan(3);
  expect(runningCount).toBe(2);
});

it('has a rollout FAILED by the circuit breaker after three tasks, which then starts no other until the next rollout', async () => {
  const { deployments, events } = await rollOutMissingImage({ enable: true, rollback: false });
  const rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.';
  const failed = { status: 'PRIMARY', rolloutState: 'FAILED', rolloutStateReason, failedTasks: 3 };
  expect(deployments).toMatchObject([failed, { status: 'ACTIVE', runningCount: 2 }]);
  const told = `(service web) (deployment ${deployments[0].id}) deployment failed: tasks failed to start.`;
  expect(events[0].message).toBe(told);
  await ecs('UpdateService', { cluster: 'shop', service: 'web', desiredCount: 4 });
  await cloud.pass(600);
  expect(await service()).toMatchObject({ desiredCount: 4, runningCount: 2, pendingCount: 0 });
  await ecs('UpdateService', { cluster: 'shop', service: 'web', desiredCount: 1 });
  await cloud.pass(600);
  expect(await service()).toMatchObject({ desiredCount: 1, runningCount: 1 });
  await ecs('UpdateService', { cluster: 'shop', service: 'web', taskDefinition: 'web:1' });
  await cloud.pass(600);
  const { deployments: after } = await service();
  expect(after).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 1 }]);
});

it('goes back to what was completed last where the circuit breaker may, and says so', async () => {
  const { deployments, events, taskDefinition } = await rollOutMissingImage({ enable: true, rollback: true });
  expect(taskDefinition).toMatch(/:1$/);
  expect(deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 2 }]);
  const told = events.map(({ message }: { message: string }) => message);
  expect(told).toContainEqual(expect.stringContaining('deployment failed: tasks failed to start.'));
  expect(told).toContainEqual(expect.stringMatching(/rolling back to deployment ecs-svc\/\d+\.$/));
});

it('registers tasks by their own address, and stops one that its target group finds unhealthy after the grace period', async () => {
  const targetGroupArn = await cloud.balancer();
  const loadBalancers = [{ targetGroupArn, containerName: 'web', containerPort: 80 }];
  await make({ loadBalancers, healthCheckGracePeriodSeconds: 120 });
  await cloud.pass(180);
  const addresses = async () => {
    const answer = await cloud.call('elasticloadbalancing', 'DescribeTargetHealth', {
      TargetGroupArn: targetGroupArn,
    });
    return answer.TargetHealthDescriptions.map(({ Target }: { Target: { Id: string } }) => Target.Id);
  };
  const [first] = await tasks();
  const own = first.attachments[0].details[0].value;
  expect(await addresses()).toContain(own);
  cloud.world.strike(own, 'hung');
  // It is drained for the five minutes of its target group.
  await cloud.pass(420);
  expect(await addresses()).not.toContain(own);
  const stopped = await tasks('STOPPED');
  expect(stopped).toMatchObject([{ stoppedReason: expect.stringContaining('failed health checks') }]);
});

it('shows stopped tasks for an hour, with the code and the reason', async () => {
  await make();
  await cloud.pass(120);
  const [first] = await tasks();
  await ecs('StopTask', { cluster: 'shop', task: first.taskArn, reason: 'tried' });
  await cloud.pass(600);
  expect(await tasks('STOPPED')).toMatchObject([{ stopCode: 'UserInitiated', stoppedReason: 'tried' }]);
  expect((await service()).runningCount).toBe(2);
  await cloud.pass(3600);
  expect(await tasks('STOPPED')).toEqual([]);
});

it('tells a task that cannot be placed in the events of its service alone', async () => {
  await make();
  await cloud.pass(120);
  cloud.world.refuseLaunches(() => ({ code: 'InsufficientInstanceCapacity', message: 'none' }));
  await ecs('UpdateService', { cluster: 'shop', service: 'web', desiredCount: 4 });
  await cloud.pass(60);
  const { events, runningCount, desiredCount } = await service();
  expect({ runningCount, desiredCount }).toEqual({ runningCount: 2, desiredCount: 4 });
  expect(events[0].message).toContain('was unable to place a task');
  expect(await tasks('STOPPED')).toEqual([]);
});

it('takes no task that is protected from scale-in, until the protection ends', async () => {
  await make({ desiredCount: 3 });
  await cloud.pass(180);
  const before = (await tasks()).map(({ taskArn }: { taskArn: string }) => taskArn);
  const { protectedTasks } = await ecs('UpdateTaskProtection', {
    cluster: 'shop',
    tasks: before.slice(0, 2),
    protectionEnabled: true,
    expiresInMinutes: 30,
  });
  expect(protectedTasks).toHaveLength(2);
  await ecs('UpdateService', { cluster: 'shop', service: 'web', desiredCount: 1 });
  await cloud.pass(600);
  expect((await tasks()).map(({ taskArn }: { taskArn: string }) => taskArn)).toEqual(before.slice(0, 2));
  await cloud.pass(1500);
  expect(await tasks()).toHaveLength(1);
  const told = await ecs('GetTaskProtection', { cluster: 'shop', tasks: [before[0], 'gone'] });
  expect(told).toMatchObject({ failures: [{ arn: 'gone', reason: 'MISSING' }] });
  expect(told.protectedTasks[0]?.protectionEnabled ?? false).toBe(false);
});

it('tells each state of a task as it comes', async () => {
  await make({ desiredCount: 1 });
  await cloud.pass(180);
  const [{ taskArn }] = await tasks();
  await ecs('StopTask', { cluster: 'shop', task: taskArn, reason: 'tried by hand' });
  await cloud.pass(60);
  const told = cloud.events.filter(
    ({ type, detail }) => type === 'ECS Task State Change' && detail['taskArn'] === taskArn,
  );
  expect(told.map(({ detail }) => detail['lastStatus'])).toEqual([
    'PENDING',
    'RUNNING',
    'DEACTIVATING',
    'STOPPING',
    'STOPPED',
  ]);
  expect(told.at(-1)!.detail).toMatchObject({
    clusterArn: expect.stringContaining('cluster/shop'),
    group: 'service:web',
    stopCode: 'UserInitiated',
    stoppedReason: 'tried by hand',
  });
});

it('protects ten tasks in a call, for two days at most', async () => {
  await make();
  await cloud.pass(180);
  const [{ taskArn }] = await tasks();
  const protect = (settings: object) =>
    ecs('UpdateTaskProtection', {
      cluster: 'shop',
      tasks: [taskArn],
      protectionEnabled: true,
      ...settings,
    });
  const eleven = Array.from({ length: 11 }, () => taskArn);
  await expect(protect({ tasks: eleven })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  const tooLong = protect({ expiresInMinutes: 2881 });
  await expect(tooLong).rejects.toMatchObject({ code: 'InvalidParameterException' });
  const { protectedTasks } = await protect({});
  expect(protectedTasks[0].expirationDate.getTime() - cloud.now).toBe(120 * 60_000);
});

it('publishes cpu and memory once a minute, or every 20 seconds where its monitoring configuration says so', async () => {
  const datapoints = async () => {
    const Dimensions = Object.entries({ ClusterName: 'shop', ServiceName: 'web' });
    const { MetricDataResults } = await cloud.call('monitoring', 'GetMetricData', {
      StartTime: new Date(cloud.now - 5 * 60_000),
      EndTime: new Date(cloud.now),
      MetricDataQueries: ['CPUUtilization', 'MemoryUtilization'].map((MetricName, index) => ({
        Id: `m${index}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/ECS',
            MetricName,
            Dimensions: Dimensions.map(([Name, Value]) => ({ Name, Value })),
          },
          Period: 20,
          Stat: 'Average',
        },
      })),
    });
    return MetricDataResults.map(({ Values }: { Values: number[] }) => Values.length);
  };
  await make();
  await cloud.pass(600);
  const usual = await datapoints();
  const metricNames = ['CPUUtilization', 'MemoryUtilization'];
  const monitoring = { metricConfigurations: [{ metricNames, resolutionSeconds: 20 }] };
  await ecs('UpdateService', { cluster: 'shop', service: 'web', monitoring });
  await cloud.pass(600);
  expect(usual[0]).toBeGreaterThan(0);
  expect(await datapoints()).toEqual(usual.map((count: number) => 3 * count));
});
