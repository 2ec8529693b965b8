import type {
  DeleteScheduledActionType,
  DescribeScheduledActionsType,
  PutScheduledUpdateGroupActionType,
  ScheduledUpdateGroupAction,
} from '@aws-sdk/client-auto-scaling';
import { Cron } from 'croner';
import type { CloudContext } from '../cloud-context.ts';
import { type Call, type Instant, type Operation, ServiceError } from '../service.ts';
import type { Group } from './group.ts';
import { assertSizes, type Groups, validation } from './groups.ts';

/** Auto Scaling's own schedules. */
export function scheduledActionOperations(cloud: CloudContext, groups: Groups): Record<string, Operation> {
  const fire = (group: Group, action: ScheduledUpdateGroupAction): void => {
    if (group.scheduled.get(action.ScheduledActionName!) !== action || groups.find(group.name) !== group)
      return;
    if (!group.suspended.has('ScheduledActions')) execute(groups, group, action);
    schedule(group, action, cloud.eventQueue.now());
  };
  const schedule = (group: Group, action: ScheduledUpdateGroupAction, after: Instant): void => {
    const next = nextRun(action, after);
    if (next === undefined) group.scheduled.delete(action.ScheduledActionName!);
    else
      cloud.eventQueue.at(next, `scheduled action ${action.ScheduledActionName}`, () => fire(group, action));
  };

  return {
    PutScheduledUpdateGroupAction(input: PutScheduledUpdateGroupActionType, call: Call): void {
      const group = groups.get(input.AutoScalingGroupName);
      if (input.MinSize === undefined && input.MaxSize === undefined && input.DesiredCapacity === undefined)
        throw validation('You must specify at least one of MinSize, MaxSize or DesiredCapacity.');
      if (!input.Recurrence && !input.StartTime && !input.Time)
        throw validation('Either StartTime or Recurrence must be specified.');
      if (input.Recurrence) cronOf(input.Recurrence, input.TimeZone);
      const action: ScheduledUpdateGroupAction = {
        ...input,
        StartTime: input.StartTime ?? input.Time,
        AutoScalingGroupName: group.name,
        ScheduledActionARN: `arn:aws:autoscaling:${cloud.region}:${cloud.account}:scheduledUpdateGroupAction:${cloud.ids.uuid()}:autoScalingGroupName/${group.name}:scheduledActionName/${input.ScheduledActionName}`,
      };
      group.scheduled.set(input.ScheduledActionName!, action);
      schedule(group, action, call.now);
    },
    DeleteScheduledAction(input: DeleteScheduledActionType): void {
      if (!groups.get(input.AutoScalingGroupName).scheduled.delete(input.ScheduledActionName!))
        throw validation(`Scheduled action name not found`);
    },
    DescribeScheduledActions(input: DescribeScheduledActionsType) {
      const some =
        input.AutoScalingGroupName === undefined ? groups.all() : [groups.get(input.AutoScalingGroupName)];
      return { ScheduledUpdateGroupActions: some.flatMap((group) => [...group.scheduled.values()]) };
    },
  };
}

function execute(groups: Groups, group: Group, action: ScheduledUpdateGroupAction): void {
  const minSize = action.MinSize ?? group.minSize;
  const maxSize = action.MaxSize ?? group.maxSize;
  try {
    assertSizes(minSize, maxSize, action.DesiredCapacity);
  } catch (error) {
    // What no longer fits the group's sizes is skipped, as in AWS.
    if (error instanceof ServiceError) return;
    throw error;
  }
  group.minSize = minSize;
  group.maxSize = maxSize;
  const desired = action.DesiredCapacity ?? Math.min(Math.max(group.desired, minSize), maxSize);
  groups.changeDesired(
    group,
    desired,
    `the scheduled action ${action.ScheduledActionName} executed with min: ${minSize}, max: ${maxSize}, desired: ${desired}`,
  );
}

/** The next time an action fires, undefined when it never does again. */
function nextRun(action: ScheduledUpdateGroupAction, after: Instant): Instant | undefined {
  const start = action.StartTime?.getTime();
  if (!action.Recurrence) return start !== undefined && start > after ? start : undefined;
  const from = new Date(Math.max(after, (start ?? 0) - 1));
  const next = cronOf(action.Recurrence, action.TimeZone).nextRun(from)?.getTime();
  return next !== undefined && next <= (action.EndTime?.getTime() ?? Number.POSITIVE_INFINITY)
    ? next
    : undefined;
}

/** @throws ServiceError ValidationError unless it is a cron of five fields in a time zone that exists */
function cronOf(recurrence: string, timeZone = 'Etc/UTC'): Cron {
  try {
    return new Cron(recurrence, { timezone: timeZone, mode: '5-part', paused: true });
  } catch {
    throw validation(`Given recurrence string: ${recurrence} is invalid`);
  }
}
