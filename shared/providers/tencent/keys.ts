import { type TencentCredentials, tencentAudience } from '../../fleet/tencent.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { KeysElsewhere } from '../aws/keys-elsewhere.ts';
import type { Via } from '../over-http.ts';
import { askTencent } from './api.ts';
import type { TencentKey } from './sign.ts';

interface AssumedRole {
  readonly Credentials: {
    readonly TmpSecretId: string;
    readonly TmpSecretKey: string;
    readonly Token: string;
  };
}

/** Keys of Tencent Cloud. @see https://www.tencentcloud.com/document/api/1180/54198 */
export class TencentKeys extends KeysElsewhere<Exclude<TencentCredentials, string>, TencentKey> {
  constructor(secrets: Secrets, clock: Clock, via: Via | undefined, endpoint?: string) {
    const form = {
      inSecret: ['secretId', 'secretKey'] as const,
      audience: tencentAudience,
      async exchange(
        { roleArn, providerId }: Exclude<TencentCredentials, string>,
        token: string,
        region: string,
        lastsSeconds: number,
      ): Promise<TencentKey> {
        const call = {
          what: `take the role ${roleArn}`,
          service: 'sts',
          action: 'AssumeRoleWithWebIdentity',
          region,
          input: {
            ProviderId: providerId,
            WebIdentityToken: token,
            RoleArn: roleArn,
            RoleSessionName: 'rushhour',
            DurationSeconds: lastsSeconds,
          },
        } as const;
        const { Credentials } = await askTencent<AssumedRole>(call, undefined, clock, via);
        const { TmpSecretId: secretId, TmpSecretKey: secretKey, Token } = Credentials;
        return { secretId, secretKey, token: Token };
      },
    };
    super(form, secrets, clock, endpoint);
  }
}
