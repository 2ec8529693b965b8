import type { CloudContext } from '../cloud-context.ts';
import { ServiceError } from '../service.ts';
import { until } from '../until.ts';
import type { Group } from './group.ts';
import type { Groups } from './groups.ts';

/** How long CloudFormation looks on. AWS does not document it. */
const patienceMs = 3_600_000;
const lookSeconds = 5;

/**
 * A group that is made is complete when as many servers as it was to begin with are in service.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-autoscaling-autoscalinggroup.html on DesiredCapacity
 * @throws ServiceError NotStabilized, when they do not come
 */
export async function untilInService(cloud: CloudContext, groups: Groups, name: string): Promise<void> {
  const group = groups.get(name);
  const wanted = group.desired;
  const inService = () => membersIn(group, 'InService');
  await untilStable(cloud, group, () => !groups.find(name) || inService() >= wanted);
  if (inService() < wanted) throw notStabilized(group, wanted);
}

/**
 * CloudFormation deletes a group by asking it for no servers, and waits until it has none: one that is protected from scale-in
 * never goes by that.
 * @see https://github.com/aws/aws-cdk/issues/18179
 * @throws ServiceError NotStabilized, when some stay
 */
export async function untilEmpty(cloud: CloudContext, groups: Groups, name: string): Promise<void> {
  const group = groups.get(name);
  await untilStable(cloud, group, () => !groups.find(name) || group.members.size === 0);
  if (group.members.size > 0 && groups.find(name)) throw notStabilized(group, 0);
}

async function untilStable(cloud: CloudContext, group: Group, isStable: () => boolean): Promise<void> {
  if (isStable()) return;
  const deadline = cloud.eventQueue.now() + patienceMs;
  const isOver = () => isStable() || cloud.eventQueue.now() >= deadline;
  await until(cloud.eventQueue, `group ${group.name} is stable`, lookSeconds, isOver);
}

function membersIn(group: Group, state: string): number {
  return [...group.members.values()].filter((member) => member.state === state).length;
}

function notStabilized(group: Group, target: number): ServiceError {
  const [{ StatusMessage = '' } = {}] = group.activities
    .filter(({ StatusCode }) => StatusCode === 'Failed')
    .slice(-1);
  const sizes = `{current/minimum/target group size = ${group.members.size}/${group.minSize}/${target}}`;
  return new ServiceError('NotStabilized', `Group did not stabilize. ${sizes}. ${StatusMessage}`.trim());
}
