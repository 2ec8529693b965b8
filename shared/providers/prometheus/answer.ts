import { PortError } from '../../ports/port-error.ts';

/** A point of time in seconds, and a value in text. */
type Point = readonly [number, string];

interface Answer {
  readonly status?: string;
  readonly error?: string;
  readonly errorType?: string;
  readonly data?: {
    readonly resultType?: string;
    readonly result?: readonly { readonly metric?: object; readonly values?: readonly Point[] }[];
  };
}

/**
 * The points of the one series that a query of a range has; none: nothing was recorded.
 * @throws PortError in words that say what to do about it
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries
 */
export function pointsOf(what: string, status: number, body: string): readonly Point[] {
  if (status === 401 || status === 403)
    throw new PortError('Denied', `it does not accept the credentials: ${what}: status ${status}`);
  const answer = parsed(body);
  if (answer?.status === 'error')
    throw new PortError('Invalid', `${what}: ${answer.errorType}: ${answer.error?.slice(0, 200)}`);
  if (status === 429) throw new PortError('Throttled', `${what}: too many queries`);
  if (status >= 300 || !answer?.data) {
    const shown = JSON.stringify(body.trim().slice(0, 60));
    throw new PortError(
      'Unavailable',
      `${what}: expected an answer of Prometheus, and not status ${status}: ${shown}`,
    );
  }
  const { resultType, result } = answer.data;
  if (resultType !== 'matrix' || !Array.isArray(result))
    throw new PortError('Invalid', `${what}: expected a matrix, and not ${resultType}`);
  if (result.length > 1)
    throw new PortError(
      'Invalid',
      `${what}: expected one series, and not ${result.length}: sum() or max() makes one of them`,
    );
  return result[0]?.values ?? [];
}

function parsed(body: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
