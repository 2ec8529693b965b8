import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { exampleFleet, plainGroup, synthesize } from '../kit/synthesis.ts';

const example = synthesize(exampleFleet);
const business = example.template('lunch-business');

const rule = 'comparisonOperator: GreaterThanThreshold, threshold: 5, period: 60, evaluationPeriods: 3';
const all = synthesize(`
name: all
groups:
  web:${plainGroup}
    loadBalancer: { scheme: internal, port: 80 }
    alarms:
      cpu: { metric: cpu, ${rule}, scalingAdjustment: 1, datapointsToAlarm: 2, treatMissingData: breaching }
      memory: { metric: memory, ${rule}, scalingAdjustment: 1 }
      disk: { metric: disk, ${rule}, scalingAdjustment: 1 }
      network-in: { metric: networkIn, ${rule}, scalingAdjustment: 1 }
      network-out: { metric: networkOut, ${rule}, scalingAdjustment: 1 }
      qps: { metric: requestsPerSecond, ${rule}, scalingAdjustment: 1 }
      per-target: { metric: requestsPerTarget, ${rule}, scalingAdjustment: 1 }
      slow: { metric: responseTime, statistic: p99, ${rule}, scalingAdjustment: 1 }
      loud: { metric: requestsPerSecond, ${rule}, scalingAdjustment: 1, treatMissingData: breaching }
      idle: { metric: requestsPerSecond, ${rule.replace('Greater', 'Less')}, scalingAdjustment: -1 }
      queue:
        metric: { namespace: Shop, metricName: Waiting, dimensions: { tier: web }, statistic: Maximum }
        ${rule.replaceAll(', ', '\n        ').replace('period: 60', 'period: 10')}
        scalingAdjustment: 1
`);
const web = all.template('all-web');

describe('an alarm for every rule', () => {
  it('asks what the rule asks and calls the function directly', () => {
    business.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'lunch-business-cpu-high',
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'lunch-business' }],
      Statistic: 'Average',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 70,
      Period: 300,
      EvaluationPeriods: 3,
      AlarmActions: [{ 'Fn::ImportValue': Match.stringLikeRegexp('onalarm') }],
    });
  });

  it.each([
    ['cpu', 'AWS/EC2', 'CPUUtilization', 'Average'],
    ['memory', 'CWAgent', 'mem_used_percent', 'Average'],
    ['disk', 'CWAgent', 'disk_used_percent', 'Maximum'],
    ['queue', 'Shop', 'Waiting', 'Maximum'],
  ])('%s is a plain metric', (name, Namespace, MetricName, Statistic) => {
    web.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `all-web-${name}`,
      Namespace,
      MetricName,
      Statistic,
    });
  });

  it.each([
    ['network-in', 'NetworkIn', 'Average', 'm / PERIOD(m)'],
    ['network-out', 'NetworkOut', 'Average', 'm / PERIOD(m)'],
    ['qps', 'RequestCount', 'Sum', 'm / PERIOD(m)'],
    ['per-target', 'RequestCountPerTarget', 'Sum', 'm / PERIOD(m)'],
  ])('%s becomes a rate by arithmetic', (name, MetricName, Stat, Expression) => {
    web.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `all-web-${name}`,
      Metrics: [
        Match.objectLike({ Expression, ReturnData: true }),
        Match.objectLike({ ReturnData: false, MetricStat: { Metric: { MetricName }, Stat, Period: 60 } }),
      ],
    });
  });

  it('leaves the silence of a count to the engine where zero does not breach, unless the file says what it is', () => {
    const treated = (name: string, TreatMissingData: string) =>
      web.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: `all-web-${name}`, TreatMissingData });
    treated('qps', 'missing');
    treated('loud', 'breaching');
    treated('slow', 'missing');
  });

  it('takes it for zero below a bound, but only for periods that the load balancer has told of', () => {
    const [idle] = Object.values(
      web.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: 'all-web-idle' } }),
    );
    const { Metrics, TreatMissingData } = idle!.Properties;
    expect(TreatMissingData).toBe('missing');
    expect(Metrics[0].Expression).toBe('FILL(m, 0) * hosts / hosts / PERIOD(m)');
    const { Metric, Period } = Metrics[2].MetricStat;
    expect([Metric.Namespace, Metric.MetricName, Period]).toEqual([
      'AWS/ApplicationELB',
      'HealthyHostCount',
      60,
    ]);
    expect(Metric.Dimensions).toEqual(Metrics[1].MetricStat.Metric.Dimensions);
  });

  it('divides bytes of a measurement by the measurement, whatever the period', () => {
    const slow = synthesize(
      `name: s\ngroups:\n  web:${plainGroup}\n    alarms:\n      in: { metric: networkIn, ${rule.replace('60', '300')}, scalingAdjustment: 1 }\n`,
    );
    slow.template('s-web').hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'm / 60' })]),
    });
  });

  it('measures response times as a percentile', () => {
    web.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'all-web-slow',
      MetricName: 'TargetResponseTime',
      ExtendedStatistic: 'p99',
    });
  });

  it('finds the datapoints of its own load balancer', () => {
    const [qps] = Object.values(
      web.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: 'all-web-qps' } }),
    );
    expect(qps!.Properties.Metrics[1].MetricStat.Metric.Dimensions).toEqual([
      {
        Name: 'TargetGroup',
        Value: { 'Fn::GetAtt': [expect.stringMatching('TargetGroup'), 'TargetGroupFullName'] },
      },
      {
        Name: 'LoadBalancer',
        Value: { 'Fn::GetAtt': [expect.stringMatching('LoadBalancer'), 'LoadBalancerFullName'] },
      },
    ]);
  });

  it('treats missing data as the user says, and when it scales in never as a breach', () => {
    web.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'all-web-cpu',
      DatapointsToAlarm: 2,
      TreatMissingData: 'breaching',
    });
    const scaleIn = exampleFleet.replace('threshold: 30', 'treatMissingData: breaching, threshold: 30');
    expect(() => synthesize(scaleIn)).toThrow('missing data must never scale in');
  });
});

it('says when a server does not pass its health checks', () => {
  business.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'UnHealthyHostCount',
    Threshold: 0,
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ 'Fn::ImportValue': Match.stringLikeRegexp('onalarm') }],
  });
});

it('makes none for a group without rules and without a load balancer', () => {
  const quiet = synthesize(`name: quiet\ngroups:\n  web:${plainGroup}\n`);
  quiet.template('quiet-web').resourceCountIs('AWS::CloudWatch::Alarm', 0);
});
