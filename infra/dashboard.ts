import { Aws, CfnMapping, Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { awsRegionOf } from '../shared/fleet/aws-region-of.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { hasAlarm } from '../shared/fleet/has-alarm.ts';
import { metricQuery, needsLoadBalancer } from '../shared/fleet/metric-query.ts';
import { alarmName, scalingGroupName } from '../shared/fleet/names.ts';
import { otherKindOf } from '../shared/fleet/other-kinds.ts';
import { isPrometheus } from '../shared/fleet/prometheus.ts';
import { providerOf } from '../shared/fleet/provider-kind.ts';
import type { Metric } from '../shared/fleet/rule.ts';
import { output } from './own-stack.ts';

interface DashboardProps {
  readonly fleet: Fleet;
  readonly functions: Readonly<Record<string, lambda.IFunction>>;
  readonly deadLetters: sqs.IQueue;
}

const minute = Duration.minutes(1);

/** A dashboard holds 500 widgets; the scaler's own take a few of them. */
const mostWidgets = 480;

/** By partition. */
const consoles = {
  aws: { host: 'console.aws.amazon.com' },
  'aws-cn': { host: 'console.amazonaws.cn' },
  'aws-us-gov': { host: 'console.amazonaws-us-gov.com' },
};

/** One page per fleet: what each group has against what its alarms say, what was decided and why, and the scaler itself. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { fleet } = props;
    const dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: fleet.name,
      defaultInterval: Duration.hours(12),
      periodOverride: cloudwatch.PeriodOverride.AUTO,
    });
    dashboard.addWidgets(...decisions(fleet));
    dashboard.addWidgets(...health(props));
    let left = mostWidgets;
    for (const group of Object.keys(fleet.groups)) {
      const widgets = groupWidgets(this, fleet, group);
      left -= widgets.length;
      if (left < 0) break;
      dashboard.addWidgets(...widgets);
    }
    const host = new CfnMapping(this, 'Console', { mapping: consoles }).findInMap(Aws.PARTITION, 'host');
    const address = `https://${host}/cloudwatch/home?region=${Aws.REGION}#dashboards:name=${fleet.name}`;
    output(scope, 'DashboardAddress', address);
  }
}

/** Capacity, and beside it each alarm's metric with its threshold. */
function groupWidgets(scope: Construct, fleet: Fleet, group: string): cloudwatch.IWidget[] {
  const metric = (metricName: string, label: string) =>
    new cloudwatch.Metric({
      namespace: 'AWS/AutoScaling',
      metricName,
      dimensionsMap: { AutoScalingGroupName: scalingGroupName(fleet, group) },
      statistic: 'Maximum',
      period: minute,
      label,
    });
  const capacity = new cloudwatch.GraphWidget({
    title: `${group}: servers`,
    width: 8,
    left: [metric('GroupDesiredCapacity', 'desired'), metric('GroupInServiceInstances', 'in service')],
    leftYAxis: { min: 0 },
  });
  const config = fleet.groups[group]!;
  const watched = Object.entries(config.alarms).filter(([, rule]) => hasAlarm(config, rule));
  const loads = watched.map(([rule]) => {
    const arn = `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:${alarmName(fleet, group, rule)}`;
    return new cloudwatch.AlarmWidget({
      title: `${group}: ${rule}`,
      width: 8,
      alarm: cloudwatch.Alarm.fromAlarmArn(scope, `${group}-${rule}`, arn),
    });
  });
  const isElsewhere = awsRegionOf(config) !== undefined;
  // What CloudWatch does not measure, a dashboard of it cannot show.
  if (!providerOf(config).hasAlarms && !isElsewhere) return loads;
  // Of others than groups of EC2 nobody publishes these counts by a group's name.
  const counted = otherKindOf(config) ? [] : [capacity];
  const judged = isElsewhere ? ruleWidgets(fleet, group) : [];
  return [...counted, ...loads, ...judged, ...targetWidgets(fleet, group)];
}

/** Metrics of another region, where no alarm of ours watches them, each with its threshold. */
function ruleWidgets(fleet: Fleet, group: string): cloudwatch.IWidget[] {
  return Object.entries(fleet.groups[group]!.alarms).flatMap(([rule, { metric, statistic, threshold }]) =>
    metricWidgets(fleet, group, `${group}: ${rule}`, {
      metric,
      statistic,
      value: threshold,
      label: 'threshold',
    }),
  );
}

/** What is tracked, with the value at which it is kept. */
function targetWidgets(fleet: Fleet, group: string): cloudwatch.IWidget[] {
  return fleet.groups[group]!.targets.flatMap(({ metric, targetValue: value }) => {
    if (isPrometheus(metric)) return [];
    const title = `${group}: ${typeof metric === 'string' ? metric : metric.metricName} against its target`;
    return metricWidgets(fleet, group, title, { metric, value, label: 'target' });
  });
}

/** A metric and a value that matters. The scaler's stack does not know load balancers: what is measured at them is left out. */
function metricWidgets(
  fleet: Fleet,
  group: string,
  title: string,
  { metric, statistic: asked, value, label }: Shown,
): cloudwatch.IWidget[] {
  if (isPrometheus(metric) || needsLoadBalancer(metric)) return [];
  const config = fleet.groups[group]!;
  const detailedMonitoring = config.launch?.detailedMonitoring ?? true;
  const measured = { scalingGroup: scalingGroupName(fleet, group), detailedMonitoring, ecs: config.ecs };
  const query = metricQuery({ metric, statistic: asked, periodSeconds: 60 }, measured);
  const { namespace, metricName, dimensions: dimensionsMap, statistic, divisor } = query;
  const plain = new cloudwatch.Metric({ namespace, metricName, dimensionsMap, statistic, period: minute });
  const rate = {
    expression: `value / ${divisor}`,
    usingMetrics: { value: plain },
    label: metricName,
    period: minute,
  };
  const region = awsRegionOf(config);
  return [
    new cloudwatch.GraphWidget({
      title,
      width: 8,
      ...(region !== undefined && { region }),
      left: [divisor === 1 ? plain : new cloudwatch.MathExpression(rate)],
      leftAnnotations: [{ value, label }],
    }),
  ];
}

interface Shown {
  readonly metric: Metric;
  readonly statistic?: string | undefined;
  readonly value: number;
  readonly label: string;
}

/** What the functions count themselves; a search, for which reasons there are is not known beforehand. */
function decisions(fleet: Fleet): cloudwatch.IWidget[] {
  const own = (dimensions: string, metricName: string) =>
    new cloudwatch.MathExpression({
      expression: `SEARCH('{Rushhour,${dimensions}} service="${fleet.name}" MetricName="${metricName}"', 'Sum')`,
      label: '',
      period: minute,
    });
  return [
    new cloudwatch.GraphWidget({
      title: 'Decisions by reason',
      width: 16,
      stacked: true,
      left: [own('service,reason', 'Decisions')],
    }),
    new cloudwatch.GraphWidget({ title: 'Activities', width: 8, left: [own('service', 'Activities')] }),
  ];
}

function health({ functions, deadLetters }: DashboardProps): cloudwatch.IWidget[] {
  const all = (metric: string) =>
    Object.values(functions).map((each) => each.metric(metric, { period: minute, statistic: 'Sum' }));
  const sweep = functions['sweep']!;
  return [
    new cloudwatch.GraphWidget({ title: 'Scaler: runs', width: 6, left: all('Invocations') }),
    new cloudwatch.GraphWidget({
      title: 'Scaler: failures',
      width: 6,
      left: [...all('Errors'), ...all('Throttles')],
    }),
    new cloudwatch.GraphWidget({
      title: 'Scaler: time of a sweep',
      width: 6,
      left: [sweep.metricDuration({ period: minute, statistic: 'p95' })],
    }),
    new cloudwatch.GraphWidget({
      title: 'Scaler: dead letters',
      width: 6,
      left: [deadLetters.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Maximum' })],
    }),
  ];
}
