import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eksToken } from '../../../../shared/providers/kubernetes/eks-token.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI', sessionToken: 'session' };
const now = new Date('2026-03-04T11:00:00Z');

class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = secret === undefined ? undefined : Buffer.from(secret as string);
    this.#hash = key ? createHmac('sha256', key) : createHash('sha256');
  }

  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

async function urlOf(cluster: string): Promise<URL> {
  const signing = { credentials, region: 'eu-west-1', sha256: Sha256 as never };
  const token = await eksToken(cluster, 'eu-west-1', signing, now);
  expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
  return new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
}

/** As AWS computes it, written once more from its documentation. */
function expectedSignature({ host, searchParams }: URL, cluster: string): string {
  const query = [...searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .toSorted();
  const empty = createHash('sha256').update('').digest('hex');
  const headers = `host:${host}\nx-k8s-aws-id:${cluster}\n`;
  const canonical = ['GET', '/', query.join('&'), headers, 'host;x-k8s-aws-id', empty].join('\n');
  const scope = '20260304/eu-west-1/sts/aws4_request';
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', '20260304T110000Z', scope, hashed].join('\n');
  const sign = (key: Buffer | string, what: string) => createHmac('sha256', key).update(what).digest();
  const key = ['20260304', 'eu-west-1', 'sts', 'aws4_request'].reduce<Buffer | string>(
    sign,
    `AWS4${credentials.secretAccessKey}`,
  );
  return sign(key, text).toString('hex');
}

describe('a token of EKS', () => {
  it('is a presigned GetCallerIdentity that names the cluster in a signed header', async () => {
    const { host, searchParams } = await urlOf('shop');
    expect(host).toBe('sts.eu-west-1.amazonaws.com');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Credential': 'AKIDEXAMPLE/20260304/eu-west-1/sts/aws4_request',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      'X-Amz-Security-Token': 'session',
      'X-Amz-Expires': '60',
    });
  });

  it('is signed as AWS signs, for this cluster and no other', async () => {
    const url = await urlOf('shop');
    const signature = url.searchParams.get('X-Amz-Signature');
    expect(signature).toBe(expectedSignature(url, 'shop'));
    expect(signature).not.toBe(expectedSignature(url, 'other'));
  });
});
