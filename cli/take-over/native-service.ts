import type {
  ScalableTarget,
  ScalingPolicy,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';

/** A service of ECS with all that Application Auto Scaling does to it. */
export interface NativeService {
  /** Of AWS; undefined: that of the account that was asked. */
  readonly region?: string | undefined;
  readonly cluster: string;
  readonly service: string;
  readonly desired: number;
  readonly targetGroups: readonly string[];
  /** ARN of the load balancer before each target group. */
  readonly loadBalancers: Readonly<Record<string, string>>;
  /** undefined: nothing scales it. */
  readonly target: ScalableTarget | undefined;
  readonly policies: readonly ScalingPolicy[];
  readonly scheduledActions: readonly ScheduledAction[];
  /** Those that its policies name. */
  readonly alarms: readonly MetricAlarm[];
}
