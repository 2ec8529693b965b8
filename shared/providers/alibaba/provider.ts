import { type AlibabaGroup, alibabaGroupName } from '../../fleet/alibaba.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { AwsSecrets } from '../aws/secrets.ts';
import type { Provider } from '../by-kind.ts';
import type { Opening } from '../opening.ts';
import { standIn } from '../stand-in.ts';
import { AlibabaAccount } from './account.ts';
import { AlibabaActivities } from './activities.ts';
import { AlibabaHealth } from './health.ts';
import { AlibabaKeys } from './keys.ts';
import { AlibabaMetrics } from './metrics.ts';
import { AlibabaRivals } from './rivals.ts';
import { AlibabaScalingGroups } from './scaling-groups.ts';

/** Alibaba Cloud's Auto Scaling (ESS) as a provider of servers. @param endpoint of AWS, where secrets are */
export function open({ fleet, clock }: Pick<Opening, 'fleet' | 'clock'>, endpoint?: string): Provider {
  const via = standIn('alibaba', process.env);
  const keys = new AlibabaKeys(new AwsSecrets(clock, endpoint), clock, via, endpoint);
  const account = new AlibabaAccount(groupsOf(fleet), keys, clock, via);
  const activities = new AlibabaActivities(account);
  const groups = new AlibabaScalingGroups(account, activities);
  return {
    groups,
    adopt: groups,
    protect: groups,
    launchFailures: activities,
    losses: activities,
    health: new AlibabaHealth(account),
    rivals: new AlibabaRivals(account),
    metrics: new AlibabaMetrics(account),
  };
}

function groupsOf(fleet: Pick<Fleet, 'groups'>): ReadonlyMap<string, AlibabaGroup> {
  const settings = Object.values(fleet.groups).flatMap(({ alibaba }) => alibaba ?? []);
  return new Map(settings.map((group) => [alibabaGroupName(group), group]));
}
