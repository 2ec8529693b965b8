import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlibabaCloud } from '../src/alibaba-cloud.ts';
import { AlibabaEndpoint } from '../src/endpoint.ts';
import { steadyWorld, TestTimeline } from './test-timeline.ts';

const require = createRequire(import.meta.url);
const { default: Client, $OpenApiUtil } = require('@alicloud/openapi-core');
const { default: OpenApiUtil } = require('@alicloud/openapi-core/dist/utils');
const $dara = require('@darabonba/typescript');

const region = 'cn-hangzhou';
const id = 'asg-bp100000000000000001';
const group = { ScalingGroupId: id };
const versions = {
  ess: '2022-02-22',
  cms: '2019-01-01',
  slb: '2014-05-15',
  alb: '2020-06-16',
  sts: '2015-04-01',
};

let timeline: TestTimeline;
let cloud: AlibabaCloud;
let endpoint: AlibabaEndpoint;
let host: string;

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are of any shape here.
type Answer = Record<string, any>;

/** As the vendor's generated clients call: one operation of the RPC style. */
async function call(
  service: keyof typeof versions,
  action: string,
  input: object,
  { secret = 'secret', authType = 'AK' } = {},
): Promise<Answer> {
  const key = { accessKeyId: 'id', accessKeySecret: secret };
  const client = new Client(
    new $OpenApiUtil.Config({ ...key, endpoint: host, regionId: region, protocol: 'HTTP' }),
  );
  const request = new $OpenApiUtil.OpenApiRequest({ query: OpenApiUtil.query(input) });
  const params = new $OpenApiUtil.Params({
    action,
    version: versions[service],
    protocol: 'HTTP',
    pathname: '/',
    method: 'POST',
    authType,
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  return (await client.callApi(params, request, new $dara.RuntimeOptions({}))).body;
}

const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'nothing',
    (error: { code: string }) => error.code,
  );

beforeEach(async () => {
  // The vendor's library signs with the machine's clock.
  timeline = new TestTimeline(Date.now());
  cloud = new AlibabaCloud(timeline, steadyWorld());
  cloud.addKey('id', 'secret');
  const applicationBalancer = { loadBalancerId: 'alb-1', listenerId: 'lsn-1', serverGroupId: 'sgp-1' };
  cloud.addGroup({
    id,
    region,
    minSize: 1,
    maxSize: 6,
    desired: 2,
    classicBalancer: 'lb-1',
    applicationBalancer,
  });
  endpoint = new AlibabaEndpoint(cloud);
  host = new URL(await endpoint.listen()).host;
});

afterEach(() => endpoint.close());

const activities = async () =>
  (await call('ess', 'DescribeScalingActivities', { RegionId: region, ...group }))['ScalingActivities'];

describe("The vendor's own library", () => {
  it('describes a group and its servers, changes the desired capacity, and sees the activity end', async () => {
    const { ScalingGroups } = await call('ess', 'DescribeScalingGroups', {
      RegionId: region,
      ScalingGroupIds: [id, 'asg-gone'],
    });
    expect(ScalingGroups).toMatchObject([
      { DesiredCapacity: 2, ActiveCapacity: 2, LifecycleState: 'Active' },
    ]);
    await call('ess', 'ModifyScalingGroup', { ...group, DesiredCapacity: 4 });
    expect(await activities()).toMatchObject([
      { StatusCode: 'InProgress', Cause: expect.stringContaining('from "2" to "4"') },
    ]);
    timeline.advance(61_000);
    expect(await activities()).toMatchObject([{ StatusCode: 'Successful' }]);
    const { ScalingInstances, TotalCount } = await call('ess', 'DescribeScalingInstances', {
      RegionId: region,
      ...group,
    });
    expect(TotalCount).toBe(4);
    expect(new Set(ScalingInstances.map((one: Answer) => one['LifecycleState']))).toEqual(
      new Set(['InService']),
    );
  });

  it('adopts a server and protects it, and the oldest of the others leave', async () => {
    const server = cloud.addServer({ region, id });
    await call('ess', 'AttachInstances', { ...group, InstanceIds: [server] });
    timeline.advance(60_000);
    await call('ess', 'SetInstancesProtection', {
      ...group,
      InstanceIds: [server],
      ProtectedFromScaleIn: true,
    });
    await call('ess', 'ModifyScalingGroup', { ...group, DesiredCapacity: 1 });
    timeline.advance(60_000);
    expect([...cloud.group(id).members.keys()]).toEqual([server]);
  });

  it('is told with the codes of the API what is wrong', async () => {
    const modify = (input: object) => codeOf(call('ess', 'ModifyScalingGroup', { ...group, ...input }));
    expect(await modify({ DesiredCapacity: 7 })).toBe('InvalidParameter.Conflict');
    expect(await modify({ ScalingGroupId: 'asg-gone', DesiredCapacity: 2 })).toBe(
      'InvalidScalingGroupId.NotFound',
    );
    expect(await codeOf(call('ess', 'DescribeScalingGroups', {}))).toBe('MissingParameter');
    expect(
      await codeOf(call('ess', 'DescribeScalingGroups', { RegionId: region }, { secret: 'wrong' })),
    ).toBe('SignatureDoesNotMatch');
    cloud.removeKey('id');
    expect(await codeOf(call('ess', 'DescribeScalingGroups', { RegionId: region }))).toBe(
      'InvalidAccessKeyId.NotFound',
    );
  });

  it('is refused what has to wait for an activity, and a group that is disabled', async () => {
    const scale = (AdjustmentValue: number) =>
      codeOf(
        call('ess', 'ScaleWithAdjustment', { ...group, AdjustmentType: 'TotalCapacity', AdjustmentValue }),
      );
    expect(await scale(2)).toBe('IncorrectCapacity.NoChange');
    expect(await scale(3)).toBe('nothing');
    expect(await scale(4)).toBe('ScalingActivityInProgress');
    const [server] = cloud.group(id).members.keys();
    expect(await codeOf(call('ess', 'DetachInstances', { ...group, InstanceIds: [server] }))).toBe(
      'ScalingActivityInProgress',
    );
    timeline.advance(60_000);
    cloud.group(id).isEnabled = false;
    expect(await scale(4)).toBe('IncorrectScalingGroupStatus');
  });

  it('is throttled after fifty calls of an action in a second', async () => {
    const calls = Array.from({ length: 51 }, () =>
      codeOf(call('ess', 'DescribeAlarms', { RegionId: region })),
    );
    expect((await Promise.all(calls)).filter((code) => code === 'Throttling.User')).toHaveLength(1);
  });

  it('reads the health of servers at both kinds of balancers', async () => {
    const { BackendServers } = await call('slb', 'DescribeHealthStatus', {
      RegionId: region,
      LoadBalancerId: 'lb-1',
    });
    expect(BackendServers.BackendServer).toMatchObject([
      { ServerHealthStatus: 'normal' },
      { ServerHealthStatus: 'normal' },
    ]);
    const { ServerGroups } = await call('alb', 'ListServerGroups', { ServerGroupIds: ['sgp-1'] });
    expect(ServerGroups).toMatchObject([{ RelatedLoadBalancerIds: ['alb-1'] }]);
    const { ListenerHealthStatus } = await call('alb', 'GetListenerHealthStatus', { ListenerId: 'lsn-1' });
    expect(ListenerHealthStatus[0].ServerGroupInfos[0].NonNormalServers).toEqual([]);
  });

  it('reports a metric of its own, and reads it by the minute', async () => {
    const start = Math.floor(timeline.now() / 60_000) * 60_000;
    const metric = { GroupId: '0', MetricName: 'QPS', Dimensions: '{"app":"web"}', Type: '0' };
    const report = (value: number) => ({ ...metric, Time: `${start}`, Values: JSON.stringify({ value }) });
    await call('cms', 'PutCustomMetric', { MetricList: [report(300), report(500)] });
    timeline.advance(180_000);
    const { Datapoints } = await call('cms', 'DescribeMetricList', {
      Namespace: 'acs_customMetric_1234567890123456',
      MetricName: 'QPS',
      Period: '60',
      StartTime: `${start - 1}`,
      EndTime: `${start + 59_999}`,
      Dimensions: '[{"groupId":"0","dimension":"app=web"}]',
    });
    expect(JSON.parse(Datapoints)).toMatchObject([
      { timestamp: start, Average: 400, Maximum: 500, Sum: 800 },
    ]);
  });

  it('takes a role without a key', async () => {
    const role = { roleArn: 'acs:ram::1:role/r', providerArn: 'acs:ram::1:oidc-provider/p' };
    cloud.addRole({ ...role, accepts: (token) => token === 'token' });
    const assume = (OIDCToken: string) =>
      call(
        'sts',
        'AssumeRoleWithOIDC',
        { RoleArn: role.roleArn, OIDCProviderArn: role.providerArn, OIDCToken, RoleSessionName: 's' },
        { authType: 'Anonymous' },
      );
    expect((await assume('token'))['Credentials']).toHaveProperty('SecurityToken');
    expect(await codeOf(assume('other'))).toBe('AuthenticationFail.OIDCToken.Invalid');
  });
});

describe('A group', () => {
  it('has rules of its own rejected while an activity runs and within its cooldown, and never tried again', () => {
    const native = (wanted: number) => cloud.playNative(id, wanted, 'Cms').status;
    expect(native(4)).toBe('InProgress');
    expect(native(5)).toBe('Rejected');
    timeline.advance(60_000);
    expect(native(5)).toBe('Rejected');
    timeline.advance(400_000);
    expect(cloud.group(id).desired).toBe(4);
    expect(native(5)).toBe('InProgress');
  });

  it('launches nobody while launching is suspended', async () => {
    cloud.group(id).suspended.add('ScaleOut');
    await call('ess', 'ModifyScalingGroup', { ...group, DesiredCapacity: 4 });
    timeline.advance(120_000);
    expect(cloud.group(id).members.size).toBe(2);
  });

  it('without a desired capacity is only kept at its minimum', async () => {
    const other = {
      id: 'asg-bp100000000000000002',
      region,
      minSize: 1,
      maxSize: 6,
      desired: 2,
      withoutDesired: true,
    };
    const { members } = cloud.addGroup(other);
    const [first, second] = [...members.keys()];
    cloud.terminate(first!);
    timeline.advance(180_000);
    expect([...members.keys()]).toEqual([second]);
    cloud.terminate(second!);
    timeline.advance(180_000);
    expect(members.size).toBe(1);
    expect([...members.keys()]).not.toEqual([second]);
  });
});
