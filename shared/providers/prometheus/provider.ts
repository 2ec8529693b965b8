import { SignatureV4 } from '@smithy/signature-v4';
import type { Instant, Reading } from '../../domain/observation.ts';
import { newestEnd } from '../../domain/periods.ts';
import { isPrometheus, managedRegion, type PrometheusQuery } from '../../fleet/prometheus.ts';
import type { AskedMetric, Metrics } from '../../ports/metrics.ts';
import { PortError } from '../../ports/port-error.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { AwsSecrets } from '../aws/secrets.ts';
import type { Opening } from '../opening.ts';
import { overHttp } from '../over-http.ts';
import { standIn } from '../stand-in.ts';
import { pointsOf } from './answer.ts';

type Signing = Pick<ConstructorParameters<typeof SignatureV4>[0], 'credentials' | 'sha256'>;

/** Metrics that the fleet file asks of a Prometheus, for groups of any kind. */
export function open({ clients, clock }: Pick<Opening, 'clients' | 'clock'>, endpoint?: string): Metrics {
  const { credentials, sha256 } = clients.cloudWatch.config;
  const secrets = new AwsSecrets(clock, endpoint);
  return new PrometheusMetrics(secrets, { credentials, sha256 }, standIn('prometheus', process.env));
}

/** @see https://prometheus.io/docs/prometheus/latest/querying/api/ */
export class PrometheusMetrics implements Metrics {
  readonly #secrets: Secrets;
  readonly #signing: Signing;
  readonly #via: URL | undefined;

  constructor(secrets: Secrets, signing: Signing, via?: URL | undefined) {
    this.#secrets = secrets;
    this.#signing = signing;
    this.#via = via;
  }

  async latest(asked: readonly AskedMetric[], now: Instant): Promise<readonly Reading[]> {
    const read = await each(asked, async ({ use }) => {
      const periodMs = use.periodSeconds * 1000;
      const end = newestEnd(use.periodSeconds, now, false);
      const value = (await this.#range(use.metric, end - periodMs, end, periodMs))[0]!;
      const reading: Reading = Number.isNaN(value)
        ? { known: false, why: 'missing' }
        : { known: true, value, at: end - periodMs };
      return reading;
    });
    return read.map((one): Reading => one ?? { known: false, why: 'failed' });
  }

  async history(asked: readonly AskedMetric[], from: Instant, to: Instant) {
    return each(asked, ({ use }) => this.#range(use.metric, from, to, use.periodSeconds * 1000));
  }

  /** The value at the end of each period: the query itself says what it covers. NaN: unknown. */
  async #range(metric: unknown, from: Instant, to: Instant, stepMs: number): Promise<Float64Array> {
    if (!isPrometheus(metric)) throw new PortError('Invalid', 'expected a metric of a Prometheus');
    const { prometheus } = metric;
    const values = new Float64Array(Math.max(0, Math.floor((to - from) / stepMs))).fill(Number.NaN);
    const what = `query ${prometheus.query.slice(0, 100)}`;
    const parameters = {
      query: prometheus.query,
      start: `${(from + stepMs) / 1000}`,
      end: `${to / 1000}`,
      step: `${stepMs / 1000}`,
    };
    const url = new URL(
      `${prometheus.url.replace(/\/$/, '')}/api/v1/query_range?${new URLSearchParams(parameters)}`,
    );
    // Who checks a signature takes a plus for a plus, and the signature has the blank that it stands for.
    url.search = url.search.replaceAll('+', '%20');
    const headers = await this.#headers(prometheus, url);
    const { status, body } = await overHttp({ what, method: 'GET', url, headers, via: this.#via });
    if (status === 401)
      for (const name of [prometheus.token, prometheus.basic]) if (name) this.#secrets.forget(name);
    for (const [seconds, text] of pointsOf(`${what} at ${url.host}`, status, body)) {
      const index = Math.round((seconds * 1000 - from) / stepMs) - 1;
      const value = Number(text);
      if (index >= 0 && index < values.length && Number.isFinite(value)) values[index] = value;
    }
    return values;
  }

  async #headers(
    { url: base, token, basic, sigv4 }: PrometheusQuery,
    url: URL,
  ): Promise<Record<string, string>> {
    if (token !== undefined) {
      const found = await this.#secrets.read(token, ['token']);
      return { authorization: `Bearer ${found.token}` };
    }
    if (basic !== undefined) {
      const { username, password } = await this.#secrets.read(basic, ['username', 'password']);
      return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
    }
    if (!sigv4) return {};
    const signer = new SignatureV4({ ...this.#signing, region: managedRegion(base)!, service: 'aps' });
    const { headers } = await signer.sign({
      method: 'GET',
      protocol: 'https:',
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host },
    });
    return headers;
  }
}

/** What could not be read is null. @throws PortError the first failure, when all failed */
async function each<T>(
  asked: readonly AskedMetric[],
  read: (one: AskedMetric) => Promise<T>,
): Promise<(T | null)[]> {
  const outcomes = await Promise.allSettled(asked.map(read));
  const failed = outcomes.find((one) => one.status === 'rejected');
  if (failed && outcomes.every(({ status }) => status === 'rejected')) throw failed.reason;
  return outcomes.map((one) => (one.status === 'fulfilled' ? one.value : null));
}
