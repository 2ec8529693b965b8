import type {
  AutoScalingGroup,
  ScalingPolicy,
  ScheduledUpdateGroupAction,
} from '@aws-sdk/client-auto-scaling';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';

/** A group of EC2 Auto Scaling with all that scales it: what is taken over, and what can be given back. */
export interface NativeGroup {
  readonly group: AutoScalingGroup;
  readonly scheduledActions: readonly ScheduledUpdateGroupAction[];
  readonly policies: readonly ScalingPolicy[];
  /** Those that its policies name. */
  readonly alarms: readonly MetricAlarm[];
  /** ARN of the load balancer before each target group. */
  readonly loadBalancers: Readonly<Record<string, string>>;
  /** Do its servers publish every minute? */
  readonly detailedMonitoring: boolean;
}
