import { randomUUID } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import { overHttp, type Via } from '../over-http.ts';
import { alibabaError } from './alibaba-error.ts';
import { hostOf, type Service, versionOf } from './services.ts';
import { type AlibabaKey, canonicalQuery, queryOf, signedHeaders } from './sign.ts';

/** A call of the API. */
export interface AlibabaCall {
  /** What is tried, for the message. */
  readonly what: string;
  readonly service: Service;
  readonly action: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly Code?: string | number;
  readonly Message?: string;
}

/**
 * Calls the API of Alibaba Cloud.
 * @param key undefined: the call is made without a signature, as that for a first key is
 * @throws PortError
 */
export async function askAlibaba<T>(
  { what, service, action, region, input }: AlibabaCall,
  key: AlibabaKey | undefined,
  clock: Clock,
  via: Via | undefined,
): Promise<T> {
  const host = hostOf(service, region);
  const query = canonicalQuery(queryOf(input));
  const date = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
  const call = { host, action, version: versionOf(service), query, date, nonce: randomUUID() };
  const { status, body } = await overHttp({
    what,
    method: 'POST',
    url: new URL(`https://${host}/?${query}`),
    via,
    headers: { accept: 'application/json', ...signedHeaders(call, key) },
  });
  const answer = answerIn(body);
  if (!answer)
    throw new PortError('Unavailable', `${what}: ${host} answers ${status} and no JSON of its API`);
  // CloudMonitor says 200 under `Code` when all is well, and its errors have the status 200 at times.
  const isWell = status < 300 && (answer.Code === undefined || `${answer.Code}` === '200');
  if (!isWell) throw alibabaError(what, `${answer.Code ?? status}`, answer.Message ?? '');
  return answer as T;
}

function answerIn(text: string): Answer | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
