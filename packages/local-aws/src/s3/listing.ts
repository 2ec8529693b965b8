import type { Bucket } from './bucket.ts';

const largestPage = 1000;

interface ListInput {
  readonly Bucket: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly MaxKeys?: number;
  readonly StartAfter?: string;
  readonly ContinuationToken?: string;
}

/** A page of a bucket's keys in their order; keys that share a prefix up to the delimiter are shown as one. */
export function listObjects(bucket: Bucket, input: ListInput) {
  const { Prefix = '', Delimiter, MaxKeys = largestPage } = input;
  const startAfter = input.ContinuationToken ?? input.StartAfter ?? '';
  const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(Prefix) && key > startAfter).sort();
  const contents: object[] = [];
  const prefixes = new Set<string>();
  let last = '';
  let truncated = false;
  for (const key of keys) {
    const end = Delimiter ? key.indexOf(Delimiter, Prefix.length) : -1;
    const shared = end < 0 ? undefined : key.slice(0, end + Delimiter!.length);
    if (shared !== undefined && (prefixes.has(shared) || startAfter.startsWith(shared))) continue;
    truncated = contents.length + prefixes.size >= Math.min(MaxKeys, largestPage);
    if (truncated) break;
    last = shared ?? key;
    if (shared !== undefined) prefixes.add(shared);
    else contents.push(describe(bucket, key));
  }
  return {
    ...{ Name: bucket.name, Prefix, Delimiter, MaxKeys, IsTruncated: truncated, Contents: contents },
    KeyCount: contents.length + prefixes.size,
    CommonPrefixes: [...prefixes].map((prefix) => ({ Prefix: prefix })),
    ...(truncated && { NextContinuationToken: last }),
  };
}

function describe(bucket: Bucket, key: string) {
  const { eTag, body, modifiedAt } = bucket.objects.get(key)!;
  return {
    Key: key,
    ETag: eTag,
    Size: body.length,
    LastModified: new Date(modifiedAt),
    StorageClass: 'STANDARD',
  };
}
