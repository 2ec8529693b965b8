import type { ScalingPolicy, ScheduledUpdateGroupAction } from '@aws-sdk/client-auto-scaling';
import type { NativeRule } from '../../ports/capacity.ts';

/**
 * Auto Scaling's own rules of a group.
 * @param suspended processes of the group: `AlarmNotification` puts policies to sleep, `ScheduledActions` its schedules
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
export function nativeRules(
  policies: readonly ScalingPolicy[],
  actions: readonly ScheduledUpdateGroupAction[],
  suspended: readonly (string | undefined)[],
): NativeRule[] {
  const deaf = suspended.includes('AlarmNotification');
  const unscheduled = suspended.includes('ScheduledActions');
  return [
    ...policies.map((policy) => ({
      name: `scaling policy ${policy.PolicyName}`,
      isAsleep: policy.Enabled === false || (isPredictive(policy) ? onlyForecasts(policy) : deaf),
    })),
    ...actions.map(({ ScheduledActionName }) => ({
      name: `scheduled action ${ScheduledActionName}`,
      isAsleep: unscheduled,
    })),
  ];
}

function isPredictive({ PolicyType }: ScalingPolicy): boolean {
  return PolicyType === 'PredictiveScaling';
}

function onlyForecasts({ PredictiveScalingConfiguration }: ScalingPolicy): boolean {
  return PredictiveScalingConfiguration?.Mode !== 'ForecastAndScale';
}
