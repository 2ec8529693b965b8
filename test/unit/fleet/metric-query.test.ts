import { describe, expect, it } from 'vitest';
import { type MeasuredGroup, metricQuery } from '../../../shared/fleet/metric-query.ts';
import { type NamedMetric, namedMetrics } from '../../../shared/fleet/rule.ts';

const bare: MeasuredGroup = { scalingGroup: 'lunch-business', detailedMonitoring: true };
const behind = (kind: 'application' | 'network'): MeasuredGroup => ({
  ...bare,
  loadBalancer: {
    kind,
    fullName: `${kind === 'application' ? 'app' : 'net'}/lunch/50dc6c495c0c9188`,
    targetGroup: 'targetgroup/lunch/943f017f100becff',
  },
});

describe('a metric of the fleet file', () => {
  it.each(Object.keys(namedMetrics) as NamedMetric[])('%s is found in CloudWatch', (metric) => {
    const query = metricQuery({ metric, periodSeconds: 60 }, behind('application'), 'q');
    expect(query).toMatchObject({ id: 'q', periodSeconds: 60 });
    expect(query.metricName).not.toBe('');
  });

  it('cpu is EC2’s average over the group', () => {
    expect(metricQuery({ metric: 'cpu', periodSeconds: 300 }, bare)).toMatchObject({
      namespace: 'AWS/EC2',
      metricName: 'CPUUtilization',
      dimensions: { AutoScalingGroupName: 'lunch-business' },
      statistic: 'Average',
      divisor: 1,
    });
  });

  it('requestsPerSecond is a count over the period, whose silence is 0 where hosts were counted', () => {
    expect(
      metricQuery({ metric: 'requestsPerSecond', periodSeconds: 300 }, behind('application')),
    ).toMatchObject({
      namespace: 'AWS/ApplicationELB',
      metricName: 'RequestCount',
      dimensions: {
        LoadBalancer: 'app/lunch/50dc6c495c0c9188',
        TargetGroup: 'targetgroup/lunch/943f017f100becff',
      },
      statistic: 'Sum',
      zeroIf: { spoke: { metricName: 'HealthyHostCount' } },
      divisor: 300,
    });
  });

  it('requestsPerSecond behind a network load balancer counts new connections', () => {
    expect(metricQuery({ metric: 'requestsPerSecond', periodSeconds: 60 }, behind('network'))).toMatchObject({
      namespace: 'AWS/NetworkELB',
      metricName: 'NewFlowCount',
      dimensions: { LoadBalancer: 'net/lunch/50dc6c495c0c9188' },
    });
  });

  it('network traffic is per second, whichever way EC2 measures', () => {
    const divisor = (group: MeasuredGroup, statistic?: string) =>
      metricQuery({ metric: 'networkIn', statistic, periodSeconds: 300 }, group).divisor;
    expect(divisor(bare)).toBe(60);
    expect(divisor({ ...bare, detailedMonitoring: false })).toBe(300);
    expect(divisor(bare, 'Sum')).toBe(300);
  });

  it('takes the statistic that the rule asks for', () => {
    const query = metricQuery(
      { metric: 'responseTime', statistic: 'p99', periodSeconds: 60 },
      behind('application'),
    );
    expect(query.statistic).toBe('p99');
  });

  it.each([
    ['responseTime', behind('network')],
    ['requestsPerTarget', bare],
  ] as const)('%s that nobody measures is refused', (metric, group) => {
    expect(() => metricQuery({ metric, periodSeconds: 60 }, group)).toThrow(RangeError);
  });

  it('of one’s own is passed on as it is', () => {
    const metric = {
      namespace: 'Orders',
      metricName: 'Queued',
      dimensions: { Shop: 'one' },
      statistic: 'Maximum',
      perServer: false,
    };
    expect(metricQuery({ metric, periodSeconds: 60 }, bare)).toEqual({
      id: 'm',
      namespace: 'Orders',
      metricName: 'Queued',
      dimensions: { Shop: 'one' },
      statistic: 'Maximum',
      periodSeconds: 60,
      divisor: 1,
    });
  });
});
