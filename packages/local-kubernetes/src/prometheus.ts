import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { evaluate, type Labels, type TimeSeries, type Value } from './promql.ts';
import { ParseError, parsePromQl } from './promql-parser.ts';
import type { Instant, Timeline } from './timeline.ts';

interface Series extends TimeSeries {
  readonly samples: { at: Instant; value: number }[];
}

interface Answer {
  readonly code: number;
  readonly body: unknown;
}

const pointsAtMost = 11_000;
const keptMs = 15 * 86_400_000;

/** A Prometheus on the loopback interface: what it was given, and queries of it. */
export class LocalPrometheus {
  readonly #timeline: Timeline;
  readonly #series = new Map<string, Series>();
  readonly #server: Server;
  readonly requests: string[] = [];
  /** Why somebody may not ask, as a status and a text; undefined: he may. */
  refusal: (headers: IncomingHttpHeaders) => { code: number; text: string } | undefined = () => undefined;
  /** Instead of what it knows: a test's hand. */
  disturb: () => 'hang' | { code: number; text: string } | undefined = () => undefined;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 0;
  }

  /** A sample of now. */
  record(name: string, labels: Labels, value: number): void {
    const key = JSON.stringify([name, Object.entries(labels).sort()]);
    const series = this.#series.get(key) ?? { labels: { __name__: name, ...labels }, samples: [] };
    this.#series.set(key, series);
    const at = this.#timeline.now();
    series.samples.push({ at, value });
    while (series.samples[0]!.at < at - keptMs) series.samples.shift();
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local');
    for (const [key, value] of new URLSearchParams(Buffer.concat(chunks).toString()))
      searchParams.set(key, value);
    this.requests.push(pathname);
    const disturbance = this.disturb();
    if (disturbance === 'hang') return;
    const refusal = disturbance ?? this.refusal(request.headers);
    if (refusal) return void response.writeHead(refusal.code).end(refusal.text);
    const { code, body } = this.#answer(pathname, searchParams);
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  /** @see https://prometheus.io/docs/prometheus/latest/querying/api/ */
  #answer(path: string, query: URLSearchParams): Answer {
    try {
      if (path === '/api/v1/query') return success(this.#instant(query));
      if (path === '/api/v1/query_range') return success(this.#range(query));
      return { code: 404, body: '404 page not found' };
    } catch (error) {
      if (!(error instanceof ParseError) && !(error instanceof RangeError)) throw error;
      const told = `invalid parameter "query": ${error.message}`;
      return { code: 400, body: { status: 'error', errorType: 'bad_data', error: told } };
    }
  }

  #instant(query: URLSearchParams) {
    const at = timeOf(query.get('time')) ?? this.#timeline.now();
    const value = evaluate(parsePromQl(query.get('query') ?? ''), [...this.#series.values()], at);
    const point = (of: number) => [at / 1000, textOf(of)];
    if (typeof value === 'number') return { resultType: 'scalar', result: point(value) };
    const result = value.map((sample) => ({ metric: sample.labels, value: point(sample.value) }));
    return { resultType: 'vector', result };
  }

  #range(query: URLSearchParams) {
    const [start, end] = [timeOf(query.get('start')), timeOf(query.get('end'))];
    const stepMs = Number(query.get('step')) * 1000;
    if (start === undefined || end === undefined || !(stepMs > 0))
      throw new RangeError('cannot parse the range');
    if ((end - start) / stepMs > pointsAtMost)
      throw new RangeError(
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      );
    const expression = parsePromQl(query.get('query') ?? '');
    const series = new Map<string, { metric: Labels; values: [number, string][] }>();
    for (let at = start; at <= end; at += stepMs) {
      for (const { labels, value } of samplesOf(evaluate(expression, [...this.#series.values()], at))) {
        const key = JSON.stringify(labels);
        const one = series.get(key) ?? { metric: labels, values: [] };
        series.set(key, one);
        one.values.push([at / 1000, textOf(value)]);
      }
    }
    return { resultType: 'matrix', result: [...series.values()] };
  }
}

function samplesOf(value: Value) {
  return typeof value === 'number' ? [{ labels: {}, value }] : value;
}

function success(data: unknown): Answer {
  return { code: 200, body: { status: 'success', data } };
}

/** Seconds with a fraction, or RFC 3339. */
function timeOf(text: string | null): Instant | undefined {
  if (text === null) return undefined;
  const at = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(at)) throw new RangeError(`cannot parse ${text} to a valid timestamp`);
  return at;
}

/** As Prometheus writes numbers: `+Inf`, `NaN`. */
function textOf(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return `${value}`;
  return value > 0 ? '+Inf' : '-Inf';
}
