import { TencentCloud } from '@rushhour/local-tencent';
import { ApiError } from '@rushhour/local-tencent/api-error';
import { TencentEndpoint } from '@rushhour/local-tencent/endpoint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScalingGroup } from '../../../shared/domain/observation.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { tencentGroupName } from '../../../shared/fleet/tencent.ts';
import type { AskedMetric } from '../../../shared/ports/metrics.ts';
import { TencentAccount } from '../../../shared/providers/tencent/account.ts';
import { TencentActivities } from '../../../shared/providers/tencent/activities.ts';
import { TencentKeys } from '../../../shared/providers/tencent/keys.ts';
import { TencentMetrics } from '../../../shared/providers/tencent/metrics.ts';
import { TencentRivals } from '../../../shared/providers/tencent/rivals.ts';
import { TencentScalingGroups } from '../../../shared/providers/tencent/scaling-groups.ts';

const settings = {
  region: 'ap-guangzhou',
  scalingGroup: 'asg-00000001',
  credentials: 'shop/tencent',
} as const;
const name = tencentGroupName(settings);
const start = Date.parse('2026-03-04T00:00:00Z');
const config = readFleet(
  `name: f\ngroups:\n  web:\n    tencent: { region: ap-guangzhou, scalingGroup: asg-00000001, credentials: shop/tencent }\n    minSize: 1\n    maxSize: 9\n    alarms: { high: { metric: cpu, threshold: 70, comparisonOperator: GreaterThanThreshold, period: 60, evaluationPeriods: 3, scalingAdjustment: 1 } }\n`,
).groups['web']!;

let now = start;
let later: { when: number; task: () => void }[] = [];
let refusal: { code: string; message: string } | undefined;
let cloud: TencentCloud;
let endpoint: TencentEndpoint;
let account: TencentAccount;
let forgotten: string[];
let secretKey: string;

const timeline = {
  now: () => now,
  at: (when: number, _: string, task: () => void) => {
    later.push({ when, task });
    return () => {};
  },
};

function pass(seconds: number): void {
  const end = now + seconds * 1000;
  for (;;) {
    later.sort((one, other) => one.when - other.when);
    const next = later[0];
    if (!next || next.when > end) break;
    later.shift();
    now = Math.max(now, next.when);
    next.task();
  }
  now = end;
}

beforeEach(async () => {
  [now, later, refusal, forgotten, secretKey] = [start, [], undefined, [], 'secret'];
  const on = new Set<string>();
  cloud = new TencentCloud(timeline, {
    refusal: () => refusal,
    start: (id, _, at) => {
      on.add(id);
      return at;
    },
    stop: (id) => void on.delete(id),
    reachable: (id) => on.has(id),
    answers: (id) => on.has(id),
  });
  cloud.addKey('id', 'secret');
  cloud.addGroup({
    id: 'asg-00000001',
    region: settings.region,
    minSize: 1,
    maxSize: 6,
    desired: 2,
    policies: [{ id: 'asp-1', name: 'cpu-high' }],
    scheduledActions: [{ id: 'asst-1', name: 'lunch' }],
  });
  endpoint = new TencentEndpoint(cloud);
  const via = new URL(await endpoint.listen());
  const secrets = {
    read: async () => ({ secretId: 'id', secretKey }) as never,
    forget: (secret: string) => void forgotten.push(secret),
  };
  account = new TencentAccount(
    new Map([[name, settings]]),
    new TencentKeys(secrets, timeline, via),
    timeline,
    via,
  );
});

afterEach(() => endpoint.close());

async function group(): Promise<ScalingGroup> {
  return (await new TencentScalingGroups(account).describe([name])).get(name)!;
}

describe('What Tencent Cloud refuses', () => {
  it.each([
    ['AuthFailure.SecretIdNotFound', 'Denied', 'the key does not exist any more'],
    ['AuthFailure.SignatureFailure', 'Denied', 'the secretKey does not belong to the secretId'],
    ['AuthFailure.SignatureExpire', 'Denied', 'clock is wrong'],
    ['AuthFailure.TokenFailure', 'Denied', 'it is fetched anew'],
    ['AuthFailure.MFAFailure', 'Denied', 'put it into the secret anew'],
    ['AuthFailure.UnauthorizedOperation', 'Denied', 'the policy of docs/tencent.md'],
    ['UnauthorizedOperation', 'Denied', 'the policy of docs/tencent.md'],
    ['InvalidPermission', 'Denied', 'the policy of docs/tencent.md'],
    ['AccountQualificationRestrictions', 'Denied', 'the account has to be verified'],
    ['RequestLimitExceeded', 'Throttled', 'tried again at the next look'],
    ['RequestLimitExceeded.UinLimitExceeded', 'Throttled', 'tried again at the next look'],
    ['InternalError', 'Unavailable', 'tried again at the next look'],
    ['InternalError.CallLbError', 'Unavailable', 'tried again at the next look'],
    ['CallCvmError', 'Unavailable', 'tried again at the next look'],
    ['ServiceUnavailable', 'Unavailable', 'tried again at the next look'],
    ['ResourceNotFound.AutoScalingGroupNotFound', 'NotFound', 'in this region and this account?'],
    ['InvalidParameterValue.InvalidAutoScalingGroupId', 'NotFound', 'in this region and this account?'],
    ['ResourceNotFound.InstancesNotFound', 'NotFound', 'does the server exist'],
    ['ResourceNotFound.InstancesNotInAutoScalingGroup', 'Invalid', 'the server is not in the group'],
    ['ResourceUnavailable.AutoScalingGroupInActivity', 'Busy', 'tried again at the next look'],
    ['ResourceInUse.ActivityInProgress', 'Busy', 'tried again at the next look'],
    ['ResourceUnavailable.InstanceInOperation', 'Busy', 'tried again at the next look'],
    ['ResourceUnavailable.LoadBalancerInOperation', 'Busy', 'tried again at the next look'],
    ['InvalidParameterValue.Size', 'OutOfBounds', 'rushhour doctor compares them'],
    ['LimitExceeded.DesiredCapacityLimitExceeded', 'OutOfBounds', 'raise the maximum of the group'],
    ['LimitExceeded.MaxSizeLimitExceeded', 'OutOfBounds', 'raise the maximum of the group'],
    ['LimitExceeded.MinSizeLimitExceeded', 'OutOfBounds', 'lower the minimum of the group'],
    ['LimitExceeded.QuotaNotEnough', 'Invalid', 'raise the quota of the account'],
    ['ResourceInsufficient.AutoScalingGroupAboveMaxSize', 'OutOfBounds', 'raise the maximum of the group'],
    ['ResourceInsufficient.AutoScalingGroupBelowMinSize', 'OutOfBounds', 'lower the minimum of the group'],
    ['ResourceInsufficient.InServiceInstanceAboveMaxSize', 'OutOfBounds', 'raise the maximum of the group'],
    ['ResourceInsufficient.InServiceInstanceBelowMinSize', 'OutOfBounds', 'lower the minimum of the group'],
    ['ResourceUnavailable.AutoScalingGroupDisabled', 'Invalid', 'enable the group (启用)'],
    ['ResourceUnavailable.AutoScalingGroupAbnormalStatus', 'Invalid', 'look at the state of the group'],
    ['ResourceUnavailable.InstancesAlreadyInAutoScalingGroup', 'Invalid', 'take it out there first'],
    ['ResourceUnavailable.InstanceCannotAttach', 'Invalid', 'the server cannot join'],
    ['ResourceUnavailable.CvmVpcInconsistent', 'Invalid', "not in the group's network"],
    ['ResourceUnavailable.StoppedInstanceNotAllowAttach', 'Invalid', 'start the server'],
    ['UnsupportedRegion', 'Invalid', 'is the region of the fleet file one'],
    ['InvalidParameterValue.TooLong', 'Invalid', 'InvalidParameterValue.TooLong: refused'],
  ])('%s is told with what to do about it', async (code, ours, advice) => {
    endpoint.disturb = () => new ApiError(code, 'refused');
    const failure = await new TencentScalingGroups(account)
      .setDesired(name, 3)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: ours });
    expect((failure as Error).message).toContain(
      `set the desired capacity of asg-00000001 to 3: ${code}: refused`,
    );
    expect((failure as Error).message).toContain(advice);
  });

  it('a key that is wrong is forgotten, and read anew at the next call', async () => {
    secretKey = 'old';
    await expect(group()).rejects.toMatchObject({ code: 'Denied' });
    expect(forgotten).toEqual(['shop/tencent']);
    secretKey = 'secret';
    expect((await group()).desired).toBe(2);
  });

  it.each([
    ['cut', 'Unavailable'],
    ['nonsense', 'Unavailable'],
  ] as const)('an answer that is %s is none', async (what, code) => {
    endpoint.disturb = () => what;
    await expect(group()).rejects.toMatchObject({ code });
  });

  it('a group that is disabled is shown as one whose processes are suspended', async () => {
    cloud.group('asg-00000001').isEnabled = false;
    expect((await group()).suspended).toEqual(['launching', 'terminating']);
  });
});

describe('Launches that fail', () => {
  it.each([
    ['ResourceInsufficient.SpecifiedInstanceType', '该机型资源售罄', 'capacity'],
    ['LimitExceeded.InstanceQuota', '实例配额不足', 'quota'],
    ['InsufficientBalance', '账户余额不足', 'quota'],
    ['InvalidImageId.NotFound', '镜像不存在', 'image'],
    ['InternalServerError', '未知错误', 'other'],
  ])('%s: %s', async (code, message, kind) => {
    refusal = { code, message };
    const activities = new TencentActivities(account);
    await new TencentScalingGroups(account).setDesired(name, 3);
    expect(await activities.launchFailure(name, start)).toBeNull();
    pass(60);
    expect(await activities.launchFailure(name, start)).toMatchObject({
      kind,
      message: `${code}: ${message}`,
    });
    refusal = undefined;
    pass(120);
    expect(await activities.launchFailure(name, start)).toBeNull();
  });
});

it('rules of its own are found: tasks and alarm policies', async () => {
  expect(await new TencentRivals(account).nativeScaling(name)).toEqual([
    { name: 'scheduled task lunch', isAsleep: false },
    { name: 'alarm policy cpu-high', isAsleep: false },
  ]);
});

describe('Metrics of servers', () => {
  const asked = (seen: ScalingGroup, metric: string, periodSeconds = 60, statistic?: string) =>
    ({
      group: { name: 'web', scalingGroup: name, config },
      seen,
      use: { key: metric, metric, statistic, periodSeconds },
    }) as AskedMetric;

  function measure(minutes: readonly (readonly number[])[]): void {
    const ids = [...cloud.group('asg-00000001').members.keys()];
    for (const [minute, values] of minutes.entries()) {
      const servers = values.flatMap((cpuPercent, index) =>
        Number.isNaN(cpuPercent)
          ? []
          : [[ids[index]!, { cpuPercent, memoryPercent: 1, bytesIn: 60_000_000, bytesOut: 0 }] as const],
      );
      cloud.measure(start + minute * 60_000, new Map(servers));
    }
    pass(minutes.length * 60 + 60);
  }

  it('are the mean of those that have one, by the minute and by longer periods', async () => {
    measure([
      [10, 30],
      [50, Number.NaN],
      [Number.NaN, Number.NaN],
      [80, 100],
    ]);
    const seen = await group();
    const metrics = new TencentMetrics(account);
    const end = start + 240_000;
    const [minutes, pairs] = [
      await metrics.history([asked(seen, 'cpu')], start, end),
      await metrics.history([asked(seen, 'cpu', 120)], start, end),
    ];
    expect([...minutes[0]!]).toEqual([20, 50, Number.NaN, 90]);
    expect([...pairs[0]!]).toEqual([35, 90]);
    expect([...(await metrics.history([asked(seen, 'cpu', 120, 'Maximum')], start, end))[0]!]).toEqual([
      50, 100,
    ]);
  });

  it('are in our units, and the newest that is known is told', async () => {
    measure([
      [10, 30],
      [20, 40],
    ]);
    const seen = await group();
    const metrics = new TencentMetrics(account);
    const [cpu, network] = await metrics.latest([asked(seen, 'cpu'), asked(seen, 'networkIn')], now);
    expect(cpu).toEqual({ known: true, value: 30, at: start + 60_000 });
    expect(network).toMatchObject({ value: 1_000_000 });
  });

  it('are read once for all rules that go by one of them', async () => {
    measure([[10, 30]]);
    const seen = await group();
    endpoint.requests.length = 0;
    await new TencentMetrics(account).history(
      [asked(seen, 'cpu'), asked(seen, 'cpu')],
      start,
      start + 60_000,
    );
    expect(endpoint.requests).toEqual(['monitor:GetMonitorData']);
  });

  it('that cannot be read are unknown, and a metric that nobody measures is none', async () => {
    const seen = await group();
    endpoint.disturb = () => new ApiError('InternalError', 'no');
    const metrics = new TencentMetrics(account);
    await expect(metrics.history([asked(seen, 'cpu')], start, start + 60_000)).rejects.toMatchObject({
      code: 'Unavailable',
    });
    expect(await metrics.history([asked(seen, 'disk')], start, start + 60_000)).toEqual([undefined]);
  });
});
