import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { type MeasuredGroup, type MetricQuery, metricQuery } from '../shared/fleet/metric-query.ts';
import { alarmName } from '../shared/fleet/names.ts';
import type { AlarmRule } from '../shared/fleet/rule.ts';

interface AlarmsProps {
  readonly fleet: Fleet;
  /** The group's name in the fleet file. */
  readonly group: string;
  readonly measured: MeasuredGroup;
  /** The function that an alarm calls. */
  readonly onAlarm: string;
  /** The topic that hears of sick servers. */
  readonly notices: string;
}

/** One alarm per rule, and one for servers that their load balancer finds sick. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { fleet, group, measured, onAlarm } = props;
    for (const [name, rule] of Object.entries(fleet.groups[group]!.alarms)) {
      const query = metricQuery({ ...rule, periodSeconds: rule.period }, measured);
      new cloudwatch.CfnAlarm(this, name, {
        alarmName: alarmName(fleet, group, name),
        alarmDescription: description(group, rule),
        ...measure(query),
        comparisonOperator: rule.comparisonOperator,
        threshold: rule.threshold,
        evaluationPeriods: rule.evaluationPeriods,
        ...(rule.datapointsToAlarm && { datapointsToAlarm: rule.datapointsToAlarm }),
        treatMissingData: rule.treatMissingData,
        // Its end is no event of its own: the sweep sees it within a minute.
        alarmActions: [onAlarm],
      });
    }
    if (measured.loadBalancer) unhealthyServers(this, props, measured.loadBalancer);
  }
}

function description(group: string, rule: AlarmRule): string {
  const metric = typeof rule.metric === 'string' ? rule.metric : rule.metric.metricName;
  const sign = { Greater: '>', Less: '<' }[rule.comparisonOperator.startsWith('G') ? 'Greater' : 'Less'];
  const orEqual = rule.comparisonOperator.includes('OrEqual') ? '=' : '';
  return `${group}: ${metric} ${sign}${orEqual} ${rule.threshold}`;
}

/** A plain metric is cheapest; a count becomes a rate, and its silence a zero, by arithmetic. */
function measure(query: MetricQuery): Partial<cloudwatch.CfnAlarmProps> {
  const dimensions = Object.entries(query.dimensions).map(([name, value]) => ({ name, value }));
  const { namespace, metricName, periodSeconds: period } = query;
  if (query.divisor === 1 && !query.silenceIsZero) {
    const percentile = query.statistic.startsWith('p');
    const statistic = percentile ? { extendedStatistic: query.statistic } : { statistic: query.statistic };
    return { namespace, metricName, dimensions, period, ...statistic };
  }
  const metric = query.silenceIsZero ? 'FILL(m, 0)' : 'm';
  // A sum over the period: PERIOD(m) says in the alarm itself what the divisor is.
  const divisor = query.divisor === period ? 'PERIOD(m)' : query.divisor;
  return {
    metrics: [
      { id: 'rate', expression: `${metric} / ${divisor}`, label: metricName, returnData: true },
      {
        id: 'm',
        metricStat: { metric: { namespace, metricName, dimensions }, period, stat: query.statistic },
        returnData: false,
      },
    ],
  };
}

function unhealthyServers(
  scope: Construct,
  { fleet, group, notices }: AlarmsProps,
  { kind, fullName, targetGroup }: NonNullable<MeasuredGroup['loadBalancer']>,
): void {
  new cloudwatch.CfnAlarm(scope, 'UnhealthyServers', {
    alarmName: alarmName(fleet, group, 'unhealthy-servers'),
    alarmDescription: `${group}: a server does not pass the health checks of its load balancer`,
    namespace: kind === 'application' ? 'AWS/ApplicationELB' : 'AWS/NetworkELB',
    metricName: 'UnHealthyHostCount',
    dimensions: [
      { name: 'TargetGroup', value: targetGroup },
      { name: 'LoadBalancer', value: fullName },
    ],
    statistic: 'Maximum',
    period: 60,
    // A server that boots is unhealthy for a while; five minutes is no boot any more.
    evaluationPeriods: 5,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 0,
    treatMissingData: 'notBreaching',
    alarmActions: [notices],
    okActions: [notices],
  });
}
