import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** A key of Tencent Cloud's; a temporary one has a token. */
export interface TencentKey {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token?: string | undefined;
}

/** What is signed of a call. */
export interface Signed {
  /** `as.tencentcloudapi.com`; its first label is the service. */
  readonly host: string;
  readonly action: string;
  readonly contentType: string;
  /** As it is sent, to the byte. */
  readonly body: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

const signedHeaders = 'content-type;host;x-tc-action';

/**
 * The header `Authorization` of a call by POST: TC3-HMAC-SHA256.
 * @see https://www.tencentcloud.com/document/api/377/31027
 */
export function authorizationOf(call: Signed, key: TencentKey): string {
  const date = new Date(call.timestamp * 1000).toISOString().slice(0, 10);
  const service = call.host.split('.')[0]!;
  const scope = `${date}/${service}/tc3_request`;
  const canonical = [
    'POST',
    '/',
    '',
    `content-type:${call.contentType.toLowerCase()}`,
    `host:${call.host.toLowerCase()}`,
    `x-tc-action:${call.action.toLowerCase()}`,
    '',
    signedHeaders,
    hash('sha256', call.body),
  ].join('\n');
  const text = ['TC3-HMAC-SHA256', `${call.timestamp}`, scope, hash('sha256', canonical)].join('\n');
  const signature = hmac(signingKey(key, date, service), text).toString('hex');
  return `TC3-HMAC-SHA256 Credential=${key.secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

/** What keys sign with, by day and service: it is derived once, and forgotten with its key. */
const derived = new WeakMap<TencentKey, Map<string, KeyObject>>();

function signingKey(key: TencentKey, date: string, service: string): KeyObject {
  const ofKey = derived.get(key) ?? new Map<string, KeyObject>();
  derived.set(key, ofKey);
  const name = `${date}/${service}`;
  const known = ofKey.get(name);
  if (known) return known;
  const ofService = hmac(hmac(`TC3${key.secretKey}`, date), service);
  const signing = createSecretKey(hmac(ofService, 'tc3_request'));
  ofKey.set(name, signing);
  return signing;
}

function hmac(key: string | Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
