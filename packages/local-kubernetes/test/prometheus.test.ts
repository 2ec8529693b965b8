import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalPrometheus } from '../src/prometheus.ts';
import { Hours } from './stand.ts';

const start = Date.parse('2026-03-04T00:00:00Z');
let hours: Hours;
let prometheus: LocalPrometheus;
let url: string;
beforeEach(async () => {
  hours = new Hours(start);
  prometheus = new LocalPrometheus(hours);
  url = await prometheus.listen();
  // Two pods of 100 and 50 requests a second, read every 15 seconds.
  for (let scrape = 0; scrape <= 40; scrape++) {
    prometheus.record('http_requests_total', { app: 'web', pod: 'a' }, 5000 + 1500 * scrape);
    prometheus.record('http_requests_total', { app: 'web', pod: 'b' }, 5000 + 750 * scrape);
    prometheus.record('queue_length', { app: 'worker' }, scrape);
    if (scrape < 40) hours.pass(15);
  }
});
afterEach(() => prometheus.close());

async function ask(path: string, parameters: Record<string, string>) {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  // biome-ignore lint/suspicious/noExplicitAny: each answer has its own shape.
  return { code: response.status, body: (await response.json()) as any };
}

describe('a query', () => {
  it.each([
    ['sum(rate(http_requests_total{app="web"}[1m]))', 150],
    ['sum(rate(http_requests_total[1m])) / count(http_requests_total)', 75],
    ['max(rate(http_requests_total{pod=~"a|c"}[5m]))', 100],
    ['queue_length', 40],
    ['queue_length{app!="worker"}', undefined],
    ['2 * (queue_length + 1)', 82],
    ['avg_over_time(queue_length[1m])', 38.5],
  ])('%s is %s', async (query, expected) => {
    const { body } = await ask('query', { query });
    expect(body.data.resultType).toBe('vector');
    const values = body.data.result.map(({ value }: { value: [number, string] }) => Number(value[1]));
    expect(values).toHaveLength(expected === undefined ? 0 : 1);
    if (expected !== undefined) expect(values[0]).toBeCloseTo(expected, 6);
  });

  it('by a label has a sample for each of its values', async () => {
    const { body } = await ask('query', { query: 'sum by (pod) (rate(http_requests_total[1m]))' });
    expect(body.data.result.map(({ metric }: { metric: unknown }) => metric)).toEqual([
      { pod: 'a' },
      { pod: 'b' },
    ]);
  });

  it('of a range has a value for each step', async () => {
    const query = 'sum(rate(http_requests_total[1m]))';
    const range = { start: `${start / 1000 + 120}`, end: `${start / 1000 + 300}`, step: '60' };
    const { body } = await ask('query_range', { query, ...range });
    expect(body.data.resultType).toBe('matrix');
    const { values } = body.data.result[0];
    expect(
      values.map(([at, value]: [number, string]) => [at - start / 1000, Math.round(Number(value))]),
    ).toEqual([120, 180, 240, 300].map((at) => [at, 150]));
  });

  it('that cannot be understood is refused in words', async () => {
    const { code, body } = await ask('query', { query: 'sum(rate(http_requests_total[1m])' });
    expect(code).toBe(400);
    expect(body).toMatchObject({ status: 'error', errorType: 'bad_data' });
    expect(body.error).toContain('parse error: unexpected end of input');
    expect((await ask('query', { query: 'rate(queue_length)' })).body.error).toContain('range vector');
  });
});
