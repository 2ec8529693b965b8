import { expect, it } from 'vitest';
import type { MetricQuery } from '../../shared/fleet/metric-query.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import type { AskedUse } from '../../shared/ports/metrics.ts';
import { contract, metricsContract } from './contract.ts';
import { start, type UnderTest } from './implementation.ts';

const minuteMs = 60_000;
const cpu: MetricQuery = {
  id: 'business cpu@60',
  namespace: 'Test/EC2',
  metricName: 'CPUUtilization',
  dimensions: { AutoScalingGroupName: 'business' },
  statistic: 'Average',
  periodSeconds: 60,
  divisor: 1,
};
const hosts: MetricQuery = { ...cpu, id: 'hosts', metricName: 'HealthyHostCount', statistic: 'Maximum' };
const requests: MetricQuery = {
  ...cpu,
  id: 'business requestsPerSecond@60',
  metricName: 'RequestCount',
  statistic: 'Sum',
  divisor: 60,
  zeroIf: { spoke: hosts },
};
const responseTime: MetricQuery = {
  ...cpu,
  id: 'business responseTime@60',
  metricName: 'TargetResponseTime',
  zeroIf: { spoke: hosts, denied: requests },
};

contract('The series behind the metrics', (tested) => {
  it('read the newest complete datapoint, not the unfinished one', async () => {
    const world = tested();
    await world.advance(600);
    await world.putMetric(cpu, start + 8 * minuteMs, 40);
    await world.putMetric(cpu, start + 9 * minuteMs, 60);
    await world.putMetric(cpu, start + 10 * minuteMs, 90);
    const now = start + 10 * minuteMs + 30_000;
    const readings = await world.series.latest([cpu], now);
    expect(readings.get(cpu.id)).toEqual({ known: true, value: 60, at: start + 9 * minuteMs });
  });

  it('aggregate as asked over the period, and divide', async () => {
    const world = tested();
    await world.advance(600);
    for (let minute = 0; minute < 5; minute++) {
      await world.putMetric(requests, start + minute * minuteMs, 600 * (minute + 1));
    }
    const query = { ...requests, periodSeconds: 300, divisor: 300 };
    const readings = await world.series.latest([query], start + 8 * minuteMs);
    expect(readings.get(query.id)).toEqual({ known: true, value: 30, at: start });
  });

  it('read periods that end with the last minute that is published as a whole, each length its own', async () => {
    const world = tested();
    await world.advance(1200);
    // The newest of them are still growing, and the next one is not there yet.
    for (let minute = 0; minute < 19; minute++) {
      await world.putMetric(requests, start + minute * minuteMs, minute > 16 ? 100 : 600);
    }
    const lengths = [120, 300, 420, 600];
    const queries = lengths.map((periodSeconds) => ({
      ...requests,
      id: `requests@${periodSeconds}`,
      periodSeconds,
      divisor: periodSeconds,
    }));
    const now = start + 20 * minuteMs + 12_345;
    const readings = await world.series.latest(queries, now);
    for (const { id, periodSeconds } of queries) {
      const at = start + 17 * minuteMs - periodSeconds * 1000;
      expect(readings.get(id)).toEqual({ known: true, value: 10, at });
    }
  });

  it('take silence for unknown, be it that of a gauge or of a count', async () => {
    const world = tested();
    await world.advance(600);
    const readings = await world.series.latest([cpu, requests, responseTime], start + 10 * minuteMs);
    for (const { id } of [cpu, requests, responseTime])
      expect(readings.get(id)).toEqual({ known: false, why: 'missing' });
  });

  it('take the silence of a count for 0 where its load balancer has spoken of the period', async () => {
    const world = tested();
    await world.advance(600);
    for (let minute = 0; minute < 9; minute++) await world.putMetric(hosts, start + minute * minuteMs, 3);
    const readings = await world.series.latest([requests], start + 10 * minuteMs);
    expect(readings.get(requests.id)).toEqual({ known: true, value: 0, at: start + 6 * minuteMs });
  });

  it('take a response time that nobody waited for as 0, and one that nobody was answered in as unknown', async () => {
    const world = tested();
    await world.advance(600);
    for (let minute = 0; minute < 9; minute++) await world.putMetric(hosts, start + minute * minuteMs, 3);
    const now = start + 10 * minuteMs;
    const idle = await world.series.latest([responseTime], now);
    expect(idle.get(responseTime.id)).toMatchObject({ known: true, value: 0 });
    for (let minute = 0; minute < 9; minute++) await world.putMetric(requests, start + minute * minuteMs, 60);
    const unanswered = await world.series.latest([responseTime], now);
    expect(unanswered.get(responseTime.id)).toEqual({ known: false, why: 'missing' });
  });

  it('take no sum for known of which minutes are unknown', async () => {
    const world = tested();
    await world.advance(1200);
    // Publication stops in the middle of the newest period.
    for (let minute = 0; minute < 14; minute++) {
      await world.putMetric(hosts, start + minute * minuteMs, 3);
      await world.putMetric(requests, start + minute * minuteMs, 600);
    }
    const query = { ...requests, periodSeconds: 300, divisor: 300 };
    const readings = await world.series.latest([query], start + 20 * minuteMs);
    expect(readings.get(query.id)).toEqual({ known: true, value: 10, at: start + 7 * minuteMs });
  });

  it('do not take a late publication for silence', async () => {
    const world = tested();
    await world.advance(600);
    await world.putMetric(requests, start + 7 * minuteMs, 6000);
    const readings = await world.series.latest([requests], start + 10 * minuteMs);
    expect(readings.get(requests.id)).toEqual({ known: true, value: 100, at: start + 7 * minuteMs });
  });

  it('do not take an old datapoint for news', async () => {
    const world = tested();
    await world.advance(3600);
    await world.putMetric(cpu, start + minuteMs, 40);
    const readings = await world.series.latest([cpu], start + 60 * minuteMs);
    expect(readings.get(cpu.id)).toEqual({ known: false, why: 'missing' });
  });

  it('read more metrics than one request can hold', async () => {
    const world = tested();
    await world.advance(600);
    const queries = Array.from({ length: 510 }, (_, index) => ({
      ...requests,
      id: `group-${index} requests`,
    }));
    const readings = await world.series.latest(queries, start + 10 * minuteMs);
    expect(readings.size).toBe(510);
  });

  it('give the minutes of a history, with holes where nothing is known', async () => {
    const world = tested();
    await world.advance(600);
    for (const minute of [0, 1, 3]) await world.putMetric(cpu, start + minute * minuteMs, 10 + minute);
    await world.putMetric(requests, start + 2 * minuteMs, 600);
    // The newest two are younger than publication may be late.
    for (const minute of [0, 1, 2, 3, 4]) await world.putMetric(hosts, start + minute * minuteMs, 3);
    const [busy, counted] = await world.series.history([cpu, requests], start, start + 5 * minuteMs);
    expect([...busy!]).toEqual([10, 11, Number.NaN, 13, Number.NaN]);
    expect([...counted!]).toEqual([0, 0, 10, Number.NaN, Number.NaN]);
  });
});

metricsContract('The metrics', (tested, { groupFile, metric }) => {
  const queued = { ...metric, perServer: false, statistic: 'Average' } as const;
  const group = {
    name: 'business',
    scalingGroup: 'business',
    config: readFleet(`name: lunch\ngroups: { business: { ${groupFile}, minSize: 1, maxSize: 6 } }`).groups[
      'business'
    ]!,
  };
  const use = (metric: AskedUse['metric'], periodSeconds = 60) => ({
    key: 'k',
    metric,
    statistic: undefined,
    periodSeconds,
  });
  const series = { ...queued, id: 'q', periodSeconds: 60, divisor: 1 };
  const made = async (world: UnderTest) => {
    await world.makeGroup({ ...group, minSize: 1, maxSize: 6, desired: 1 });
    await world.advance(600);
    const [seen] = (await world.ports.groups.describe(['business'])).values();
    return seen;
  };

  it('answer by group and use, in the order in which they are asked', async () => {
    const world = tested();
    const seen = await made(world);
    await world.putMetric(series, start + 8 * minuteMs, 12);
    const asked = ['requestsPerSecond' as const, queued].map((metric) => ({ group, seen, use: use(metric) }));
    const [none, waiting] = await world.ports.metrics.latest(asked, start + 10 * minuteMs);
    expect(none).toEqual({ known: false, why: 'failed' });
    expect(waiting).toEqual({ known: true, value: 12, at: start + 8 * minuteMs });
    const [never, history] = await world.ports.metrics.history(
      asked,
      start + 7 * minuteMs,
      start + 9 * minuteMs,
    );
    expect(never).toBeUndefined();
    expect([...history!]).toEqual([Number.NaN, 12]);
  });

  it('put minutes together into longer periods, of those that are known', async () => {
    const world = tested();
    const seen = await made(world);
    for (const [minute, value] of [10, 30, 50].entries())
      await world.putMetric(series, start + minute * minuteMs, value);
    const asked = [{ group, seen, use: use(queued, 120) }];
    const [history] = await world.ports.metrics.history(asked, start, start + 6 * minuteMs);
    expect([...history!]).toEqual([20, 50, Number.NaN]);
  });

  it('do not know a metric of which nothing was measured, and read one for several uses', async () => {
    const world = tested();
    const seen = await made(world);
    const now = start + 10 * minuteMs;
    const asked = [60, 60].map((periodSeconds) => ({ group, seen, use: use(queued, periodSeconds) }));
    const missing = { known: false, why: 'missing' };
    expect(await world.ports.metrics.latest(asked, now)).toEqual([missing, missing]);
    await world.putMetric(series, start + 7 * minuteMs, 5);
    const known = { known: true, value: 5, at: start + 7 * minuteMs };
    expect(await world.ports.metrics.latest(asked, now)).toEqual([known, known]);
  });
});
