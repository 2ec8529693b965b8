import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { watchAlarmName } from '../shared/fleet/names.ts';

interface WatchProps {
  readonly fleet: Fleet;
  readonly functions: Readonly<Record<string, lambda.IFunction>>;
  readonly deadLetters: sqs.IQueue;
  readonly topic: sns.ITopic;
}

const minute = Duration.minutes(1);
const silenceIsHealth = cloudwatch.TreatMissingData.NOT_BREACHING;

/** The scaler watches itself, with four alarms for however many groups. */
export class Watch extends Construct {
  constructor(scope: Construct, id: string, { fleet, functions, deadLetters, topic }: WatchProps) {
    super(scope, id);
    const sweep = functions['sweep']!;
    const alarms = [
      deadLetters
        .metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Maximum' })
        .createAlarm(this, 'DeadLetters', {
          alarmName: watchAlarmName(fleet, 'dead-letters'),
          alarmDescription: 'Something was not done: an event lies in the dead-letter queue',
          treatMissingData: silenceIsHealth,
          threshold: 1,
          evaluationPeriods: 1,
        }),
      sumOf('Errors', functions, Duration.minutes(5)).createAlarm(this, 'Errors', {
        alarmName: watchAlarmName(fleet, 'function-errors'),
        alarmDescription: 'Functions of the scaler fail',
        treatMissingData: silenceIsHealth,
        threshold: 1,
        evaluationPeriods: 1,
      }),
      sumOf('Throttles', functions, Duration.minutes(5)).createAlarm(this, 'Throttles', {
        alarmName: watchAlarmName(fleet, 'function-throttles'),
        alarmDescription: "Functions of the scaler do not get to run: the account's concurrency is used up",
        treatMissingData: silenceIsHealth,
        threshold: 1,
        evaluationPeriods: 1,
      }),
      new cloudwatch.MathExpression({
        expression: 'FILL(runs, 0) - FILL(failures, 0)',
        label: 'Sweeps that ended well',
        period: minute,
        usingMetrics: {
          runs: sweep.metricInvocations({ period: minute }),
          failures: sweep.metricErrors({ period: minute }),
        },
      }).createAlarm(this, 'Heartbeat', {
        alarmName: watchAlarmName(fleet, 'sweep-heartbeat'),
        alarmDescription: 'No sweep ended well for five minutes: nobody looks after the groups',
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        evaluationPeriods: 5,
        treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      }),
    ];
    for (const alarm of alarms) {
      alarm.addAlarmAction(new SnsAction(topic));
      // Also when it is over: the heartbeat's first minutes are silent, and a repaired scaler should say so.
      alarm.addOkAction(new SnsAction(topic));
    }
  }
}

function sumOf(
  metric: 'Errors' | 'Throttles',
  functions: WatchProps['functions'],
  period: Duration,
): cloudwatch.MathExpression {
  const metrics = Object.values(functions).map((each, index) => [
    `m${index}`,
    each.metric(metric, { period, statistic: 'Sum' }),
  ]);
  const ids = metrics.map(([id]) => id).join(', ');
  return new cloudwatch.MathExpression({
    expression: `SUM([${ids}])`,
    label: metric,
    period,
    usingMetrics: Object.fromEntries(metrics),
  });
}
