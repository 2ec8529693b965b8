import type { Cloud } from '../cloud.ts';
import { presignedUrl } from '../s3/presigned-url.ts';
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
    const bucket = `cloudformation-custom-resource-response-${this.#cloud.region.replaceAll('-', '')}`;
    const url = presignedUrl(this.#cloud, bucket, key);
    const body = this.#s3.nextPut(bucket, key).then((bytes) => Buffer.from(bytes).toString('utf8'));
    return { url, body };
  }
}
