import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { ecsServiceOf } from '../../shared/fleet/ecs.ts';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { sleepOrWake } from '../take-over/service-command.ts';
import { type Finding, problem, warning } from './finding.ts';

const check = 'native scaling';

/**
 * Scheduled actions and policies of AWS's own: right while a group is only observed, a fight once it is scaled. They are put to
 * sleep, which takes a second and can be taken back, before they are deleted.
 */
export function judgeNative(
  { name, scalingGroup, config }: ScalerGroup,
  found: readonly NativeRule[],
): Finding[] {
  const awake = found.filter(({ isAsleep }) => !isAsleep);
  const asleep = found.filter(({ isAsleep }) => isAsleep);
  const suspend = commandTo('sleep', scalingGroup);
  if (config.mode === 'observe') {
    if (awake.length === 0) {
      const message = `${name}: nobody scales it: it is only observed, and ${asleep.length > 0 ? `AWS's own rules sleep (${named(asleep)})` : 'AWS has no rules for it'}`;
      return [problem(check, message, observedAlone(scalingGroup, asleep.length > 0))];
    }
    const message = `${name}: it is observed, and AWS's own rules go on scaling it: ${named(awake)}`;
    const advice = `To swap: delete its mode: observe, npx cdk deploy --all, and as soon as that is done: ${suspend}`;
    return [{ check, verdict: 'fine', message, advice }];
  }
  if (awake.length > 0) {
    const message = `${name}: AWS's own rules would fight: ${named(awake)}`;
    return [problem(check, message, `Put them to sleep: ${suspend}`)];
  }
  if (asleep.length === 0) return [];
  const message = `${name}: AWS's own rules sleep, and ${commandTo('wake', scalingGroup)} would wake them: ${named(asleep)}`;
  return [warning(check, message, 'Delete them once you are content with what Rushhour does.')];
}

function observedAlone(scalingGroup: string, sleeps: boolean): string {
  if (!sleeps) return 'Delete its mode: observe, then npx cdk deploy --all.';
  return `${commandTo('wake', scalingGroup)}, or delete its mode: observe and deploy`;
}

/** What puts the rules of a group to sleep, or wakes them, at once. */
function commandTo(what: 'sleep' | 'wake', scalingGroup: string): string {
  const service = ecsServiceOf(scalingGroup);
  if (!service)
    return `aws autoscaling ${what === 'sleep' ? 'suspend' : 'resume'}-processes --auto-scaling-group-name ${scalingGroup} --scaling-processes AlarmNotification ScheduledActions`;
  return sleepOrWake(what, service);
}

function named(rules: readonly NativeRule[]): string {
  return rules.map(({ name }) => name).join(', ');
}
