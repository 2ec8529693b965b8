import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { BusEvent } from '../bus-event.ts';
import type { Instant } from '../service.ts';
import { timestamp } from './alarm-evaluation.ts';

/** One change of an alarm's state, with what it was before. */
export interface Transition {
  readonly alarm: MetricAlarm & CompositeAlarm;
  readonly at: Instant;
  readonly previous: { value: string; reason: string; reasonData: string | undefined; at: Instant };
}

/** Where alarm actions go; the other services implement it. */
export interface AlarmTargets {
  /** Invokes a function asynchronously, as `lambda.alarms.cloudwatch.amazonaws.com` on behalf of the alarm. */
  invokeFunction(functionArn: string, payload: unknown, sourceArn: string): void;
  publish(topicArn: string, subject: string, message: string): void;
  putEvent(event: BusEvent): void;
}

/**
 * Tells everybody who wants to know of a transition: EventBridge always, functions and topics when the alarm names
 * them and its actions are enabled. Three envelopes for the same fact, as CloudWatch has them.
 */
export function notify(transition: Transition, region: string, account: string, targets: AlarmTargets): void {
  const { alarm, at } = transition;
  targets.putEvent({
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarm.AlarmArn!],
    detail: alarmData(transition),
  });
  if (alarm.ActionsEnabled === false) return;
  for (const action of actionsOf(alarm)) {
    if (action.startsWith('arn:aws:lambda:'))
      targets.invokeFunction(action, functionEvent(transition, region, account), alarm.AlarmArn!);
    else if (action.startsWith('arn:aws:sns:'))
      targets.publish(action, subjectOf(alarm, region), JSON.stringify(topicMessage(transition, region, account)));
    // Native scaling policies and EC2 actions exist to be found and reported; the local cloud does not run them.
    else if (!action.startsWith('arn:aws:autoscaling:') && !action.startsWith('arn:aws:automate:'))
      throw new Error(`alarm ${alarm.AlarmName} at ${new Date(at).toISOString()}: unknown action ${action}`);
  }
}

function actionsOf(alarm: MetricAlarm): string[] {
  if (alarm.StateValue === 'ALARM') return alarm.AlarmActions ?? [];
  return (alarm.StateValue === 'OK' ? alarm.OKActions : alarm.InsufficientDataActions) ?? [];
}

function subjectOf(alarm: MetricAlarm, region: string): string {
  return `${alarm.StateValue}: "${alarm.AlarmName}" in ${region}`;
}

function functionEvent(transition: Transition, region: string, account: string): unknown {
  return {
    source: 'aws.cloudwatch',
    alarmArn: transition.alarm.AlarmArn,
    accountId: account,
    time: timestamp(transition.at),
    region,
    alarmData: alarmData(transition),
  };
}

function alarmData({ alarm, at, previous }: Transition): Record<string, unknown> {
  return {
    alarmName: alarm.AlarmName,
    state: {
      value: alarm.StateValue,
      reason: alarm.StateReason,
      ...(alarm.StateReasonData ? { reasonData: alarm.StateReasonData } : {}),
      timestamp: timestamp(at),
    },
    previousState: {
      value: previous.value,
      reason: previous.reason,
      ...(previous.reasonData ? { reasonData: previous.reasonData } : {}),
      timestamp: timestamp(previous.at),
    },
    configuration: {
      ...(alarm.AlarmDescription ? { description: alarm.AlarmDescription } : {}),
      ...(alarm.AlarmRule ? { alarmRule: alarm.AlarmRule } : { metrics: metricsOf(alarm) }),
    },
  };
}

function metricsOf(alarm: MetricAlarm): unknown[] {
  if (!alarm.Metrics?.length) {
    const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic } = alarm;
    const metric = { namespace: Namespace, name: MetricName, dimensions: dimensionsOf(Dimensions) };
    const metricStat = { metric, period: Period, stat: Statistic ?? ExtendedStatistic };
    return [{ id: 'm1', metricStat, returnData: true }];
  }
  return alarm.Metrics.map(({ Id, Expression, Label, MetricStat, ReturnData }) => ({
    id: Id,
    ...(Expression ? { expression: Expression, label: Label ?? Id } : {}),
    ...(MetricStat
      ? {
          metricStat: {
            metric: {
              namespace: MetricStat.Metric!.Namespace,
              name: MetricStat.Metric!.MetricName,
              dimensions: dimensionsOf(MetricStat.Metric!.Dimensions),
            },
            period: MetricStat.Period,
            stat: MetricStat.Stat,
          },
        }
      : {}),
    returnData: ReturnData !== false,
  }));
}

function topicMessage({ alarm, at, previous }: Transition, region: string, account: string): unknown {
  return {
    AlarmName: alarm.AlarmName,
    AlarmDescription: alarm.AlarmDescription ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: timestamp(alarm.AlarmConfigurationUpdatedTimestamp!.getTime()),
    NewStateValue: alarm.StateValue,
    NewStateReason: alarm.StateReason,
    StateChangeTime: timestamp(at),
    Region: region,
    AlarmArn: alarm.AlarmArn,
    OldStateValue: previous.value,
    OKActions: alarm.OKActions ?? [],
    AlarmActions: alarm.AlarmActions ?? [],
    InsufficientDataActions: alarm.InsufficientDataActions ?? [],
    ...(alarm.AlarmRule ? { AlarmRule: alarm.AlarmRule } : { Trigger: trigger(alarm) }),
  };
}

function trigger(alarm: MetricAlarm): unknown {
  const common = {
    Period: alarm.Period,
    EvaluationPeriods: alarm.EvaluationPeriods,
    DatapointsToAlarm: alarm.DatapointsToAlarm,
    ComparisonOperator: alarm.ComparisonOperator,
    Threshold: alarm.Threshold,
    TreatMissingData: alarm.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: '',
  };
  if (alarm.Metrics?.length) return { ...common, Metrics: alarm.Metrics };
  return {
    MetricName: alarm.MetricName,
    Namespace: alarm.Namespace,
    StatisticType: alarm.Statistic ? 'Statistic' : 'ExtendedStatistic',
    ...(alarm.Statistic
      ? { Statistic: alarm.Statistic.toUpperCase() }
      : { ExtendedStatistic: alarm.ExtendedStatistic }),
    Unit: alarm.Unit ?? null,
    Dimensions: (alarm.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
    ...common,
  };
}

function dimensionsOf(dimensions: MetricAlarm['Dimensions']): Record<string, string> {
  return Object.fromEntries((dimensions ?? []).map(({ Name, Value }) => [Name!, Value!]));
}
