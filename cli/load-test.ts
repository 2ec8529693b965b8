import autocannon from 'autocannon';

export interface LoadTest {
  readonly url: string;
  /** Connections that ask again as soon as they are answered. */
  readonly users: number;
  readonly durationSeconds: number;
  /** An upper bound of requests a second over all users; undefined: as fast as they are answered. */
  readonly requestsPerSecond?: number | undefined;
}

/** One second of the test. */
export interface LoadSecond {
  readonly second: number;
  readonly requestsPerSecond: number;
  /** Mean latency; undefined while nothing was answered. */
  readonly meanMilliseconds: number | undefined;
}

export interface LoadResult {
  readonly url: string;
  readonly seconds: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly latency: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
  /** Why it was stopped before its time: nobody listens there, or no longer. */
  readonly refused?: string;
}

/** Codes of connections that were never made. */
const nobodyListens: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/**
 * Loads a server until the time is over, `signal` ends it, or nobody listens there; what was measured until then is returned.
 * @throws Error when the address is none that HTTP can reach
 */
export async function runLoadTest(
  test: LoadTest,
  onSecond: (second: LoadSecond) => void,
  signal?: AbortSignal,
): Promise<LoadResult> {
  const { protocol } = new URL(test.url);
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new Error(`expected an http or https address, found ${test.url}`);
  const options = {
    url: test.url,
    connections: test.users,
    duration: test.durationSeconds,
    ...(test.requestsPerSecond ? { overallRate: test.requestsPerSecond } : {}),
  };
  let refused: Error | undefined;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
    let [second, answers, waited] = [0, 0, 0];
    let refusal: Error | undefined;
    const stopIfRefused = () => {
      if (answers > 0 || !refusal) return;
      refused = refusal;
      running.stop();
    };
    running.on('reqError', (error: NodeJS.ErrnoException) => {
      if (nobodyListens.has(error.code ?? '')) refusal = error;
      // Nobody has ever answered. Later, servers may come and go: then a whole second without an answer decides.
      if (second === 0) stopIfRefused();
    });
    running.on('response', (_client, _status, _bytes, responseMilliseconds) => {
      answers++;
      waited += responseMilliseconds;
    });
    running.on('tick', () => {
      stopIfRefused();
      // One more tick comes while the last answers are awaited, and at once when it is ended: nothing was asked in it.
      if (refused || signal?.aborted || ++second > test.durationSeconds) return;
      onSecond({
        second,
        requestsPerSecond: answers,
        meanMilliseconds: answers === 0 ? undefined : waited / answers,
      });
      [answers, waited, refusal] = [0, 0, undefined];
    });
    signal?.addEventListener('abort', () => running.stop(), { once: true });
  });
  const summary = summarize(test.url, result);
  return refused ? { ...summary, refused: refused.message } : summary;
}

function summarize(url: string, result: autocannon.Result): LoadResult {
  const { requests, latency, duration, non2xx, errors, timeouts } = result;
  return {
    url,
    seconds: duration,
    requests: requests.total,
    requestsPerSecond: duration === 0 ? 0 : requests.total / duration,
    latency: { p50: latency.p50, p90: latency.p90, p99: latency.p99, max: latency.max },
    non2xx,
    errors,
    timeouts,
  };
}
