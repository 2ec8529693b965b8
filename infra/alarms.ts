import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { hasAlarm } from '../shared/fleet/has-alarm.ts';
import { metricName } from '../shared/fleet/metric-name.ts';
import {
  type MeasuredGroup,
  type MetricQuery,
  type MetricSeries,
  metricQuery,
} from '../shared/fleet/metric-query.ts';
import { alarmName, unhealthyServersAlarm } from '../shared/fleet/names.ts';
import { isPrometheus } from '../shared/fleet/prometheus.ts';
import type { AlarmRule } from '../shared/fleet/rule.ts';
import { treatedSilence } from '../shared/fleet/silence.ts';

interface AlarmsProps {
  readonly fleet: Fleet;
  /** The group's name in the fleet file. */
  readonly group: string;
  readonly measured: MeasuredGroup;
  /** The function that an alarm calls. */
  readonly onAlarm: string;
}

/** One alarm per rule, and one for servers that their load balancer finds unhealthy. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { fleet, group, measured, onAlarm } = props;
    const config = fleet.groups[group]!;
    for (const [name, rule] of Object.entries(config.alarms)) {
      if (!hasAlarm(config, rule)) continue;
      const query = metricQuery({ ...rule, periodSeconds: rule.period }, measured);
      new cloudwatch.CfnAlarm(this, name, {
        alarmName: alarmName(fleet, group, name),
        alarmDescription: description(group, rule),
        ...measure(query, rule),
        comparisonOperator: rule.comparisonOperator,
        threshold: rule.threshold,
        evaluationPeriods: rule.evaluationPeriods,
        ...(rule.datapointsToAlarm && { datapointsToAlarm: rule.datapointsToAlarm }),
        // Its end is no event of its own: the sweep sees it within a minute.
        alarmActions: [onAlarm],
      });
    }
    if (measured.loadBalancer) unhealthyServers(this, props, measured.loadBalancer);
  }
}

function description(group: string, rule: AlarmRule): string {
  const metric =
    typeof rule.metric === 'object' && !isPrometheus(rule.metric)
      ? rule.metric.metricName
      : metricName(rule.metric);
  const sign = { Greater: '>', Less: '<' }[rule.comparisonOperator.startsWith('G') ? 'Greater' : 'Less'];
  const orEqual = rule.comparisonOperator.includes('OrEqual') ? '=' : '';
  return `${group}: ${metric} ${sign}${orEqual} ${rule.threshold}`;
}

/** A plain metric is cheapest; a rate takes arithmetic. */
function measure(query: MetricQuery, rule: AlarmRule): Measured {
  const treatMissingData = treatedSilence(rule);
  if (query.zeroIf && query.statistic === 'Sum') return countedAs(query, rule, query.zeroIf.spoke);
  if (query.divisor !== 1) return { ...rate(query, 'm'), treatMissingData };
  const { namespace, metricName, periodSeconds: period, statistic } = query;
  const one = statistic.startsWith('p') ? { extendedStatistic: statistic } : { statistic };
  return { namespace, metricName, dimensions: dimensionsOf(query), period, ...one, treatMissingData };
}

type Measured = Partial<cloudwatch.CfnAlarmProps> & Pick<cloudwatch.CfnAlarmProps, 'treatMissingData'>;

/**
 * A count that is silent is zero where the load balancer has spoken of the period, by its count of hosts, and unknown where it
 * has not. Where zero breaches, the alarm must tell the two apart: arithmetic takes a missing value for 0, so it divides by the
 * hosts, and a point that divides by zero is dropped. Where zero does not breach, silence is left as missing, and the engine
 * asks the load balancer before it gives servers away.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html on missing values, and on FILL in alarms
 */
function countedAs(query: MetricQuery, rule: AlarmRule, checker: MetricSeries): Measured {
  const { treatMissingData, comparisonOperator, threshold } = rule;
  const zeroBreaches = comparisonOperator.startsWith('Less') ? threshold > 0 : threshold < 0;
  if (!zeroBreaches) return { ...rate(query, 'm'), treatMissingData };
  const { namespace, metricName, statistic: stat } = checker;
  const metric = { namespace, metricName, dimensions: dimensionsOf(checker) };
  const { metrics } = rate(query, 'FILL(m, 0) * hosts / hosts');
  const metricStat = { metric, stat, period: query.periodSeconds };
  return { metrics: [...metrics, { id: 'hosts', metricStat, returnData: false }], treatMissingData };
}

function rate(query: MetricQuery, metric: string) {
  const { namespace, metricName, periodSeconds: period, statistic: stat } = query;
  // A sum over the period: PERIOD(m) says in the alarm itself what the divisor is.
  const divisor = query.divisor === period ? 'PERIOD(m)' : query.divisor;
  const measured = { namespace, metricName, dimensions: dimensionsOf(query) };
  return {
    metrics: [
      { id: 'rate', expression: `${metric} / ${divisor}`, label: metricName, returnData: true },
      { id: 'm', metricStat: { metric: measured, period, stat }, returnData: false },
    ],
  };
}

function dimensionsOf({ dimensions }: MetricSeries) {
  return Object.entries(dimensions).map(([name, value]) => ({ name, value }));
}

type MeasuredBalancer = NonNullable<MeasuredGroup['loadBalancer']>;

function targetGroupOf({ targetGroup, fullName }: MeasuredBalancer) {
  return [
    { name: 'TargetGroup', value: targetGroup },
    { name: 'LoadBalancer', value: fullName },
  ];
}

function unhealthyServers(
  scope: Construct,
  { fleet, group, onAlarm }: AlarmsProps,
  loadBalancer: MeasuredBalancer,
): void {
  new cloudwatch.CfnAlarm(scope, 'UnhealthyServers', {
    alarmName: alarmName(fleet, group, unhealthyServersAlarm),
    alarmDescription: `${group}: a server does not pass the health checks of its load balancer`,
    namespace: loadBalancer.kind === 'application' ? 'AWS/ApplicationELB' : 'AWS/NetworkELB',
    metricName: 'UnHealthyHostCount',
    dimensions: targetGroupOf(loadBalancer),
    statistic: 'Maximum',
    period: 60,
    // A server that boots is unhealthy for a while; five minutes is no boot any more.
    evaluationPeriods: 5,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 0,
    treatMissingData: 'notBreaching',
    alarmActions: [onAlarm],
    okActions: [onAlarm],
  });
}
