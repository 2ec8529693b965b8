import type { ScalingPolicy } from '@aws-sdk/client-auto-scaling';
import { type MeasuredBy, nameSeries, type Series } from './aws-metrics.ts';
import { rounded } from './rounded.ts';
import type { GroupLines, MetricLines, Remark, TargetLines } from './taken-over.ts';

/**
 * AWS's target tracking scales in when fifteen points of a minute are below the target.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
const scaleInAfterSeconds = 900;

/** A forecast's floor, as it is written. */
export interface ForecastLines {
  metric: MetricLines;
  targetValue: number;
}

export interface Tracking {
  readonly targets: readonly TargetLines[];
  readonly forecast: ForecastLines | undefined;
  /** Seconds; the longest that a target-tracking policy says. */
  readonly warmup: number | undefined;
}

/** What is tracked in the fleet file's words. */
interface Tracked {
  readonly metric: MetricLines;
  readonly targetValue: number;
}

/** Target-tracking policies become targets, and the first predictive one that scales becomes a forecast. */
export function trackingOf(policies: readonly ScalingPolicy[], by: MeasuredBy, remarks: Remark[]): Tracking {
  const targets = new Map<string, TargetLines>();
  const warmups: number[] = [];
  let forecast: ForecastLines | undefined;
  for (const policy of policies) {
    const subject = `scaling policy ${policy.PolicyName}`;
    const say = (kind: Remark['kind'], message: string) => remarks.push({ subject, kind, message });
    if (policy.PolicyType === 'PredictiveScaling') {
      const floor = forecastOf(policy, by, say);
      if (floor && forecast) say('lost', 'a group has one forecast, and another policy has it already');
      else forecast ??= floor;
      continue;
    }
    const tracked = trackedBy(policy, by, say);
    if (!tracked) continue;
    if (policy.EstimatedInstanceWarmup !== undefined) warmups.push(policy.EstimatedInstanceWarmup);
    const target = {
      ...tracked,
      ...(policy.TargetTrackingConfiguration?.DisableScaleIn && { disableScaleIn: true as const }),
    };
    const key = JSON.stringify(tracked.metric);
    const other = targets.get(key);
    if (other)
      say(
        'differs',
        'another policy tracks the same metric: the lower target is kept, which always wants more servers',
      );
    if (!other || target.targetValue < other.targetValue) targets.set(key, target);
  }
  return {
    targets: [...targets.values()],
    forecast,
    warmup: warmups.length > 0 ? Math.max(...warmups) : undefined,
  };
}

/** The same as lines of a fleet file, with the patience that target tracking has. */
export function trackingLines({ targets, forecast }: Tracking): Partial<GroupLines> {
  return {
    ...(targets.length > 0 && {
      targets: [...targets],
      behavior: { scaleDown: { stabilizationWindowSeconds: scaleInAfterSeconds, headroom: true } },
    }),
    ...(forecast && { forecast }),
  };
}

type Say = (kind: Remark['kind'], message: string) => void;

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TargetTrackingConfiguration.html: counts are those of a minute */
function trackedBy(
  { TargetTrackingConfiguration }: ScalingPolicy,
  by: MeasuredBy,
  say: Say,
): Tracked | undefined {
  const {
    PredefinedMetricSpecification,
    CustomizedMetricSpecification,
    TargetValue = 0,
  } = TargetTrackingConfiguration ?? {};
  const predefined = PredefinedMetricSpecification?.PredefinedMetricType;
  if (predefined !== undefined)
    return predefinedMetric(predefined.replace(/^ASGAverage/, 'ASG'), TargetValue, by, say);
  const { Namespace, MetricName, Dimensions = [], Statistic } = CustomizedMetricSpecification ?? {};
  if (Namespace === undefined || MetricName === undefined) {
    say(
      'lost',
      'it computes its metric by an expression: publish the result as a metric of your own, and track that',
    );
    return undefined;
  }
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name!, Value!]));
  return tracked(
    { namespace: Namespace, metricName: MetricName, dimensions, statistic: Statistic ?? 'Average' },
    TargetValue,
    by,
  );
}

function predefinedMetric(name: string, value: number, by: MeasuredBy, say: Say): Tracked | undefined {
  if (name.startsWith('ALBRequestCount')) {
    if (by.loadBalancer !== undefined)
      return { metric: 'requestsPerTarget', targetValue: rounded(value / 60) };
    say('lost', `it goes by ${name}, and no application load balancer stands before the group`);
    return undefined;
  }
  const ofService = /^ECSService(?:Average)?((?:CPU|Memory)Utilization)/.exec(name)?.[1];
  if (ofService !== undefined && by.ecs) {
    const dimensions = { ClusterName: by.ecs.cluster, ServiceName: by.ecs.service };
    return tracked(
      { namespace: 'AWS/ECS', metricName: ofService, dimensions, statistic: 'Average' },
      value,
      by,
    );
  }
  const metricName = {
    ASGCPUUtilization: 'CPUUtilization',
    ASGNetworkIn: 'NetworkIn',
    ASGNetworkOut: 'NetworkOut',
  }[name];
  if (metricName === undefined) {
    say('lost', `the metric ${name} is not known here`);
    return undefined;
  }
  const dimensions = { AutoScalingGroupName: by.scalingGroup };
  return tracked({ namespace: 'AWS/EC2', metricName, dimensions, statistic: 'Average' }, value, by);
}

function tracked(series: Series, value: number, by: MeasuredBy): Tracked {
  const { metric, divisor } = nameSeries(series, by, 60);
  // A metric that is tracked is one per server, whatever its statistic.
  if (typeof metric === 'object') delete metric.perServer;
  return { metric, targetValue: rounded(value / divisor) };
}

function forecastOf(
  { PredictiveScalingConfiguration }: ScalingPolicy,
  by: MeasuredBy,
  say: Say,
): ForecastLines | undefined {
  const { Mode, MetricSpecifications = [], MaxCapacityBreachBehavior } = PredictiveScalingConfiguration ?? {};
  if (Mode !== 'ForecastAndScale') {
    say('lost', 'it only forecasts and does not scale: with mode: observe a forecast does the same');
    return undefined;
  }
  const [specification] = MetricSpecifications;
  const {
    PredefinedMetricPairSpecification,
    PredefinedScalingMetricSpecification,
    TargetValue = 0,
  } = specification ?? {};
  const predefined =
    PredefinedMetricPairSpecification?.PredefinedMetricType ??
    PredefinedScalingMetricSpecification?.PredefinedMetricType;
  if (predefined === undefined) {
    say('lost', 'it forecasts a metric of your own: write forecast with that metric yourself');
    return undefined;
  }
  const floor = predefinedMetric(predefined.replace(/^ASGAverage/, 'ASG'), TargetValue, by, say);
  if (!floor) return undefined;
  if (MaxCapacityBreachBehavior === 'IncreaseMaxCapacity')
    say('lost', 'it may go above the maximum: here maxSize holds, so set it as high as you would go');
  say(
    'differs',
    'the forecast is a floor that learns from the past of this group, with the time that a server takes to boot in place of a buffer; objective, in place of targets and forecast, is what saves more',
  );
  return floor;
}
