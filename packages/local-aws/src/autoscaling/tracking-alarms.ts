import type { Alarm, ScalingPolicy, TargetTrackingConfiguration } from '@aws-sdk/client-auto-scaling';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type CloudContext, servicePrincipal } from '../cloud-context.ts';
import { validation } from './groups.ts';

/** Points of a minute above the target until it scales out, and below nine tenths of it until it scales in. */
const highPoints = 3;
const lowPoints = 15;
const lowShare = 0.9;

const averages: Readonly<Record<string, string>> = {
  ASGAverageCPUUtilization: 'CPUUtilization',
  ASGAverageNetworkIn: 'NetworkIn',
  ASGAverageNetworkOut: 'NetworkOut',
};

/**
 * The alarms of a target-tracking policy, which Auto Scaling makes, and deletes with it.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
export class TrackingAlarms {
  readonly #cloud: CloudContext;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
  }

  /** Those that name this policy, made by anybody. */
  async of(policyArn: string): Promise<Alarm[]> {
    const { MetricAlarms } = await this.#call('DescribeAlarms', { ActionPrefix: policyArn, MaxRecords: 100 });
    return (MetricAlarms as MetricAlarm[]).map(({ AlarmName, AlarmArn: AlarmARN }) => ({
      AlarmName,
      AlarmARN,
    }));
  }

  /** Are all of them for scaling in red? Several policies scale in only together. */
  async allLow(policies: readonly ScalingPolicy[]): Promise<boolean> {
    const AlarmNames = policies.flatMap(({ PolicyARN }) => this.#names(PolicyARN!).low);
    if (AlarmNames.length === 0) return true;
    const { MetricAlarms } = await this.#call('DescribeAlarms', { AlarmNames });
    return (MetricAlarms as MetricAlarm[]).every(({ StateValue }) => StateValue === 'ALARM');
  }

  async put(group: string, policy: ScalingPolicy): Promise<void> {
    const { TargetValue = 0, DisableScaleIn } = policy.TargetTrackingConfiguration!;
    const { high, low } = this.#names(policy.PolicyARN!);
    const shared = {
      ...metricOf(group, policy.TargetTrackingConfiguration!),
      AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.PolicyARN}.`,
      AlarmActions: [policy.PolicyARN],
    };
    await this.#call('PutMetricAlarm', {
      ...shared,
      AlarmName: high,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: TargetValue,
      EvaluationPeriods: highPoints,
    });
    if (DisableScaleIn) {
      await this.#delete([low]);
      return;
    }
    await this.#call('PutMetricAlarm', {
      ...shared,
      AlarmName: low,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: lowShare * TargetValue,
      EvaluationPeriods: lowPoints,
    });
  }

  async delete(policy: ScalingPolicy): Promise<void> {
    if (policy.PolicyType !== 'TargetTrackingScaling') return;
    const { high, low } = this.#names(policy.PolicyARN!);
    await this.#delete([high, low]);
  }

  async #delete(AlarmNames: readonly string[]): Promise<void> {
    const { MetricAlarms } = await this.#call('DescribeAlarms', { AlarmNames });
    const there = (MetricAlarms as MetricAlarm[]).map(({ AlarmName }) => AlarmName);
    if (there.length > 0) await this.#call('DeleteAlarms', { AlarmNames: there });
  }

  /** A policy keeps its alarms when it is put again. */
  #names(policyArn: string): { high: string; low: string } {
    const [, id, rest = ''] = policyArn.split(/:scalingPolicy:([^:]+):/);
    const group = /autoScalingGroupName\/([^:]+)/.exec(rest)?.[1];
    const name = (which: string) => `TargetTracking-${group}-${which}-${id}`;
    return { high: name('AlarmHigh'), low: name('AlarmLow') };
  }

  #call(operation: string, input: object) {
    return this.#cloud.call('monitoring', operation, input, servicePrincipal('autoscaling'));
  }
}

/** @throws ServiceError ValidationError for a metric that nobody has */
function metricOf(group: string, configuration: TargetTrackingConfiguration): object {
  const { PredefinedMetricSpecification, CustomizedMetricSpecification } = configuration;
  const Period = 60;
  if (CustomizedMetricSpecification?.Metrics)
    return {
      Metrics: CustomizedMetricSpecification.Metrics.map(({ MetricStat, ...query }) => ({
        ...query,
        ...(MetricStat && { MetricStat: { Period, ...MetricStat } }),
      })),
    };
  if (CustomizedMetricSpecification) {
    const { Namespace, MetricName, Dimensions, Statistic } = CustomizedMetricSpecification;
    return { Namespace, MetricName, Dimensions, Statistic, Period };
  }
  const { PredefinedMetricType = '', ResourceLabel } = PredefinedMetricSpecification ?? {};
  if (PredefinedMetricType === 'ALBRequestCountPerTarget') {
    const [LoadBalancer, targetGroup] = (ResourceLabel ?? '').split('/targetgroup/');
    if (!LoadBalancer || !targetGroup)
      throw validation('A resource label is required for ALBRequestCountPerTarget.');
    const Dimensions = [
      { Name: 'TargetGroup', Value: `targetgroup/${targetGroup}` },
      { Name: 'LoadBalancer', Value: LoadBalancer },
    ];
    return {
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'RequestCountPerTarget',
      Dimensions,
      Statistic: 'Sum',
      Period,
    };
  }
  const MetricName = averages[PredefinedMetricType];
  if (MetricName === undefined) throw validation(`${PredefinedMetricType} is no predefined metric type.`);
  const Dimensions = [{ Name: 'AutoScalingGroupName', Value: group }];
  return { Namespace: 'AWS/EC2', MetricName, Dimensions, Statistic: 'Average', Period };
}
