import { GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Instant } from '../../domain/observation.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { minuteMs } from '../../units.ts';
import { clientSettings } from './clients.ts';
import { attempt } from './to-port-error.ts';

/** A role at the other cloud, which the functions take by their own identity. */
interface Role {
  readonly roleArn: string;
}

/** How another cloud has its keys. */
interface KeyForm<R extends Role, K> {
  /** Under what a secret has them. */
  readonly inSecret: readonly (keyof K & string)[];
  /** Who is meant by the functions' token: what the identity provider of that cloud asks for. */
  readonly audience: string;
  /** A temporary key for the token that AWS has signed, which lasts `lastsSeconds`. @throws PortError */
  readonly exchange: (role: R, token: string, region: string, lastsSeconds: number) => Promise<K>;
}

interface Temporary<K> {
  readonly until: Instant;
  readonly key: Promise<K>;
}

/** A temporary key is fetched anew so long before it ends. */
const marginMs = 5 * minuteMs;
const lastsSeconds = 3600;

/**
 * Keys of another cloud: out of a secret, or for the functions' own identity. AWS signs a token that says who they are, and the other
 * cloud gives a temporary key for it, so that no key is stored anywhere.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
 */
export class KeysElsewhere<R extends Role, K> {
  readonly #form: KeyForm<R, K>;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #endpoint: string | undefined;
  /** Made when it is asked for the first time: whose keys are in a secret never asks it. */
  #sts: STSClient | undefined;
  readonly #temporary = new Map<string, Temporary<K>>();

  constructor(form: KeyForm<R, K>, secrets: Secrets, clock: Clock, endpoint?: string) {
    this.#form = form;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#endpoint = endpoint;
  }

  /** @param credentials the name of a secret, or a role @throws PortError */
  async keyFor(credentials: string | R, region: string): Promise<K> {
    if (typeof credentials === 'string')
      return (await this.#secrets.read(credentials, this.#form.inSecret)) as K;
    const known = this.#temporary.get(credentials.roleArn);
    const now = this.#clock.now();
    if (known && now < known.until - marginMs) return known.key;
    const key = this.#assume(credentials, region);
    this.#temporary.set(credentials.roleArn, { until: now + lastsSeconds * 1000, key });
    key.catch(() => this.#temporary.delete(credentials.roleArn));
    return key;
  }

  /**
   * A key was refused: it is not used again. What a secret says by now may be another one; a temporary key is taken anew at the next
   * call. Never throws: what was refused is the better news.
   * @returns undefined: there is no other one now
   */
  async replacementFor(credentials: string | R, refused: K): Promise<K | undefined> {
    if (typeof credentials !== 'string') {
      this.#temporary.delete(credentials.roleArn);
      return undefined;
    }
    const { inSecret } = this.#form;
    this.#secrets.forget(credentials);
    try {
      const key = (await this.#secrets.read(credentials, inSecret)) as K;
      return inSecret.some((part) => key[part] !== refused[part]) ? key : undefined;
    } catch {
      return undefined;
    }
  }

  async #assume(role: R, region: string): Promise<K> {
    this.#sts ??= new STSClient(clientSettings({ endpoint: this.#endpoint }));
    const sts = this.#sts;
    const { WebIdentityToken } = await attempt("ask AWS for the functions' identity", () =>
      sts
        .send(
          new GetWebIdentityTokenCommand({
            Audience: [this.#form.audience],
            SigningAlgorithm: 'RS256',
            DurationSeconds: 300,
          }),
        )
        .catch(withAdvice),
    );
    return this.#form.exchange(role, WebIdentityToken!, region, lastsSeconds);
  }
}

/** The account does not vouch for its roles until it is told to. */
function withAdvice(error: unknown): never {
  if ((error as Error).name !== 'OutboundWebIdentityFederationDisabledException') throw error;
  throw new PortError(
    'Denied',
    "AWS vouches for no role of the account: aws iam enable-outbound-web-identity-federation, and see the cloud's page on credentials",
    { cause: error },
  );
}
