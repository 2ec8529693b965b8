import * as schemas from '@aws-sdk/client-s3';
import type { CloudContext } from '../cloud-context.ts';
import {
  type AuthorizationTarget,
  type Operation,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { Bucket, type StoredObject } from './bucket.ts';
import { bucketTypes } from './bucket-types.ts';
import { listObjects } from './listing.ts';

/** Lower case letters, digits, hyphens and dots, none of these at an end or beside another dot. */
const bucketName = /^(?=.{3,63}$)[a-z0-9](?:[a-z0-9-]|\.(?!\.))*[a-z0-9]$/;

/** S3: buckets, objects and multipart uploads, path style and virtual-host style. */
export class S3 implements Service {
  readonly signingName = 's3';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: CloudContext;
  readonly #buckets = new Map<string, Bucket>();
  readonly #awaited = new Map<string, (body: Uint8Array) => void>();
  readonly #lent = new Map<string, Uint8Array>();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.operations = {
      ...this.#bucketOperations(),
      ...this.#objectOperations(),
      ...this.#uploadOperations(),
    };
    this.resources = bucketTypes(this, cloud.region);
  }

  authorization(operation: string, input: { Bucket?: string; Key?: string } = {}): AuthorizationTarget[] {
    const action = `s3:${iamActions[operation] ?? operation}`;
    const bucketArn = input.Bucket === undefined ? '*' : `arn:aws:s3:::${input.Bucket}`;
    const deleted = (input as { Delete?: { Objects: { Key: string }[] } }).Delete?.Objects.map(
      ({ Key }) => Key,
    );
    const keys = deleted ?? (input.Key === undefined ? [] : [input.Key]);
    const resources = keys.length > 0 ? keys.map((key) => `${bucketArn}/${key}`) : [bucketArn];
    const { account } = this.#cloud;
    return [
      { action, resources, conditions: { 'aws:ResourceAccount': account, 's3:ResourceAccount': account } },
    ];
  }

  /** The body of the next object that is put there; it is handed over and not kept, and needs no bucket. */
  nextPut(bucketName: string, key: string): Promise<Uint8Array> {
    return new Promise((resolve) => this.#awaited.set(`${bucketName}/${key}`, resolve));
  }

  /** An object in another service's own bucket, which nobody may list; its presigned URL gets it. */
  lend(bucketName: string, key: string, body: Uint8Array): void {
    this.#lent.set(`${bucketName}/${key}`, body);
  }

  /** @throws ServiceError `BucketAlreadyOwnedByYou` */
  create(name: string): Bucket {
    if (!bucketName.test(name))
      throw new ServiceError('InvalidBucketName', 'The specified bucket is not valid.', 400, {
        BucketName: name,
      });
    if (this.#buckets.has(name)) {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      throw new ServiceError('BucketAlreadyOwnedByYou', message, 409, { BucketName: name });
    }
    const bucket = new Bucket(name, this.#cloud.eventQueue.now());
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** @throws ServiceError `NoSuchBucket` */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) {
      throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, {
        BucketName: name,
      });
    }
    return bucket;
  }

  /** @throws ServiceError `NoSuchBucket`, `BucketNotEmpty` */
  delete(name: string): void {
    if (this.get(name).objects.size > 0) {
      throw new ServiceError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    }
    this.#buckets.delete(name);
  }

  #bucketOperations(): Record<string, Operation> {
    return {
      CreateBucket: (input) => ({ Location: `/${this.create(input.Bucket).name}` }),
      DeleteBucket: (input) => this.delete(input.Bucket),
      HeadBucket: (input) => {
        if (!this.#buckets.has(input.Bucket)) throw new ServiceError('NotFound', 'Not Found', 404);
        return { BucketRegion: this.#cloud.region };
      },
      ListBuckets: () => ({
        Buckets: [...this.#buckets.values()].map(({ name, createdAt }) => ({
          Name: name,
          CreationDate: new Date(createdAt),
        })),
      }),
      GetBucketLocation: (input) => {
        this.get(input.Bucket);
        const { region } = this.#cloud;
        // Clients know the first region by an empty constraint.
        return region === 'us-east-1' ? {} : { LocationConstraint: region };
      },
      GetBucketEncryption: (input) => {
        const rule = { ApplyServerSideEncryptionByDefault: this.get(input.Bucket).encryption };
        return { ServerSideEncryptionConfiguration: { Rules: [rule] } };
      },
      GetBucketVersioning: (input) => ({ Status: this.get(input.Bucket).versioning }),
      GetBucketPolicy: (input) => {
        const { policy } = this.get(input.Bucket);
        if (policy) return { Policy: policy };
        throw new ServiceError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404);
      },
      PutBucketPolicy: (input) => {
        this.get(input.Bucket).policy = input.Policy;
      },
      DeleteBucketPolicy: (input) => {
        delete this.get(input.Bucket).policy;
      },
    };
  }

  #objectOperations(): Record<string, Operation> {
    return {
      PutObject: (input, { now }) => {
        const body: Uint8Array = input.Body ?? new Uint8Array();
        const place = `${input.Bucket}/${input.Key}`;
        const handOver = this.#awaited.get(place);
        if (handOver) {
          this.#awaited.delete(place);
          handOver(body);
          return {};
        }
        const { eTag } = this.get(input.Bucket).put(input.Key, body, input, now);
        return { ETag: eTag };
      },
      GetObject: (input) => {
        const lent = this.#lent.get(`${input.Bucket}/${input.Key}`);
        if (lent) return { Body: lent, ContentLength: lent.length };
        const stored = this.get(input.Bucket).objects.get(input.Key);
        if (stored) return { ...describe(stored), Body: stored.body };
        throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: input.Key });
      },
      HeadObject: (input) => {
        const stored = this.get(input.Bucket).objects.get(input.Key);
        if (stored) return describe(stored);
        throw new ServiceError('NotFound', 'Not Found', 404);
      },
      DeleteObject: (input) => {
        this.get(input.Bucket).objects.delete(input.Key);
      },
      DeleteObjects: (input) => {
        const bucket = this.get(input.Bucket);
        const keys: { Key: string }[] = input.Delete.Objects;
        for (const { Key } of keys) bucket.objects.delete(Key);
        return { Deleted: input.Delete.Quiet ? [] : keys };
      },
      ListObjectsV2: (input) => listObjects(this.get(input.Bucket), input),
    };
  }

  #uploadOperations(): Record<string, Operation> {
    return {
      CreateMultipartUpload: (input) => {
        const UploadId = this.#cloud.ids.hex(32);
        this.get(input.Bucket).startUpload(UploadId, input.Key, input);
        return { Bucket: input.Bucket, Key: input.Key, UploadId };
      },
      UploadPart: (input) => ({
        ETag: this.get(input.Bucket).putPart(
          input.UploadId,
          input.PartNumber,
          input.Body ?? new Uint8Array(),
        ),
      }),
      CompleteMultipartUpload: (input, { now }) => {
        const { eTag } = this.get(input.Bucket).completeUpload(input.UploadId, now);
        return {
          Bucket: input.Bucket,
          Key: input.Key,
          ETag: eTag,
          Location: `/${input.Bucket}/${input.Key}`,
        };
      },
      AbortMultipartUpload: (input) => this.get(input.Bucket).abortUpload(input.UploadId),
    };
  }
}

/** Operations whose IAM action has another name. */
const iamActions: Readonly<Record<string, string>> = {
  HeadBucket: 'ListBucket',
  ListBuckets: 'ListAllMyBuckets',
  ListObjectsV2: 'ListBucket',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  HeadObject: 'GetObject',
  DeleteObjects: 'DeleteObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
};

function describe(stored: StoredObject) {
  return {
    ContentLength: stored.body.length,
    ContentType: stored.contentType,
    ...(stored.contentEncoding && { ContentEncoding: stored.contentEncoding }),
    ETag: stored.eTag,
    LastModified: new Date(stored.modifiedAt),
    Metadata: stored.metadata,
  };
}
