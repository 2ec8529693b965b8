import { LocalPrometheus } from '@rushhour/local-kubernetes/prometheus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFleet } from '../../../../shared/fleet/read-fleet.ts';
import { secretsOf } from '../../../../shared/fleet/secrets-of.ts';
import type { AskedMetric } from '../../../../shared/ports/metrics.ts';
import { PrometheusMetrics } from '../../../../shared/providers/prometheus/provider.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-03-04T00:00:00Z');
let now: number;
let prometheus: LocalPrometheus;
let metrics: PrometheusMetrics;
let forgotten: string[];
let url: string;

beforeEach(async () => {
  now = start;
  prometheus = new LocalPrometheus({ now: () => now, at: () => () => {} });
  url = await prometheus.listen();
  // 150 requests a second of two servers, from the fifth minute on 300, read every 15 seconds.
  let total = 5000;
  for (; now <= start + 10 * minuteMs; now += 15_000) {
    for (const server of ['a', 'b']) prometheus.record('http_requests_total', { server }, total / 2);
    total += 15 * (now < start + 5 * minuteMs ? 150 : 300);
  }
  now = start + 10 * minuteMs;
  forgotten = [];
  const kept: Readonly<Record<string, Record<string, string>>> = {
    bearer: { token: 'let-me-in' },
    basic: { username: 'rush', password: 'hour' },
  };
  const secrets = {
    read: async (name: string) => kept[name] as never,
    forget: (name: string) => void forgotten.push(name),
  };
  metrics = new PrometheusMetrics(secrets, {} as never);
});
afterEach(() => prometheus.close());

function asked(query: string, more: object = {}, periodSeconds = 60): AskedMetric {
  const metric = { prometheus: { url, query, ...more }, perServer: false };
  return {
    group: { name: 'web', scalingGroup: 'web', config: {} as never },
    seen: undefined,
    use: { key: query, metric, statistic: undefined, periodSeconds },
  };
}

const rate = 'sum(rate(http_requests_total[1m]))';

describe('a metric of a Prometheus', () => {
  it('is read for the newest period, and for each of many', async () => {
    const [reading] = await metrics.latest([asked(rate)], now);
    expect(reading).toMatchObject({ known: true, at: now - minuteMs });
    expect(reading).toHaveProperty('value', expect.closeTo(300, 6));
    const [history] = await metrics.history([asked(rate)], start + 2 * minuteMs, now);
    expect([...history!].map(Math.round)).toEqual([150, 150, 150, 300, 300, 300, 300, 300]);
  });

  it('that was not recorded is missing, and no zero', async () => {
    expect(await metrics.latest([asked('sum(nothing)')], now)).toEqual([{ known: false, why: 'missing' }]);
    const [history] = await metrics.history([asked('sum(nothing)')], start, start + 2 * minuteMs);
    expect([...history!]).toEqual([Number.NaN, Number.NaN]);
  });

  it('that cannot be read leaves the others read', async () => {
    const readings = await metrics.latest([asked('sum('), asked(rate)], now);
    expect(readings).toMatchObject([{ known: false, why: 'failed' }, { known: true }]);
  });

  it.each([
    ['sum(', {}, 'Invalid', /bad_data: .*parse error/],
    ['http_requests_total', {}, 'Invalid', /expected one series, and not 2: sum\(\) or max\(\) makes one/],
  ])('asked for by %s is refused in words', async (query, more, code, message) => {
    const refused = metrics.latest([asked(query, more)], now);
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    [
      { code: 200, text: '<html>Sign in</html>' },
      'Unavailable',
      /expected an answer of Prometheus, and not status 200: "<html>Sign in/,
    ],
    [{ code: 503, text: '' }, 'Unavailable', /not status 503/],
    [
      { code: 200, text: '{"status":"success","data":{"resultType":"matrix","result":7}}' },
      'Invalid',
      /expected a matrix/,
    ],
    [{ code: 200, text: 'null' }, 'Unavailable', /expected an answer of Prometheus/],
  ])('answered with %o is told as nonsense', async (answer, code, message) => {
    prometheus.disturb = () => answer;
    const refused = metrics.latest([asked(rate)], now);
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    [{ token: 'bearer' }, 'Bearer let-me-in'],
    [{ basic: 'basic' }, `Basic ${btoa('rush:hour')}`],
  ])('is asked with %o', async (more, authorization) => {
    prometheus.refusal = (headers) =>
      headers.authorization === authorization ? undefined : { code: 401, text: 'Unauthorized' };
    expect(await metrics.latest([asked(rate, more)], now)).toMatchObject([{ known: true }]);
    prometheus.refusal = () => ({ code: 401, text: 'Unauthorized' });
    await expect(metrics.latest([asked(rate, more)], now)).rejects.toMatchObject({ code: 'Denied' });
    // Somebody may have put another one there.
    expect(forgotten).toEqual(Object.values(more));
  });
});

const fleet = (metric: string) => `
name: shop
groups:
  web:
    existing: web
    minSize: 1
    maxSize: 4
    targets: [ { metric: ${metric}, targetValue: 100 } ]
`;

describe('a fleet file', () => {
  it('names a query, and the secret that it is asked with', () => {
    const read = readFleet(
      fleet('{ prometheus: { url: "http://prometheus:9090", query: "sum(up)", token: prom } }'),
    );
    expect(secretsOf(read)).toEqual(['prom']);
  });

  it.each([
    [
      '{ prometheus: { url: "http://prometheus:9090", query: q, token: a, basic: b } }',
      'expected one of token, basic and sigv4 beside token',
    ],
    [
      '{ prometheus: { url: "http://prometheus:9090", query: q, sigv4: true } }',
      'expected that of a workspace',
    ],
    [
      '{ prometheus: { url: "prometheus:9090", query: q } }',
      'expected the URL of a Prometheus, without /api/v1',
    ],
    ['{ prometheus: { url: "http://prometheus:9090" } }', 'query'],
  ])('with %s is refused', (metric, expected) => {
    expect(() => readFleet(fleet(metric))).toThrow(expected);
  });
});
