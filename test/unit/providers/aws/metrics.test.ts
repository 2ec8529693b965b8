import { describe, expect, it } from 'vitest';
import type { MetricQuery } from '../../../../shared/fleet/metric-query.ts';
import { readFleet } from '../../../../shared/fleet/read-fleet.ts';
import type { AskedMetric } from '../../../../shared/ports/metrics.ts';
import { PortError } from '../../../../shared/ports/port-error.ts';
import type { CloudWatchReader } from '../../../../shared/providers/aws/cloudwatch-reader.ts';
import type { LoadBalancerLookup } from '../../../../shared/providers/aws/load-balancers.ts';
import { AwsMetrics } from '../../../../shared/providers/aws/metrics.ts';

const arn = (resource: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:${resource}`;
const targetGroup = arn('targetgroup/web/1');
const { groups } = readFleet('name: shop\ngroups: { web: { existing: web-asg, minSize: 1, maxSize: 9 } }');
const group = { name: 'web', scalingGroup: 'web-asg', config: groups['web']! };
const seen = {
  name: 'web-asg',
  minSize: 1,
  maxSize: 9,
  desired: 1,
  servers: [],
  suspended: [],
  trafficSources: [targetGroup],
};
const ask = (metric: AskedMetric['use']['metric']): AskedMetric => ({
  group,
  seen,
  use: { key: 'k', metric, statistic: undefined, periodSeconds: 60 },
});

/** Keeps what is asked of CloudWatch, and answers 7 to everything. */
function metricsBehind(balancers: () => Promise<ReadonlyMap<string, string>>) {
  const asked: MetricQuery[] = [];
  const reader = {
    latest: async (queries: readonly MetricQuery[]) => {
      asked.push(...queries);
      return new Map(queries.map(({ id }) => [id, { known: true, value: 7, at: 1 }]));
    },
    history: async (queries: readonly MetricQuery[]) => queries.map(() => Float64Array.of(7)),
  } as unknown as CloudWatchReader;
  return { metrics: new AwsMetrics(reader, { of: balancers } as unknown as LoadBalancerLookup), asked };
}

const known = { known: true, value: 7, at: 1 };
const failed = { known: false, why: 'failed' };

describe('metrics of a group of EC2 Auto Scaling', () => {
  it('are found by the names of the group and of the load balancer that stands there now', async () => {
    const { metrics, asked } = metricsBehind(
      async () => new Map([[targetGroup, arn('loadbalancer/app/web/2')]]),
    );
    await metrics.latest([ask('cpu'), ask('requestsPerTarget'), ask('inServiceServers')], 1);
    expect(asked.map(({ metricName, dimensions }) => ({ metricName, ...dimensions }))).toEqual([
      { metricName: 'CPUUtilization', AutoScalingGroupName: 'web-asg' },
      { metricName: 'RequestCountPerTarget', LoadBalancer: 'app/web/2', TargetGroup: 'targetgroup/web/1' },
      { metricName: 'GroupInServiceInstances', AutoScalingGroupName: 'web-asg' },
    ]);
  });

  it('are unknown where the load balancer has none of them, and the others are there', async () => {
    const { metrics } = metricsBehind(async () => new Map([[targetGroup, arn('loadbalancer/net/web/2')]]));
    expect(await metrics.latest([ask('responseTime'), ask('cpu')], 1)).toEqual([failed, known]);
    expect(await metrics.history([ask('responseTime'), ask('cpu')], 0, 60_000)).toEqual([
      undefined,
      Float64Array.of(7),
    ]);
  });

  it('are there, but for the load balancer’s, when that one cannot be found', async () => {
    const refused = async () => Promise.reject(new PortError('Denied', 'not allowed'));
    const { metrics } = metricsBehind(refused);
    expect(await metrics.latest([ask('requestsPerSecond'), ask('cpu')], 1)).toEqual([failed, known]);
    await expect(metrics.latest([ask('requestsPerSecond')], 1)).rejects.toThrow('not allowed');
  });
});
