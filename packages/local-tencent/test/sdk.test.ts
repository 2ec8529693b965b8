import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import type { LookupFunction } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TencentEndpoint } from '../src/endpoint.ts';
import { TencentCloud } from '../src/tencent-cloud.ts';
import { SteadyServers, TestTimeline } from './test-timeline.ts';

// One service of the vendor's library at a time: all of them take seconds to load.
const require = createRequire(import.meta.url);
const load = (service: string, version: string) =>
  require(`tencentcloud-sdk-nodejs/tencentcloud/services/${service}/${version}`)[version].Client;

const region = 'ap-guangzhou';
let timeline: TestTimeline;
let cloud: TencentCloud;
let endpoint: TencentEndpoint;
let port: string;

/** Not every machine knows names below `localhost`. */
const toLoopback: LookupFunction = (_, options, answer) => {
  const found = { address: '127.0.0.1', family: 4 };
  if (options.all) answer(null, [found]);
  else answer(null, found.address, found.family);
};

function client(service: string, version: string, secretKey = 'secret') {
  const Client = load(service, version);
  // The vendor's library takes the first label of the host for the service.
  const agent = new Agent({ lookup: toLoopback });
  const httpProfile = { endpoint: `${service}.localhost:${port}`, protocol: 'http://', agent };
  return new Client({ credential: { secretId: 'id', secretKey }, region, profile: { httpProfile } });
}

beforeEach(async () => {
  // The vendor's library signs with the machine's clock.
  timeline = new TestTimeline(Date.now());
  cloud = new TencentCloud(timeline, new SteadyServers());
  cloud.addKey('id', 'secret');
  cloud.addGroup({
    id: 'asg-00000001',
    region,
    minSize: 1,
    maxSize: 6,
    desired: 2,
    balancer: { LoadBalancerId: 'lb-1', ListenerId: 'lbl-1', LocationId: 'loc-1' },
  });
  endpoint = new TencentEndpoint(cloud);
  port = new URL(await endpoint.listen()).port;
});

afterEach(async () => {
  await endpoint.close();
});

const id = { AutoScalingGroupId: 'asg-00000001' };

describe("The vendor's own client", () => {
  it('describes a group and its servers, changes the desired capacity, and sees the activity end', async () => {
    const as = client('as', 'v20180419');
    const { AutoScalingGroupSet } = await as.DescribeAutoScalingGroups({
      AutoScalingGroupIds: ['asg-00000001'],
    });
    expect(AutoScalingGroupSet[0]).toMatchObject({
      DesiredCapacity: 2,
      InServiceInstanceCount: 2,
      EnabledStatus: 'ENABLED',
    });
    await as.ModifyDesiredCapacity({ ...id, DesiredCapacity: 4 });
    const activities = async () => (await as.DescribeAutoScalingActivities({})).ActivitySet;
    expect(await activities()).toMatchObject([
      { ActivityType: 'SCALE_OUT', StatusCode: 'RUNNING', EndTime: null },
    ]);
    timeline.advance(61_000);
    expect(await activities()).toMatchObject([{ StatusCode: 'SUCCESSFUL' }]);
    const { AutoScalingInstanceSet, TotalCount } = await as.DescribeAutoScalingInstances({
      Filters: [{ Name: 'auto-scaling-group-id', Values: ['asg-00000001'] }],
    });
    expect(TotalCount).toBe(4);
    expect(
      new Set(AutoScalingInstanceSet.map((one: { LifeCycleState: string }) => one.LifeCycleState)),
    ).toEqual(new Set(['IN_SERVICE']));
  });

  it('adopts a server and protects it, and the oldest of the others leave', async () => {
    const as = client('as', 'v20180419');
    const server = cloud.addServer({ region, id: 'asg-00000001' });
    await as.AttachInstances({ ...id, InstanceIds: [server] });
    timeline.advance(60_000);
    await as.SetInstancesProtection({ ...id, InstanceIds: [server], ProtectedFromScaleIn: true });
    await as.ModifyDesiredCapacity({ ...id, DesiredCapacity: 1 });
    timeline.advance(60_000);
    expect([...cloud.group('asg-00000001').members.keys()]).toEqual([server]);
  });

  it('is told with the codes of the API what is wrong', async () => {
    const as = client('as', 'v20180419');
    const code = (call: Promise<unknown>) =>
      call.then(
        () => 'nothing',
        (error: { code: string }) => error.code,
      );
    expect(await code(as.ModifyDesiredCapacity({ ...id, DesiredCapacity: 7 }))).toBe(
      'InvalidParameterValue.Size',
    );
    expect(await code(as.ModifyDesiredCapacity({ ...id }))).toBe('MissingParameter');
    expect(
      await code(as.ModifyDesiredCapacity({ AutoScalingGroupId: 'asg-0000000x', DesiredCapacity: 2 })),
    ).toBe('ResourceNotFound.AutoScalingGroupNotFound');
    expect(await code(client('as', 'v20180419', 'wrong').DescribeAutoScalingGroups({}))).toBe(
      'AuthFailure.SignatureFailure',
    );
    cloud.group('asg-00000001').isEnabled = false;
    expect(await code(as.ModifyDesiredCapacity({ ...id, DesiredCapacity: 3 }))).toBe(
      'ResourceUnavailable.AutoScalingGroupDisabled',
    );
  });

  it('is throttled after twenty calls of an action in a second', async () => {
    const as = client('as', 'v20180419');
    const calls = Array.from({ length: 21 }, () =>
      as.DescribeScheduledActions({}).catch((error: { code: string }) => error.code),
    );
    expect((await Promise.all(calls)).filter((one) => one === 'RequestLimitExceeded')).toHaveLength(1);
  });

  it('looks a load balancer up, and reads how many requests came to it', async () => {
    const start = Math.floor(timeline.now() / 60_000) * 60_000;
    cloud.balance('asg-00000001', start, { requests: 1200 });
    timeline.advance(180_000);
    const { LoadBalancerSet } = await client('clb', 'v20180317').DescribeLoadBalancers({
      LoadBalancerIds: ['lb-1'],
    });
    expect(LoadBalancerSet).toMatchObject([{ LoadBalancerId: 'lb-1', LoadBalancerType: 'OPEN' }]);
    const asked = {
      ...{ Namespace: 'QCE/LB_PUBLIC', MetricName: 'TotalReq', Period: 60 },
      StartTime: new Date(start).toISOString(),
      EndTime: new Date(start + 60_000).toISOString(),
    };
    const of = (...Dimensions: { Name: string; Value: string }[]) =>
      client('monitor', 'v20180724').GetMonitorData({ ...asked, Instances: [{ Dimensions }] });
    const vip = { Name: 'vip', Value: LoadBalancerSet[0].LoadBalancerVips[0] };
    expect((await of(vip)).DataPoints[0]).toMatchObject({ Timestamps: [start / 1000], Values: [20] });
    await expect(of(vip, { Name: 'lanIp', Value: '10.0.0.1' })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  it('reads the health of targets, and what servers did', async () => {
    const [server] = cloud.group('asg-00000001').members.keys();
    const start = Math.floor(timeline.now() / 60_000) * 60_000;
    cloud.measure(
      start,
      new Map([[server!, { cpuPercent: 42, memoryPercent: 10, bytesIn: 0, bytesOut: 0 }]]),
    );
    timeline.advance(180_000);
    const { LoadBalancers } = await client('clb', 'v20180317')
      .DescribeTargetHealth({ LoadBalancerIds: ['lb-1'] })
      .catch((error: unknown) => ({ LoadBalancers: error }));
    // Its clock is three minutes behind, which a signature takes.
    expect(LoadBalancers[0].Listeners[0].Rules[0].Targets).toHaveLength(2);
    const { DataPoints } = await client('monitor', 'v20180724').GetMonitorData({
      Namespace: 'QCE/CVM',
      MetricName: 'CPUUsage',
      Period: 60,
      StartTime: new Date(start).toISOString(),
      EndTime: new Date(start + 60_000).toISOString(),
      Instances: [{ Dimensions: [{ Name: 'InstanceId', Value: server! }] }],
    });
    expect(DataPoints[0]).toMatchObject({ Timestamps: [start / 1000], Values: [42] });
  });
});

describe('A rule of the group’s own', () => {
  it('is cancelled while an activity runs and within its cooldown, and never tried again', () => {
    const native = (desired: number) => cloud.playNative('asg-00000001', desired, 'alarm').status;
    expect(native(4)).toBe('RUNNING');
    expect(native(5)).toBe('CANCELLED');
    timeline.advance(60_000);
    expect(native(5)).toBe('CANCELLED');
    timeline.advance(400_000);
    expect(cloud.group('asg-00000001').desired).toBe(4);
    expect(native(5)).toBe('RUNNING');
  });
});
