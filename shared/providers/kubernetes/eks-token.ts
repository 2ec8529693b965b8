import { SignatureV4 } from '@smithy/signature-v4';

type Settings = ConstructorParameters<typeof SignatureV4>[0];

/** As whom it is signed, and where. */
export type Signing = Pick<Settings, 'credentials' | 'region' | 'sha256'>;

/** The token lives 15 minutes, by the time in its signature; the URL itself need not. */
const urlSeconds = 60;

/**
 * A bearer token of EKS: a presigned `GetCallerIdentity` that names the cluster in a header which is signed, so that it is of no
 * use for another.
 * @param region as a string: it is a part of the host
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 */
export async function eksToken(
  cluster: string,
  region: string,
  signing: Signing,
  now: Date,
): Promise<string> {
  const signer = new SignatureV4({ ...signing, service: 'sts' });
  const hostname = `sts.${region}.${/^cn-/.test(region) ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
  const request = {
    method: 'GET',
    protocol: 'https:',
    hostname,
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host: hostname, 'x-k8s-aws-id': cluster },
  };
  const signed = await signer.presign(request, {
    signingDate: now,
    expiresIn: urlSeconds,
    unsignableHeaders: new Set(),
    unhoistableHeaders: new Set(['x-k8s-aws-id']),
  });
  const query = new URLSearchParams(signed.query as Record<string, string>);
  const url = `https://${hostname}/?${query}`;
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}
