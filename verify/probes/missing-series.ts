import { GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Bench } from '../bench.ts';
import { expectEqual } from '../differs.ts';
import type { Probe } from '../probe.ts';

const minuteMs = 60_000;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html "Basic arithmetic functions" */
export const missingSeries: Probe = {
  name: 'missing-series',
  fact: 'In metric math a missing value counts as 0, a division by zero gives no point, and FILL fills a series that has none',
  creates: 'a custom metric with one value (CloudWatch keeps it for 15 days)',
  cents: 1,
  run: async (bench) => {
    const at = Math.floor((await bench.now()) / minuteMs) * minuteMs - minuteMs;
    await bench.clients.cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: bench.prefix,
        MetricData: [{ MetricName: 'hosts', Timestamp: new Date(at), Value: 2 }],
      }),
    );
    const values = await bench.eventually('a value of hosts that was put', 600, async () => {
      const found = await compute(bench, at);
      return found['hosts']?.length === 1 && found;
    });
    expectEqual('hosts + silent', values['sum'], [2]);
    expectEqual('hosts / silent', values['quotient'], []);
    expectEqual('FILL(silent, 0) * hosts / hosts', values['filled'], [0]);
    return 'With hosts = 2 and nothing of silent: hosts + silent = 2, hosts / silent has no point, FILL(silent, 0) * hosts / hosts = 0';
  },
};

async function compute(bench: Bench, at: number): Promise<Record<string, number[]>> {
  const metric = (Id: string) => ({
    Id,
    MetricStat: { Metric: { Namespace: bench.prefix, MetricName: Id }, Period: 60, Stat: 'Sum' },
  });
  const { MetricDataResults = [] } = await bench.clients.cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(at),
      EndTime: new Date(at + minuteMs),
      MetricDataQueries: [
        metric('hosts'),
        metric('silent'),
        { Id: 'sum', Expression: 'hosts + silent' },
        { Id: 'quotient', Expression: 'hosts / silent' },
        { Id: 'filled', Expression: 'FILL(silent, 0) * hosts / hosts' },
      ],
    }),
  );
  return Object.fromEntries(MetricDataResults.map(({ Id, Values = [] }) => [Id!, Values]));
}
