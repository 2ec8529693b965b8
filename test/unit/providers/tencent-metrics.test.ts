import { ApiError } from '@rushhour/local-tencent/api-error';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TencentMetrics } from '../../../shared/providers/tencent/metrics.ts';
import { openTencent, type TencentThere } from '../../kit/tencent-there.ts';

const minuteMs = 60_000;
const balancer = { LoadBalancerId: 'lb-1', ListenerId: 'lbl-1', LocationId: 'loc-1' };
let there: TencentThere;

beforeEach(async () => {
  there = await openTencent();
});

afterEach(() => there.endpoint.close());

function addGroup(settings: object = {}, id: string = there.settings.scalingGroup): void {
  const { region } = there.settings;
  there.cloud.addGroup({ id, region, minSize: 1, maxSize: 6, desired: 2, ...settings });
}

describe('Metrics of servers', () => {
  beforeEach(() => addGroup());

  function measure(minutes: readonly (readonly number[])[]): void {
    const ids = [...there.cloud.group('asg-00000001').members.keys()];
    for (const [minute, values] of minutes.entries()) {
      const servers = values.flatMap((cpuPercent, index) =>
        Number.isNaN(cpuPercent)
          ? []
          : [[ids[index]!, { cpuPercent, memoryPercent: 1, bytesIn: 60_000_000, bytesOut: 0 }] as const],
      );
      there.cloud.measure(there.start + minute * 60_000, new Map(servers));
    }
    there.timeline.advance((minutes.length + 1) * 60_000);
  }

  it('are the mean of those that have one, by the minute and by longer periods', async () => {
    measure([
      [10, 30],
      [50, Number.NaN],
      [Number.NaN, Number.NaN],
      [80, 100],
    ]);
    const seen = await there.seen();
    const metrics = new TencentMetrics(there.account);
    const end = there.start + 240_000;
    const [minutes, pairs] = [
      await metrics.history([there.asked(seen, 'cpu')], there.start, end),
      await metrics.history([there.asked(seen, 'cpu', 120)], there.start, end),
    ];
    expect([...minutes[0]!]).toEqual([20, 50, Number.NaN, 90]);
    expect([...pairs[0]!]).toEqual([35, 90]);
    expect([
      ...(await metrics.history([there.asked(seen, 'cpu', 120, 'Maximum')], there.start, end))[0]!,
    ]).toEqual([50, 100]);
  });

  it('are in our units, and the newest that is known is told', async () => {
    measure([
      [10, 30],
      [20, 40],
    ]);
    const seen = await there.seen();
    const metrics = new TencentMetrics(there.account);
    const [cpu, network] = await metrics.latest(
      [there.asked(seen, 'cpu'), there.asked(seen, 'networkIn')],
      there.timeline.now(),
    );
    expect(cpu).toEqual({ known: true, value: 30, at: there.start + 60_000 });
    expect(network).toMatchObject({ value: 1_000_000 });
  });

  it('are read once for all rules that go by one of them', async () => {
    measure([[10, 30]]);
    const seen = await there.seen();
    there.endpoint.requests.length = 0;
    await new TencentMetrics(there.account).history(
      [there.asked(seen, 'cpu'), there.asked(seen, 'cpu')],
      there.start,
      there.start + 60_000,
    );
    expect(there.endpoint.requests).toEqual(['monitor:GetMonitorData']);
  });

  it('that cannot be read are unknown, and a metric that nobody measures is none', async () => {
    const seen = await there.seen();
    there.endpoint.disturb = () => new ApiError('InternalError', 'no');
    const metrics = new TencentMetrics(there.account);
    await expect(
      metrics.history([there.asked(seen, 'cpu')], there.start, there.start + 60_000),
    ).rejects.toMatchObject({
      code: 'Unavailable',
    });
    expect(await metrics.history([there.asked(seen, 'disk')], there.start, there.start + 60_000)).toEqual([
      undefined,
    ]);
  });
});

describe('Metrics of load balancers', () => {
  /** So many requests came in each minute, and were answered in so many milliseconds. */
  function came(minutes: readonly (readonly [requests: number, millis?: number])[], id?: string): void {
    for (const [minute, [requests, responseMillis]] of minutes.entries())
      there.cloud.balance(id ?? there.settings.scalingGroup, there.start + minute * minuteMs, {
        requests,
        responseMillis,
      });
  }

  /** What three minutes were, by the metric and the statistic. */
  async function minutes(
    metric: 'requestsPerSecond' | 'responseTime',
    statistic?: string,
    periodSeconds = 60,
  ) {
    there.timeline.advance(5 * minuteMs);
    const seen = await there.seen();
    const end = there.start + 3 * minuteMs;
    const asked = [there.asked(seen, metric, periodSeconds, statistic)];
    const [values] = await new TencentMetrics(there.account).history(asked, there.start, end);
    return values && [...values];
  }

  it.each([
    ['a public one', balancer, 'QCE/LB_PUBLIC'],
    ['one of a private network', { ...balancer, isInternal: true }, 'QCE/LB_PRIVATE'],
  ])('of %s are requests a second, and unknown where it says nothing', async (_, at, namespace) => {
    addGroup({ balancer: at });
    came([[600], [0], [1200]]);
    const bodies: string[] = [];
    there.endpoint.disturb = (_, action, body) => {
      if (action === 'GetMonitorData') bodies.push(body);
      return undefined;
    };
    expect(await minutes('requestsPerSecond')).toEqual([10, Number.NaN, 20]);
    expect(bodies.map((body) => JSON.parse(body))).toMatchObject([
      { Namespace: namespace, MetricName: 'TotalReq' },
    ]);
  });

  it('are a rate over longer periods too, whatever the statistic is called', async () => {
    addGroup({ balancer });
    came([[600], [1200], [1800]]);
    expect(await minutes('requestsPerSecond', 'Sum', 180)).toEqual([20]);
  });

  it('of one location among several at a listener are those of the location alone', async () => {
    addGroup({ balancer });
    addGroup({ balancer: { ...balancer, LocationId: 'loc-2', Url: '/api' } }, 'asg-00000002');
    came([[600], [600], [600]]);
    came([[60_000], [60_000], [60_000]], 'asg-00000002');
    expect(await minutes('requestsPerSecond')).toEqual([10, 10, 10]);
  });

  it('of a listener of the fourth layer are new connections, and no response times', async () => {
    const { LocationId: _, ...fourthLayer } = balancer;
    addGroup({ balancer: fourthLayer });
    came([[60], [120], [180]]);
    expect(await minutes('requestsPerSecond')).toEqual([1, 2, 3]);
    await expect(minutes('responseTime')).rejects.toThrow('only listeners of HTTP and HTTPS do');
  });

  it('have response times in seconds', async () => {
    addGroup({ balancer });
    came([[60, 100], [60, 300], [60]]);
    expect(await minutes('responseTime')).toEqual([0.1, 0.3, Number.NaN]);
    expect(await minutes('responseTime', 'Maximum', 180)).toEqual([0.3]);
  });

  it('are none of a group without a balancer, and unread where the balancer is gone', async () => {
    addGroup();
    expect(await minutes('requestsPerSecond')).toBeUndefined();
    const seen = { ...(await there.seen()), trafficSources: ['lb-9/lbl-9'] };
    const asked = [there.asked(seen, 'requestsPerSecond')];
    const reading = new TencentMetrics(there.account).latest(asked, there.timeline.now());
    await expect(reading).rejects.toThrow('there is no listener lb-9/lbl-9');
  });
});

it('any metric of the monitor can be named, with its dimensions', async () => {
  addGroup({ balancer });
  there.cloud.balance(there.settings.scalingGroup, there.start, { requests: 600 });
  there.timeline.advance(3 * minuteMs);
  const metric = {
    namespace: 'QCE/LB_PUBLIC',
    metricName: 'TotalReq',
    dimensions: { vip: '203.0.113.1' },
    statistic: 'Average',
    perServer: false,
  };
  const asked = [there.asked(await there.seen(), metric)];
  const [values] = await new TencentMetrics(there.account).history(
    asked,
    there.start,
    there.start + minuteMs,
  );
  expect([...values!]).toEqual([10]);
});
