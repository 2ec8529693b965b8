import type {
  DeleteAlarmsInput,
  DescribeAlarmHistoryInput,
  DescribeAlarmHistoryOutput,
  DescribeAlarmsForMetricInput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  EnableAlarmActionsInput,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch';
import type { CloudContext } from '../cloud-context.ts';
import { requireOneOf } from '../constraints.ts';
import { page } from '../page.ts';
import { type Call, type Operation, ServiceError } from '../service.ts';
import type { Tags } from '../tags.ts';
import { comparisonOperators } from './alarm-evaluation.ts';
import type { Alarm, Alarms } from './alarms.ts';
import type { AlarmState } from './judge.ts';
import { assertPeriod, validateQueries } from './queries.ts';
import { RateLimit } from './rate-limit.ts';
import { assertStatistic } from './sample.ts';

const alarmStates: readonly AlarmState[] = ['INSUFFICIENT_DATA', 'ALARM', 'OK'];
const daySeconds = 86_400;
const actionPattern = /^arn:aws:(sns|lambda|autoscaling|automate|ssm|ec2):|^arn:aws:swf:/;

/** The alarm operations of the API. */
export function alarmOperations(cloud: CloudContext, alarms: Alarms, tags: Tags): Record<string, Operation> {
  const arnOf = (name: string) => `arn:aws:cloudwatch:${cloud.region}:${cloud.account}:alarm:${name}`;
  // Nine calls a second and account: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
  const describeRate = new RateLimit(9);

  const put = (definition: Alarm, initial: PutMetricAlarmInput['Tags']): void => {
    const AlarmArn = arnOf(definition.AlarmName!);
    const fresh = !alarms.find(definition.AlarmName!);
    alarms.put({ ...definition, AlarmArn, ActionsEnabled: definition.ActionsEnabled ?? true });
    // Tags of an existing alarm are changed by TagResource only.
    if (fresh) tags.set(AlarmArn, initial ?? []);
  };

  return {
    PutMetricAlarm({ Tags, ...definition }: PutMetricAlarmInput): void {
      validate(definition, cloud.region);
      put(definition as Alarm, Tags);
    },

    PutCompositeAlarm({ Tags, ...definition }: PutCompositeAlarmInput): void {
      validateActions(definition, cloud.region);
      put(definition as Alarm, Tags);
    },

    DescribeAlarms(input: DescribeAlarmsInput, call: Call): DescribeAlarmsOutput {
      // What another service asks is no call of the account's.
      if (call.principal.kind !== 'service') describeRate.take(call.sentAt, call.now);
      requireOneOf(input.StateValue, alarmStates, 'stateValue');
      const types = input.AlarmTypes ?? ['MetricAlarm'];
      const wanted = selected(alarms, input).filter((alarm) =>
        types.includes(alarm.AlarmRule ? 'CompositeAlarm' : 'MetricAlarm'),
      );
      const { items, NextToken } = page(wanted, input.NextToken, input.MaxRecords ?? 50, 100, 'MaxRecords');
      return {
        MetricAlarms: items.filter((alarm) => !alarm.AlarmRule),
        CompositeAlarms: items.filter((alarm) => alarm.AlarmRule),
        NextToken,
      };
    },

    DescribeAlarmsForMetric(input: DescribeAlarmsForMetricInput): DescribeAlarmsOutput {
      const MetricAlarms = alarms
        .all()
        .filter((alarm) => alarm.Namespace === input.Namespace && alarm.MetricName === input.MetricName);
      return { MetricAlarms };
    },

    DeleteAlarms({ AlarmNames }: DeleteAlarmsInput): void {
      for (const name of AlarmNames!) alarms.get(name);
      for (const name of AlarmNames!) {
        tags.delete(arnOf(name));
        alarms.delete(name);
      }
    },

    SetAlarmState(input: SetAlarmStateInput): void {
      requireOneOf(input.StateValue, alarmStates, 'stateValue');
      alarms.setState(input.AlarmName!, {
        state: input.StateValue as AlarmState,
        reason: input.StateReason!,
        reasonData: input.StateReasonData ?? '',
      });
    },

    EnableAlarmActions({ AlarmNames }: EnableAlarmActionsInput): void {
      for (const name of AlarmNames!) alarms.get(name).ActionsEnabled = true;
    },

    DisableAlarmActions({ AlarmNames }: EnableAlarmActionsInput): void {
      for (const name of AlarmNames!) alarms.get(name).ActionsEnabled = false;
    },

    DescribeAlarmHistory(input: DescribeAlarmHistoryInput): DescribeAlarmHistoryOutput {
      const from = input.StartDate?.getTime() ?? Number.NEGATIVE_INFINITY;
      const to = input.EndDate?.getTime() ?? Number.POSITIVE_INFINITY;
      const found = alarms.history.filter((item) => {
        const at = item.Timestamp!.getTime();
        const named = input.AlarmName === undefined || item.AlarmName === input.AlarmName;
        const typed = input.HistoryItemType === undefined || item.HistoryItemType === input.HistoryItemType;
        return named && typed && at >= from && at <= to;
      });
      if (input.ScanBy !== 'TimestampAscending') found.reverse();
      const { items, NextToken } = page(found, input.NextToken, input.MaxRecords ?? 100, 100, 'MaxRecords');
      return { AlarmHistoryItems: items, NextToken };
    },
  };
}

function selected(alarms: Alarms, input: DescribeAlarmsInput): Alarm[] {
  const all = alarms.all();
  // The reference says that one excludes the other, and not in which words.
  if (input.AlarmNames?.length && input.AlarmNamePrefix !== undefined)
    throw new ServiceError('ValidationError', 'AlarmNames and AlarmNamePrefix cannot be specified together');
  if (input.AlarmNames?.length) {
    if (input.AlarmNames.length > 100)
      throw new ServiceError('ValidationError', 'At most 100 alarm names can be specified');
    const names = new Set(input.AlarmNames);
    return all.filter((alarm) => names.has(alarm.AlarmName!) && stateMatches(alarm, input));
  }
  return all.filter(
    (alarm) =>
      alarm.AlarmName!.startsWith(input.AlarmNamePrefix ?? '') &&
      stateMatches(alarm, input) &&
      (!input.ActionPrefix || alarm.AlarmActions?.some((action) => action.startsWith(input.ActionPrefix!))),
  );
}

function stateMatches(alarm: Alarm, input: DescribeAlarmsInput): boolean {
  return input.StateValue === undefined || alarm.StateValue === input.StateValue;
}

/** @throws ServiceError ValidationError and its relatives, where PutMetricAlarm would refuse. */
function validate(input: PutMetricAlarmInput, region: string): void {
  const refuse = (message: string): never => {
    throw new ServiceError('ValidationError', message);
  };
  validateActions(input, region);
  if (!comparisonOperators.includes(input.ComparisonOperator!))
    refuse(`Value '${input.ComparisonOperator}' at 'comparisonOperator' failed to satisfy constraint`);
  if (input.Threshold === undefined) refuse('Threshold must be specified');
  const evaluated = input.EvaluationPeriods ?? 0;
  if (evaluated < 1)
    refuse("Value at 'evaluationPeriods' failed to satisfy constraint: Member must be at least 1");
  const needed = input.DatapointsToAlarm ?? evaluated;
  if (needed < 1 || needed > evaluated) refuse('DatapointsToAlarm must be between 1 and EvaluationPeriods');
  if (!['missing', 'notBreaching', 'breaching', 'ignore'].includes(input.TreatMissingData ?? 'missing'))
    refuse(`Option ${input.TreatMissingData} is not supported for TreatMissingData`);
  if (input.Metrics?.length) {
    if (input.MetricName) refuse('MetricName and Metrics cannot be specified together');
    validateQueries(input.Metrics);
    if (input.Metrics.some(({ Expression }) => /\bSEARCH\s*\(/i.test(Expression ?? '')))
      refuse('SEARCH is not supported on Metric Alarms.');
    if (input.Metrics.filter((query) => query.ReturnData !== false).length !== 1)
      refuse('Exactly one element of the metrics list should return data.');
    return;
  }
  if (!input.MetricName || !input.Namespace) refuse('MetricName and Namespace must be specified');
  if ((input.Statistic === undefined) === (input.ExtendedStatistic === undefined))
    refuse('Exactly one of Statistic and ExtendedStatistic must be specified');
  assertStatistic((input.Statistic ?? input.ExtendedStatistic)!);
  assertPeriod(input.Period ?? 0);
  const limit = input.Period! >= 3600 ? 7 * daySeconds : daySeconds;
  if (evaluated * input.Period! > limit)
    refuse('Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).');
}

/** An alarm tells nobody of another region. */
function validateActions(input: PutMetricAlarmInput | PutCompositeAlarmInput, region: string): void {
  for (const actions of [input.AlarmActions, input.OKActions, input.InsufficientDataActions]) {
    if ((actions?.length ?? 0) > 5)
      throw new ServiceError('ValidationError', 'Member must have length less than or equal to 5');
    const unknown = actions?.find((action) => !actionPattern.test(action));
    if (unknown) throw new ServiceError('ValidationError', `Invalid arn syntax: ${unknown}`);
    const elsewhere = actions?.map((action) => action.split(':')[3]!).find((of) => of && of !== region);
    if (elsewhere)
      throw new ServiceError(
        'ValidationError',
        `Invalid region ${elsewhere} specified. Only ${region} is supported.`,
      );
  }
}
