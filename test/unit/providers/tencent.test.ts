import { ApiError } from '@rushhour/local-tencent/api-error';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TencentActivities } from '../../../shared/providers/tencent/activities.ts';
import { TencentHooks } from '../../../shared/providers/tencent/hooks.ts';
import { TencentRivals } from '../../../shared/providers/tencent/rivals.ts';
import { TencentScalingGroups } from '../../../shared/providers/tencent/scaling-groups.ts';
import { openTencent, type TencentThere } from '../../kit/tencent-there.ts';

let there: TencentThere;

beforeEach(async () => {
  there = await openTencent();
  there.cloud.addGroup({
    id: there.settings.scalingGroup,
    region: there.settings.region,
    minSize: 1,
    maxSize: 6,
    desired: 2,
    policies: [{ id: 'asp-1', name: 'cpu-high' }],
    scheduledActions: [{ id: 'asst-1', name: 'lunch' }],
  });
});

afterEach(() => there.endpoint.close());

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
    there.endpoint.disturb = () => new ApiError(code, 'refused');
    const failure = await new TencentScalingGroups(there.account)
      .setDesired(there.name, 3)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: ours });
    expect((failure as Error).message).toContain(
      `set the desired capacity of asg-00000001 to 3: ${code}: refused`,
    );
    expect((failure as Error).message).toContain(advice);
  });

  it('a key that is wrong is forgotten, and read anew at the next call', async () => {
    there.secret.key = 'old';
    await expect(there.seen()).rejects.toMatchObject({ code: 'Denied' });
    expect(there.secret.forgotten).toEqual(['shop/tencent']);
    there.secret.key = 'secret';
    expect((await there.seen()).desired).toBe(2);
  });

  it.each([
    ['cut', 'Unavailable'],
    ['nonsense', 'Unavailable'],
  ] as const)('an answer that is %s is none', async (what, code) => {
    there.endpoint.disturb = () => what;
    await expect(there.seen()).rejects.toMatchObject({ code });
  });

  it('a group that is disabled is shown as one whose processes are suspended', async () => {
    there.cloud.group('asg-00000001').isEnabled = false;
    expect((await there.seen()).suspended).toEqual(['launching', 'terminating']);
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
    there.servers.refused = { code, message };
    const activities = new TencentActivities(there.account);
    await new TencentScalingGroups(there.account).setDesired(there.name, 3);
    expect(await activities.launchFailure(there.name, there.start)).toBeNull();
    there.timeline.advance(60_000);
    expect(await activities.launchFailure(there.name, there.start)).toMatchObject({
      kind,
      message: `${code}: ${message}`,
    });
    there.servers.refused = undefined;
    there.timeline.advance(120_000);
    expect(await activities.launchFailure(there.name, there.start)).toBeNull();
  });
});

it('rules of its own are found: tasks and alarm policies', async () => {
  expect(await new TencentRivals(there.account).nativeScaling(there.name)).toEqual([
    { name: 'scheduled task lunch', isAsleep: false },
    { name: 'alarm policy cpu-high', isAsleep: false },
  ]);
});

describe('Lifecycle hooks', () => {
  const hook = { id: 'ash-1', name: 'warm-up', seconds: 120, result: 'CONTINUE' } as const;
  const settings = () => {
    const { region } = there.settings;
    return { id: 'asg-00000001', region, minSize: 1, maxSize: 6, desired: 2 };
  };
  const lifecycles = async () =>
    (await there.seen()).servers.map(({ lifecycle, held }) => (held ? 'held' : lifecycle));

  it('are seen, and hold servers that come and that leave', async () => {
    const drain = { ...hook, id: 'ash-2', name: 'drain', transition: 'INSTANCE_TERMINATING' } as const;
    there.cloud.addGroup({ ...settings(), hooks: [{ ...hook, transition: 'INSTANCE_LAUNCHING' }, drain] });
    expect(await new TencentHooks(there.account).lifecycleHooks(there.name)).toEqual([
      { name: 'warm-up', holds: 'coming', seconds: 120, givesUp: false },
      { name: 'drain', holds: 'leaving', seconds: 120, givesUp: false },
    ]);
    const groups = new TencentScalingGroups(there.account);
    await groups.setDesired(there.name, 3);
    there.timeline.advance(60_000);
    expect(await lifecycles()).toEqual(['ready', 'ready', 'pending']);
    there.timeline.advance(120_000);
    expect(await lifecycles()).toEqual(['ready', 'ready', 'ready']);
    await groups.setDesired(there.name, 2);
    expect((await lifecycles()).sort()).toEqual(['held', 'ready', 'ready']);
    there.timeline.advance(120_000);
    expect((await lifecycles()).sort()).toEqual(['leaving', 'ready', 'ready']);
    there.timeline.advance(60_000);
    expect(await lifecycles()).toEqual(['ready', 'ready']);
  });

  it('that give up what nobody completes fail the launch', async () => {
    const hooks = [{ ...hook, transition: 'INSTANCE_LAUNCHING', result: 'ABANDON' }] as const;
    there.cloud.addGroup({ ...settings(), hooks });
    expect(await new TencentHooks(there.account).lifecycleHooks(there.name)).toMatchObject([
      { givesUp: true },
    ]);
    await new TencentScalingGroups(there.account).setDesired(there.name, 3);
    there.timeline.advance(180_000);
    const failure = await new TencentActivities(there.account).launchFailure(there.name, there.start);
    expect(failure).toMatchObject({ kind: 'other', message: expect.stringContaining('生命周期挂钩超时') });
  });
});
