import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type CloudContext, emit, servicePrincipal } from '../cloud-context.ts';
import { type Instant, type Principal, ServiceError } from '../service.ts';
import { timestamp } from './alarm-evaluation.ts';

/** One change of an alarm's state, with what it was before. */
export interface Transition {
  readonly alarm: MetricAlarm & CompositeAlarm;
  readonly at: Instant;
  readonly previous: { value: string; reason: string; reasonData: string | undefined; at: Instant };
}

const scalingPolicy = 'arn:aws:autoscaling:';

/**
 * Scaling policies are executed once more in each minute in which the alarm stays in its state.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
 */
export function repeatScaling(
  cloud: CloudContext,
  alarm: Transition['alarm'],
  remember: (summary: string) => void,
): void {
  if (alarm.ActionsEnabled === false) return;
  const at = cloud.eventQueue.now();
  const previous = { value: '', reason: '', reasonData: undefined, at };
  const actions = actionsOf(alarm).filter((action) => action.startsWith(scalingPolicy));
  run(cloud, { alarm, at, previous }, actions, remember);
}

/**
 * Tells everybody who wants to know of a transition: EventBridge always, functions and topics when the alarm names
 * them and its actions are enabled. `remember` hears how each action went. Three envelopes for the same fact, as CloudWatch has them.
 */
export function notify(
  cloud: CloudContext,
  transition: Transition,
  remember: (summary: string) => void,
): void {
  const { alarm } = transition;
  emit(cloud, {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarm.AlarmArn!],
    detail: alarmData(transition),
  });
  if (alarm.ActionsEnabled !== false) run(cloud, transition, actionsOf(alarm), remember);
}

function run(
  cloud: CloudContext,
  transition: Transition,
  actions: readonly string[],
  remember: (summary: string) => void,
): void {
  const { alarm, at } = transition;
  for (const action of actions) {
    // What is said is fixed now; the alarm may have changed again when the event queue comes to it.
    const deliver = delivery(cloud, transition, action);
    if (!deliver) continue;
    cloud.eventQueue.at(at, `action of alarm ${alarm.AlarmName}`, async () => {
      try {
        await deliver();
        remember(`Successfully executed action ${action}`);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        remember(`Failed to execute action ${action}. Received error: "${error.message}"`);
      }
    });
  }
}

function delivery(
  cloud: CloudContext,
  transition: Transition,
  action: string,
): (() => Promise<void>) | undefined {
  const { region, account } = cloud;
  const { alarm } = transition;
  const caller = (name: string): Principal => ({ ...servicePrincipal(name), sourceArn: alarm.AlarmArn! });
  if (action.startsWith('arn:aws:lambda:')) {
    const Payload = new TextEncoder().encode(JSON.stringify(functionEvent(transition, region, account)));
    const input = { FunctionName: action, InvocationType: 'Event', Payload };
    return () => cloud.call('lambda', 'Invoke', input, caller('lambda.alarms.cloudwatch'));
  }
  if (action.startsWith('arn:aws:sns:')) {
    const Message = JSON.stringify(topicMessage(transition, region, account));
    const input = { TopicArn: action, Subject: subjectOf(alarm, region), Message };
    return () => cloud.call('sns', 'Publish', input, caller('cloudwatch'));
  }
  // Policies of Application Auto Scaling are kept and shown, and none acts.
  if (action.startsWith(scalingPolicy) && !action.includes(':resource/')) {
    const input = { PolicyName: action, ...breachOf(alarm) };
    return () => cloud.call('autoscaling', 'ExecutePolicy', input, caller('cloudwatch'));
  }
  // EC2 actions exist to be found and reported; the local cloud does not run them.
  return undefined;
}

/** The newest datapoint, from which a step policy measures how far it is beyond the threshold. */
function breachOf({ StateReasonData, Threshold }: MetricAlarm): object {
  const points: unknown[] = JSON.parse(StateReasonData ?? '{}').recentDatapoints ?? [];
  return { MetricValue: points.at(-1), BreachThreshold: Threshold };
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
  const shown = {
    Period: alarm.Period,
    EvaluationPeriods: alarm.EvaluationPeriods,
    DatapointsToAlarm: alarm.DatapointsToAlarm,
    ComparisonOperator: alarm.ComparisonOperator,
    Threshold: alarm.Threshold,
    TreatMissingData: alarm.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: '',
  };
  if (alarm.Metrics?.length) return { ...shown, Metrics: alarm.Metrics };
  return {
    MetricName: alarm.MetricName,
    Namespace: alarm.Namespace,
    StatisticType: alarm.Statistic ? 'Statistic' : 'ExtendedStatistic',
    ...(alarm.Statistic
      ? { Statistic: alarm.Statistic.toUpperCase() }
      : { ExtendedStatistic: alarm.ExtendedStatistic }),
    Unit: alarm.Unit ?? null,
    Dimensions: (alarm.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
    ...shown,
  };
}

function dimensionsOf(dimensions: MetricAlarm['Dimensions']): Record<string, string> {
  return Object.fromEntries((dimensions ?? []).map(({ Name, Value }) => [Name!, Value!]));
}
