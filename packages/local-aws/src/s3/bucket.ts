import { createHash } from 'node:crypto';
import { type Instant, ServiceError } from '../service.ts';

export interface StoredObject {
  readonly body: Uint8Array;
  readonly eTag: string;
  readonly modifiedAt: Instant;
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Upload {
  readonly key: string;
  readonly headers: ObjectHeaders;
  readonly parts: Map<number, Uint8Array>;
}

/** What a client may say of an object besides its body. */
export interface ObjectHeaders {
  readonly ContentType?: string;
  readonly ContentEncoding?: string;
  readonly Metadata?: Readonly<Record<string, string>>;
}

/** One bucket: the latest version of each object, whatever `Versioning` says. */
export class Bucket {
  readonly name: string;
  readonly createdAt: Instant;
  readonly objects = new Map<string, StoredObject>();
  readonly #uploads = new Map<string, Upload>();
  policy?: string;
  versioning?: 'Enabled' | 'Suspended';
  encryption: { SSEAlgorithm: string; KMSMasterKeyID?: string | undefined } = { SSEAlgorithm: 'AES256' };

  constructor(name: string, createdAt: Instant) {
    this.name = name;
    this.createdAt = createdAt;
  }

  put(key: string, body: Uint8Array, headers: ObjectHeaders, now: Instant): StoredObject {
    const stored = {
      ...{ body, eTag: `"${createHash('md5').update(body).digest('hex')}"`, modifiedAt: now },
      contentType: headers.ContentType ?? 'application/octet-stream',
      ...(headers.ContentEncoding && { contentEncoding: headers.ContentEncoding }),
      metadata: headers.Metadata ?? {},
    };
    this.objects.set(key, stored);
    return stored;
  }

  startUpload(uploadId: string, key: string, headers: ObjectHeaders): void {
    this.#uploads.set(uploadId, { key, headers, parts: new Map() });
  }

  /** @returns the part's ETag */
  putPart(uploadId: string, partNumber: number, body: Uint8Array): string {
    this.#upload(uploadId).parts.set(partNumber, body);
    return `"${createHash('md5').update(body).digest('hex')}"`;
  }

  /** Joins the parts in the order of their numbers. */
  completeUpload(uploadId: string, now: Instant): StoredObject {
    const { key, headers, parts } = this.#upload(uploadId);
    this.#uploads.delete(uploadId);
    const numbers = [...parts.keys()].sort((a, b) => a - b);
    return this.put(key, Buffer.concat(numbers.map((number) => parts.get(number)!)), headers, now);
  }

  abortUpload(uploadId: string): void {
    this.#upload(uploadId);
    this.#uploads.delete(uploadId);
  }

  #upload(uploadId: string): Upload {
    const upload = this.#uploads.get(uploadId);
    if (!upload)
      throw new ServiceError('NoSuchUpload', 'The specified multipart upload does not exist.', 404);
    return upload;
  }
}
