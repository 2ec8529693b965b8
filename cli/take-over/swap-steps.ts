import type { NativeGroup } from './native-group.ts';
import type { NativeService } from './native-service.ts';
import { forget, sleepOrWake } from './service-command.ts';

/** What to do next, in order: at no time does nobody scale the groups. */
export function swapSteps(
  natives: readonly NativeGroup[],
  services: readonly NativeService[] = [],
): string[] {
  const scaled = services.filter(({ target }) => target !== undefined);
  const withRules = natives.filter(
    ({ policies, scheduledActions }) => policies.length + scheduledActions.length > 0,
  );
  return [
    'Next:',
    '  1. npx rushhour validate, and deploy it: mode: observe touches nothing. Watch rushhour explain GROUP for some days.',
    '  2. While no window is open, delete mode: observe and deploy. As soon as that is done, put the native rules to sleep:',
    ...withRules.map(({ group }) => `       ${suspend(group.AutoScalingGroupName!)}`),
    ...scaled.map((service) => `       ${sleepOrWake('sleep', service)}`),
    '  3. Once you are content, and not before, delete them:',
    ...withRules.flatMap(deletions).map((line) => `       ${line}`),
    ...scaled.map((service) => `       ${forget(service)}`),
  ];
}

function suspend(name: string): string {
  return `aws autoscaling suspend-processes --auto-scaling-group-name ${quoted(name)} --scaling-processes AlarmNotification ScheduledActions`;
}

/** Alarms of target tracking go with their policy; the others stay unless somebody deletes them. */
function deletions({ group, policies, scheduledActions }: NativeGroup): string[] {
  const name = quoted(group.AutoScalingGroupName!);
  return [
    ...policies.map(
      ({ PolicyName }) =>
        `aws autoscaling delete-policy --auto-scaling-group-name ${name} --policy-name ${quoted(PolicyName!)}`,
    ),
    ...scheduledActions.map(
      ({ ScheduledActionName }) =>
        `aws autoscaling delete-scheduled-action --auto-scaling-group-name ${name} --scheduled-action-name ${quoted(ScheduledActionName!)}`,
    ),
  ];
}

/** As a shell takes it. */
function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
