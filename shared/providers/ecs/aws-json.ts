import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SignatureV4 } from '@smithy/signature-v4';
import type { PortError } from '../../ports/port-error.ts';
import { backOff } from '../aws/back-off.ts';
import { toPortError } from '../aws/to-port-error.ts';
import { overHttp } from '../over-http.ts';

type Like = ElasticLoadBalancingV2Client['config'];

/** By operation: what is asked, and what is answered. */
type Operations = Readonly<Record<string, readonly [object, object]>>;

/** Which service of AWS is called. */
interface AwsService {
  /** As it signs, and as its host begins. */
  readonly name: string;
  /** What stands before the operation in `X-Amz-Target`. */
  readonly target: string;
  /** Where it is; default: where the functions are. */
  readonly region?: string | undefined;
  /** It is asked there, and not where AWS has it. */
  readonly endpoint?: string | undefined;
}

/** As often as the SDK's clients of the functions try. */
const attemptsAtMost = 4;
const apart: ReadonlySet<string> = new Set(['Throttled', 'Unavailable']);

/**
 * A service of AWS that speaks JSON 1.1, called without a client of the SDK: two of those would be 150 kB beside each function.
 * Region, credentials and the names of hosts come from a client that the functions have anyway.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export class AwsJson<O extends Operations> {
  readonly #like: Like;
  readonly #service: AwsService;

  constructor({ config }: ElasticLoadBalancingV2Client, service: AwsService) {
    this.#like = config;
    this.#service = service;
  }

  /** @param what is tried, for the message @throws PortError */
  async call<K extends keyof O & string>(what: string, operation: K, input: O[K][0]): Promise<O[K][1]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#once(what, operation, JSON.stringify(input, withSeconds))) as O[K][1];
      } catch (error) {
        if (attempt >= attemptsAtMost || !apart.has((error as PortError).code)) throw error;
        await backOff(attempt);
      }
    }
  }

  async #once(what: string, operation: string, body: string): Promise<object> {
    const { name, target, endpoint } = this.#service;
    const { credentials, sha256 } = this.#like;
    const region = this.#service.region ?? (await this.#like.region());
    const url = endpoint === undefined ? await urlOf(this.#like, name, region) : new URL(endpoint);
    const signed = await new SignatureV4({ credentials, sha256, region, service: name }).sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: '/',
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${target}.${operation}`,
      },
      body,
    });
    const answer = await overHttp({ what, method: 'POST', url, headers: signed.headers, body });
    if (answer.status === 200) return JSON.parse(answer.body, withDates);
    throw toPortError(what, failureOf(answer));
  }
}

/** Where a service of AWS is. Load balancing has hosts in every partition, named alike. */
export async function urlOf(like: Like, service: string, region: string): Promise<URL> {
  const { url } = like.endpointProvider({
    Region: region,
    UseFIPS: await like.useFipsEndpoint(),
    UseDualStack: await like.useDualstackEndpoint(),
  });
  return new URL(url.href.replace('elasticloadbalancing', service));
}

/** Instants are seconds on the wire, and were made text before this sees them. */
function withSeconds(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const given = this[key];
  return given instanceof Date ? given.getTime() / 1000 : value;
}

/** Instants are seconds on the wire; all that we read are called so. */
function withDates(key: string, value: unknown): unknown {
  return typeof value === 'number' && key.endsWith('At') ? new Date(value * 1000) : value;
}

/** An error as the SDK would throw it. */
function failureOf({ status, body }: { readonly status: number; readonly body: string }): object {
  const $metadata = { httpStatusCode: status };
  try {
    const { __type = '', message, Message } = JSON.parse(body);
    const name = String(__type).split('#').at(-1) || 'Error';
    return { name, message: message ?? Message ?? '', $metadata };
  } catch {
    return { name: `${status}`, message: body.slice(0, 200), $metadata };
  }
}
