import { type AlibabaCredentials, alibabaAudience } from '../../fleet/alibaba.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { KeysElsewhere } from '../aws/keys-elsewhere.ts';
import type { Via } from '../over-http.ts';
import { askAlibaba } from './api.ts';
import type { AlibabaKey } from './sign.ts';

interface AssumedRole {
  readonly Credentials: {
    readonly AccessKeyId: string;
    readonly AccessKeySecret: string;
    readonly SecurityToken: string;
  };
}

/**
 * Keys of Alibaba Cloud.
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc
 */
export class AlibabaKeys extends KeysElsewhere<Exclude<AlibabaCredentials, string>, AlibabaKey> {
  constructor(secrets: Secrets, clock: Clock, via: Via | undefined, endpoint?: string) {
    const form = {
      inSecret: ['accessKeyId', 'accessKeySecret'] as const,
      audience: alibabaAudience,
      async exchange(
        { roleArn, providerArn }: Exclude<AlibabaCredentials, string>,
        token: string,
        region: string,
        lastsSeconds: number,
      ): Promise<AlibabaKey> {
        const call = {
          what: `take the role ${roleArn}`,
          service: 'sts',
          action: 'AssumeRoleWithOIDC',
          region,
          input: {
            OIDCProviderArn: providerArn,
            OIDCToken: token,
            RoleArn: roleArn,
            RoleSessionName: 'rushhour',
            DurationSeconds: lastsSeconds,
          },
        } as const;
        const { Credentials } = await askAlibaba<AssumedRole>(call, undefined, clock, via);
        const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken } = Credentials;
        return { accessKeyId, accessKeySecret, token: SecurityToken };
      },
    };
    super(form, secrets, clock, endpoint);
  }
}
