import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import { overHttp, type Via } from '../over-http.ts';
import { authorizationOf, type TencentKey } from './sign.ts';
import { tencentError } from './tencent-error.ts';

/** Services that we call, and the version of each that we speak. */
const versions = { as: '2018-04-19', clb: '2018-03-17', monitor: '2018-07-24', sts: '2018-08-13' } as const;

type Service = keyof typeof versions;

/** A call of the API. */
export interface TencentCall {
  /** What is tried, for the message. */
  readonly what: string;
  readonly service: Service;
  readonly action: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly Response?: { readonly Error?: { readonly Code: string; readonly Message: string } };
}

const contentType = 'application/json; charset=utf-8';

/**
 * Calls the API of Tencent Cloud.
 * @param key undefined: the call is made without a signature, as that for a first key is
 * @throws PortError
 */
export async function askTencent<T>(
  { what, service, action, region, input }: TencentCall,
  key: TencentKey | undefined,
  clock: Clock,
  via: Via | undefined,
): Promise<T> {
  const host = `${service}.tencentcloudapi.com`;
  const timestamp = Math.floor(clock.now() / 1000);
  const body = JSON.stringify(input);
  const authorization = key ? authorizationOf({ host, action, contentType, body, timestamp }, key) : 'SKIP';
  const { status, body: text } = await overHttp({
    what,
    method: 'POST',
    url: new URL(`https://${host}/`),
    via,
    headers: {
      authorization,
      'content-type': contentType,
      'x-tc-action': action,
      'x-tc-version': versions[service],
      'x-tc-timestamp': `${timestamp}`,
      'x-tc-region': region,
      ...(key?.token === undefined ? {} : { 'x-tc-token': key.token }),
    },
    body,
  });
  const response = responseIn(text);
  if (!response)
    throw new PortError('Unavailable', `${what}: ${host} answers ${status} and no JSON of its API`);
  if (response.Error) throw tencentError(what, service, response.Error.Code, response.Error.Message);
  return response as T;
}

function responseIn(text: string): Answer['Response'] {
  try {
    return (JSON.parse(text) as Answer).Response;
  } catch {
    return undefined;
  }
}
