import type { Cloud } from '../cloud.ts';

/**
 * The address of an object in a bucket of a service's own. Signatures are not verified, so there is none.
 * @throws Error when the endpoint does not listen
 */
export function presignedUrl({ endpointUrl, region }: Cloud, bucket: string, key: string): string {
  if (!endpointUrl) throw new Error('presigned URLs need the cloud’s endpoint to listen');
  const signature = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `local/19700101/${region}/s3/aws4_request`,
    'X-Amz-SignedHeaders': 'host',
  });
  return `${endpointUrl}/${bucket}/${key}?${signature}`;
}
