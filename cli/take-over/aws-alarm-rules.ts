import type { ScalingPolicy } from '@aws-sdk/client-auto-scaling';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type MeasuredBy, nameSeries } from './aws-metrics.ts';
import { freeKey } from './names.ts';
import { rounded } from './rounded.ts';
import type { AlarmLines, Remark, StepLines } from './taken-over.ts';

/** What a policy does not say itself is the group's. */
export interface GroupDefaults {
  /** Seconds. */
  readonly cooldown: number;
  readonly warmup: number | undefined;
}

/** Simple and step policies become rules, one for each of their alarms. */
export function alarmRules(
  policies: readonly ScalingPolicy[],
  alarms: readonly MetricAlarm[],
  by: MeasuredBy,
  defaults: GroupDefaults,
  remarks: Remark[],
): Record<string, AlarmLines> {
  const known = new Map(alarms.map((alarm) => [alarm.AlarmName, alarm]));
  const rules = new Map<string, AlarmLines>();
  for (const policy of policies) {
    const subject = `scaling policy ${policy.PolicyName}`;
    const lost = (message: string) => remarks.push({ subject, kind: 'lost', message });
    const named = policy.Alarms ?? [];
    if (named.length === 0) lost('no alarm calls it: say rushhour bump where a person or a program did');
    for (const { AlarmName = '' } of named) {
      const alarm = known.get(AlarmName);
      const problem = alarm ? unmeasured(alarm) : `its alarm ${AlarmName} is gone`;
      if (problem !== undefined || !alarm) {
        lost(problem ?? '');
        continue;
      }
      const key = freeKey(named.length > 1 ? AlarmName : policy.PolicyName!, 'rule', rules);
      rules.set(
        key,
        ruleOf(policy, alarm, by, defaults, { subject: `${subject}, alarm ${AlarmName}`, remarks }),
      );
    }
  }
  return Object.fromEntries(rules);
}

/** Why a rule cannot watch what an alarm watches. */
function unmeasured({
  AlarmName,
  Metrics,
  MetricName,
  ComparisonOperator,
  Period = 0,
}: MetricAlarm): string | undefined {
  if (Metrics?.length || MetricName === undefined)
    return `its alarm ${AlarmName} computes its metric by an expression: publish the result as a metric of your own`;
  if (!/^(Less|Greater)Than(OrEqualTo)?Threshold$/.test(ComparisonOperator ?? ''))
    return `its alarm ${AlarmName} compares with a band (${ComparisonOperator}), not with a threshold`;
  if (Period > 86_400) return `its alarm ${AlarmName} has a period of more than a day`;
  return undefined;
}

function ruleOf(
  policy: ScalingPolicy,
  alarm: MetricAlarm,
  by: MeasuredBy,
  defaults: GroupDefaults,
  about: { subject: string; remarks: Remark[] },
): AlarmLines {
  const period = alarm.Period!;
  const series = {
    namespace: alarm.Namespace!,
    metricName: alarm.MetricName!,
    dimensions: Object.fromEntries((alarm.Dimensions ?? []).map(({ Name, Value }) => [Name!, Value!])),
    statistic: alarm.Statistic ?? alarm.ExtendedStatistic ?? 'Average',
  };
  const { metric, statistic, divisor, isTotal } = nameSeries(series, by, period);
  const change = changeOf(policy, defaults);
  if (alarm.ActionsEnabled === false)
    about.remarks.push({
      ...about,
      kind: 'differs',
      message: 'the actions of the alarm are switched off: delete the rule if that is meant',
    });
  return {
    metric,
    ...(statistic !== undefined && { statistic }),
    comparisonOperator: alarm.ComparisonOperator!,
    threshold: rounded(alarm.Threshold! / divisor),
    period,
    evaluationPeriods: alarm.EvaluationPeriods!,
    ...(alarm.DatapointsToAlarm !== undefined &&
      alarm.DatapointsToAlarm !== alarm.EvaluationPeriods && { datapointsToAlarm: alarm.DatapointsToAlarm }),
    ...missingData(alarm, change, about),
    ...change,
    // Auto Scaling executes a policy again and again while its alarm is red; ours would do so for a total only if told.
    ...(isTotal && { repeat: true }),
  };
}

/** A rule that scales in takes no missing data for a breach. */
function missingData(
  { TreatMissingData, ComparisonOperator }: MetricAlarm,
  { adjustmentType, scalingAdjustment, stepAdjustments }: Change,
  { subject, remarks }: { subject: string; remarks: Remark[] },
): Pick<AlarmLines, 'treatMissingData'> {
  if (TreatMissingData === undefined || TreatMissingData === 'missing') return {};
  const changes = stepAdjustments?.map((step) => step.scalingAdjustment) ?? [scalingAdjustment ?? 0];
  const scalesIn =
    adjustmentType === 'ExactCapacity'
      ? ComparisonOperator?.startsWith('Less')
      : changes.some((each) => each < 0);
  if (TreatMissingData !== 'breaching' || !scalesIn) return { treatMissingData: TreatMissingData };
  const message =
    'it treats missing data as breaching, and would scale in when nothing is measured: here silence never does';
  remarks.push({ subject, kind: 'differs', message });
  return {};
}

type Change = Pick<
  AlarmLines,
  'adjustmentType' | 'scalingAdjustment' | 'stepAdjustments' | 'minAdjustmentMagnitude' | 'cooldown'
>;

function changeOf(policy: ScalingPolicy, defaults: GroupDefaults): Change {
  const { AdjustmentType, MinAdjustmentMagnitude } = policy;
  const isStep = policy.PolicyType === 'StepScaling';
  // A step policy has no cooldown: it counts on what is warming up.
  const seconds = isStep
    ? (policy.EstimatedInstanceWarmup ?? defaults.warmup ?? defaults.cooldown)
    : (policy.Cooldown ?? defaults.cooldown);
  return {
    ...(AdjustmentType !== 'ChangeInCapacity' && { adjustmentType: AdjustmentType! }),
    ...(isStep
      ? { stepAdjustments: (policy.StepAdjustments ?? []).map(stepOf) }
      : { scalingAdjustment: policy.ScalingAdjustment! }),
    ...(AdjustmentType === 'PercentChangeInCapacity' &&
      MinAdjustmentMagnitude !== undefined &&
      MinAdjustmentMagnitude > 0 && { minAdjustmentMagnitude: MinAdjustmentMagnitude }),
    cooldown: seconds,
  };
}

function stepOf({
  MetricIntervalLowerBound,
  MetricIntervalUpperBound,
  ScalingAdjustment,
}: NonNullable<ScalingPolicy['StepAdjustments']>[number]): StepLines {
  return {
    ...(MetricIntervalLowerBound !== undefined && { metricIntervalLowerBound: MetricIntervalLowerBound }),
    ...(MetricIntervalUpperBound !== undefined && { metricIntervalUpperBound: MetricIntervalUpperBound }),
    scalingAdjustment: ScalingAdjustment!,
  };
}
