import type { Cloud } from '../cloud.ts';
import type { S3 } from '../s3/s3.ts';

/** Where custom resources put their answers: presigned URLs into a bucket of CloudFormation's own. */
export class AnswerBox {
  readonly #cloud: Cloud;
  readonly #s3: S3;

  constructor(cloud: Cloud, s3: S3) {
    this.#cloud = cloud;
    this.#s3 = s3;
  }

  /** A URL to put one answer to, and the promise of what is put there. */
  receive(key: string): { url: string; body: Promise<string> } {
    const { endpointUrl, region } = this.#cloud;
    if (!endpointUrl) throw new Error('custom resources need the cloud’s endpoint to listen');
    const bucket = `cloudformation-custom-resource-response-${region.replaceAll('-', '')}`;
    const signature = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `local/19700101/${region}/s3/aws4_request`,
      'X-Amz-SignedHeaders': 'host',
    });
    const body = this.#s3.nextPut(bucket, key).then((bytes) => Buffer.from(bytes).toString('utf8'));
    return { url: `${endpointUrl}/${bucket}/${key}?${signature}`, body };
  }
}
