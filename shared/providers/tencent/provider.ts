import type { Fleet } from '../../fleet/fleet.ts';
import { type TencentGroup, tencentGroupName } from '../../fleet/tencent.ts';
import { AwsSecrets } from '../aws/secrets.ts';
import type { Provider } from '../by-kind.ts';
import type { Opening } from '../opening.ts';
import { standIn } from '../stand-in.ts';
import { TencentAccount } from './account.ts';
import { TencentActivities } from './activities.ts';
import { TencentHooks } from './hooks.ts';
import { TencentKeys } from './keys.ts';
import { TencentMetrics } from './metrics.ts';
import { TencentRivals } from './rivals.ts';
import { TencentScalingGroups } from './scaling-groups.ts';

/** Tencent Cloud's Auto Scaling as a provider of servers. @param endpoint of AWS, where secrets are */
export function open({ fleet, clock }: Pick<Opening, 'fleet' | 'clock'>, endpoint?: string): Provider {
  const via = standIn('tencent', process.env);
  const keys = new TencentKeys(new AwsSecrets(clock, endpoint), clock, via, endpoint);
  const account = new TencentAccount(groupsOf(fleet), keys, clock, via);
  const groups = new TencentScalingGroups(account);
  const activities = new TencentActivities(account);
  return {
    groups,
    adopt: groups,
    protect: groups,
    launchFailures: activities,
    losses: activities,
    health: groups,
    rivals: new TencentRivals(account),
    hooks: new TencentHooks(account),
    metrics: new TencentMetrics(account),
  };
}

function groupsOf(fleet: Pick<Fleet, 'groups'>): ReadonlyMap<string, TencentGroup> {
  const settings = Object.values(fleet.groups).flatMap(({ tencent }) => tencent ?? []);
  return new Map(settings.map((group) => [tencentGroupName(group), group]));
}
