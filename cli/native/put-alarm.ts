import { type CloudWatchClient, type MetricAlarm, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';

/**
 * Puts an alarm as it was. Those of target tracking whoever tracks makes itself.
 * @param arns of policies: the one that each has now, by the one that it had
 * @throws what the SDK says
 */
export async function putAlarm(
  client: CloudWatchClient,
  alarm: MetricAlarm,
  arns: ReadonlyMap<string, string>,
): Promise<void> {
  if (alarm.AlarmName!.startsWith('TargetTracking-')) return;
  const renewed = (actions: readonly string[] | undefined) => actions?.map((arn) => arns.get(arn) ?? arn);
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: alarm.AlarmName,
      AlarmDescription: alarm.AlarmDescription,
      ActionsEnabled: alarm.ActionsEnabled,
      AlarmActions: renewed(alarm.AlarmActions),
      OKActions: renewed(alarm.OKActions),
      InsufficientDataActions: renewed(alarm.InsufficientDataActions),
      Namespace: alarm.Namespace,
      MetricName: alarm.MetricName,
      Dimensions: alarm.Dimensions,
      Statistic: alarm.Statistic,
      ExtendedStatistic: alarm.ExtendedStatistic,
      Metrics: alarm.Metrics,
      Period: alarm.Period,
      Unit: alarm.Unit,
      EvaluationPeriods: alarm.EvaluationPeriods,
      DatapointsToAlarm: alarm.DatapointsToAlarm,
      Threshold: alarm.Threshold,
      ComparisonOperator: alarm.ComparisonOperator,
      TreatMissingData: alarm.TreatMissingData,
      EvaluateLowSampleCountPercentile: alarm.EvaluateLowSampleCountPercentile,
    }),
  );
}
