import { GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Instant } from '../../domain/observation.ts';
import type { AlibabaCredentials } from '../../fleet/alibaba.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { minuteMs } from '../../units.ts';
import { clientSettings } from '../aws/clients.ts';
import { attempt } from '../aws/to-port-error.ts';
import { askAlibaba } from './api.ts';
import type { AlibabaKey } from './sign.ts';

interface Temporary {
  readonly until: Instant;
  readonly key: Promise<AlibabaKey>;
}

/** A temporary key is fetched anew so long before it ends. */
const marginMs = 5 * minuteMs;
const lastsSeconds = 3600;
/** Who is meant by the functions' token: the client id that the OIDC provider of Alibaba Cloud names. */
const audience = 'sts.aliyuncs.com';

interface AssumedRole {
  readonly Credentials: {
    readonly AccessKeyId: string;
    readonly AccessKeySecret: string;
    readonly SecurityToken: string;
  };
}

/**
 * Keys of Alibaba Cloud: out of a secret, or for the functions' own identity. AWS signs a token that says who they are, and
 * Alibaba Cloud gives a temporary key for it, so that no key is stored anywhere.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc
 */
export class AlibabaKeys {
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
  async keyFor(credentials: AlibabaCredentials, region: string): Promise<AlibabaKey> {
    if (typeof credentials === 'string')
      return this.#secrets.read(credentials, ['accessKeyId', 'accessKeySecret']);
    const known = this.#temporary.get(credentials.roleArn);
    const now = this.#clock.now();
    if (known && now < known.until - marginMs) return known.key;
    const key = this.#assume(credentials, region);
    this.#temporary.set(credentials.roleArn, { until: now + lastsSeconds * 1000, key });
    key.catch(() => this.#temporary.delete(credentials.roleArn));
    return key;
  }

  /** It was refused: the next call looks whether there is another one. */
  forget(credentials: AlibabaCredentials): void {
    if (typeof credentials === 'string') this.#secrets.forget(credentials);
    else this.#temporary.delete(credentials.roleArn);
  }

  async #assume(
    { roleArn, providerArn }: Exclude<AlibabaCredentials, string>,
    region: string,
  ): Promise<AlibabaKey> {
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
      action: 'AssumeRoleWithOIDC',
      region,
      input: {
        OIDCProviderArn: providerArn,
        OIDCToken: WebIdentityToken,
        RoleArn: roleArn,
        RoleSessionName: 'rushhour',
        DurationSeconds: lastsSeconds,
      },
    } as const;
    const { Credentials } = await askAlibaba<AssumedRole>(call, undefined, this.#clock, this.#via);
    const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: token } = Credentials;
    return { accessKeyId, accessKeySecret, token };
  }
}
