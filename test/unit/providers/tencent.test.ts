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
  it('is told with what was tried, and what to do about it', async () => {
    there.endpoint.disturb = () => new ApiError('InvalidParameterValue.Size', 'refused');
    await expect(new TencentScalingGroups(there.account).setDesired(there.name, 3)).rejects.toMatchObject({
      code: 'OutOfBounds',
      message: expect.stringMatching(
        /^set the desired capacity of asg-00000001 to 3: InvalidParameterValue.Size: refused \(.*rushhour doctor compares them\)$/,
      ),
    });
  });

  it('a key that is wrong is forgotten, and read anew at the next call', async () => {
    there.secret.key = 'old';
    await expect(there.seen()).rejects.toMatchObject({ code: 'Denied' });
    expect(there.secret.forgotten).toEqual(['shop/tencent']);
    there.secret.key = 'secret';
    expect((await there.seen()).desired).toBe(2);
  });

  it('a key that was replaced is read anew at once, and nobody notices', async () => {
    there.secret.key = 'old';
    there.secret.another = 'secret';
    expect((await there.seen()).desired).toBe(2);
    expect(there.secret.forgotten).toEqual(['shop/tencent']);
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
