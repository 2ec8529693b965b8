import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Launch } from '../../shared/fleet/launch.ts';
import type { Change } from './change.ts';

/** What a change means where its words alone do not tell. */
export function remarkOn(change: Change, deployed: Fleet, file: Fleet): string | undefined {
  const { subject, group, name, field } = change;
  if (subject === 'fleet' && field === 'timeZone') return 'every window without a time zone of its own moves';
  if (subject === 'fleet' && field?.startsWith('simulation.')) return localOnly;
  if (subject === 'calendar' && change.change !== 'removed') return whoGoesBy(file, name!);
  if (subject !== 'group') return undefined;
  if (change.change === 'removed')
    return `a deploy leaves its stack alone: npx cdk destroy ${deployed.name}-${group} first`;
  if (field === undefined) return undefined;
  if (changesPurchase(field, deployed.groups[group!]?.launch, file.groups[group!]?.launch))
    return 'AWS may replace servers that run to match it: deploy at a quiet time';
  return groupRemark(field, change);
}

const localOnly = 'nothing in AWS reads it';

function groupRemark(field: string, { before, after }: Change): string | undefined {
  if (field === 'mode') return after === 'observe' ? 'it no longer acts' : 'it begins to act';
  if (field === 'existing') return 'another scaling group is looked after';
  if (field === 'initialCapacity') return 'only for a group that is first met';
  if (field === 'pricePerServerHour' || field.startsWith('simulation.')) return localOnly;
  if (field.startsWith('launch.')) return 'servers that are there stay as they are';
  if (field === 'loadBalancer.scheme') return 'the load balancer is replaced: it gets another address';
  if (field === 'loadBalancer.protocol' && isNetwork(before) !== isNetwork(after))
    return 'the load balancer is replaced: it gets another address';
  return undefined;
}

/**
 * Purchase options, or the first of several types: with either a group goes by a mixed-instances policy.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
 */
function changesPurchase(field: string, before: Launch | undefined, after: Launch | undefined): boolean {
  if (!before || !after) return false;
  if (field.startsWith('launch.purchase.')) return true;
  return field === 'launch.instanceType' && !isMixed(before) && isMixed(after);
}

function isMixed({ purchase, instanceType }: Launch): boolean {
  return purchase !== undefined || Array.isArray(instanceType);
}

/** HTTP and HTTPS are an application load balancer's, TCP and TLS a network one's. */
function isNetwork(protocol: string | undefined): boolean {
  return protocol === 'TCP' || protocol === 'TLS';
}

function whoGoesBy({ groups }: Fleet, calendar: string): string {
  const windows = Object.entries(groups).flatMap(([group, { schedules }]) =>
    Object.entries(schedules).flatMap(([name, { only, except }]) =>
      [...only, ...except].includes(calendar) ? [`${group}.${name}`] : [],
    ),
  );
  return windows.length === 0 ? 'no window goes by it' : `for ${windows.join(', ')}`;
}
