import { GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Instant } from '../../domain/observation.ts';
import type { TencentCredentials } from '../../fleet/tencent.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { minuteMs } from '../../units.ts';
import { clientSettings } from '../aws/clients.ts';
import { attempt } from '../aws/to-port-error.ts';
import { askTencent } from './api.ts';
import type { TencentKey } from './sign.ts';

interface Temporary {
  readonly until: Instant;
  readonly key: Promise<TencentKey>;
}

/** A temporary key is fetched anew so long before it ends. */
const marginMs = 5 * minuteMs;
const lastsSeconds = 3600;
/** Who is meant by the functions' token. The identity provider of Tencent Cloud asks for it. */
const audience = 'tencentcloud';

interface AssumedRole {
  readonly Credentials: {
    readonly TmpSecretId: string;
    readonly TmpSecretKey: string;
    readonly Token: string;
  };
}

/**
 * Keys of Tencent Cloud: out of a secret, or for the functions' own identity. AWS signs a token that says who they are, and
 * Tencent Cloud gives a temporary key for it, so that no key is stored anywhere.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
 * @see https://www.tencentcloud.com/document/api/1180/54198
 */
export class TencentKeys {
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #via: URL | undefined;
  readonly #sts: STSClient;
  readonly #temporary = new Map<string, Temporary>();

  constructor(secrets: Secrets, clock: Clock, via: URL | undefined, endpoint?: string) {
    this.#secrets = secrets;
    this.#clock = clock;
    this.#via = via;
    this.#sts = new STSClient(clientSettings({ endpoint }));
  }

  /** @throws PortError */
  async keyFor(credentials: TencentCredentials, region: string): Promise<TencentKey> {
    if (typeof credentials === 'string') return this.#secrets.read(credentials, ['secretId', 'secretKey']);
    const known = this.#temporary.get(credentials.roleArn);
    const now = this.#clock.now();
    if (known && now < known.until - marginMs) return known.key;
    const key = this.#assume(credentials, region);
    this.#temporary.set(credentials.roleArn, { until: now + lastsSeconds * 1000, key });
    key.catch(() => this.#temporary.delete(credentials.roleArn));
    return key;
  }

  /** It was refused: the next call looks whether there is another one. */
  forget(credentials: TencentCredentials): void {
    if (typeof credentials === 'string') this.#secrets.forget(credentials);
    else this.#temporary.delete(credentials.roleArn);
  }

  async #assume(
    { roleArn, providerId }: Exclude<TencentCredentials, string>,
    region: string,
  ): Promise<TencentKey> {
    const { WebIdentityToken } = await attempt("ask AWS for the functions' identity", () =>
      this.#sts.send(
        new GetWebIdentityTokenCommand({
          Audience: [audience],
          SigningAlgorithm: 'RS256',
          DurationSeconds: 300,
        }),
      ),
    );
    const call = {
      what: `take the role ${roleArn}`,
      service: 'sts',
      action: 'AssumeRoleWithWebIdentity',
      region,
      input: {
        ProviderId: providerId,
        WebIdentityToken,
        RoleArn: roleArn,
        RoleSessionName: 'rushhour',
        DurationSeconds: lastsSeconds,
      },
    } as const;
    const { Credentials } = await askTencent<AssumedRole>(call, undefined, this.#clock, this.#via);
    const { TmpSecretId: secretId, TmpSecretKey: secretKey, Token: token } = Credentials;
    return { secretId, secretKey, token };
  }
}
