import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { Endpoint } from '../src/endpoint.ts';
import { S3 } from '../src/s3/s3.ts';

const Bucket = 'my-bucket';
let endpoint: Endpoint;
let client: S3Client;

beforeEach(async () => {
  const cloud = new Cloud({ start: Date.UTC(2026, 0, 1) });
  cloud.add(new S3(cloud));
  endpoint = new Endpoint(cloud);
  client = new S3Client({
    endpoint: await endpoint.listen(),
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await client.send(new CreateBucketCommand({ Bucket }));
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

async function read(Key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Body!.transformToString();
}

describe('a bucket', () => {
  it('gives back what was put, with what was said of it', async () => {
    const Metadata = { origin: 'test' };
    const put = new PutObjectCommand({
      Bucket,
      Key: 'a b/ü.txt',
      Body: 'hello',
      ContentType: 'text/plain',
      Metadata,
    });
    const { ETag } = await client.send(put);
    expect(await read('a b/ü.txt')).toBe('hello');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a b/ü.txt' }));
    expect(head).toMatchObject({ ContentLength: 5, ContentType: 'text/plain', ETag, Metadata });
  });

  it('joins the parts of an upload in the order of their numbers', async () => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'large' }));
    const upload = { Bucket, Key: 'large', UploadId };
    for (const PartNumber of [2, 1]) {
      await client.send(new UploadPartCommand({ ...upload, PartNumber, Body: `part ${PartNumber};` }));
    }
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [] } }));
    expect(await read('large')).toBe('part 1;part 2;');
  });

  it('lists keys by prefix, folds them at the delimiter and goes on where a page ended', async () => {
    for (const Key of ['x/1', 'x/2', 'y', 'z/3'])
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    const list = (input: object) => client.send(new ListObjectsV2Command({ Bucket, ...input }));
    expect((await list({ Prefix: 'x/' })).Contents!.map(({ Key }) => Key)).toEqual(['x/1', 'x/2']);
    const folded = await list({ Delimiter: '/' });
    expect(folded.CommonPrefixes!.map(({ Prefix }) => Prefix)).toEqual(['x/', 'z/']);
    expect(folded.Contents!.map(({ Key }) => Key)).toEqual(['y']);
    const first = await list({ MaxKeys: 3 });
    expect(first.IsTruncated).toBe(true);
    const second = await list({ MaxKeys: 3, ContinuationToken: first.NextContinuationToken });
    expect(second.Contents!.map(({ Key }) => Key)).toEqual(['z/3']);
    expect(second.IsTruncated).toBe(false);
  });

  it('names what is wrong as S3 does', async () => {
    await expect(read('nothing')).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
    const elsewhere = new GetObjectCommand({ Bucket: 'nowhere', Key: 'a' });
    await expect(client.send(elsewhere)).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(client.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    });
  });

  it('is deleted only when it is empty', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }));
    const remove = new DeleteBucketCommand({ Bucket });
    await expect(client.send(remove)).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a' }] } }));
    await client.send(new DeleteBucketCommand({ Bucket }));
  });

  it('says where it is and how it is encrypted', async () => {
    expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
    const { ServerSideEncryptionConfiguration: configuration } = await client.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    expect(configuration!.Rules![0]!.ApplyServerSideEncryptionByDefault!.SSEAlgorithm).toBe('AES256');
  });
});
