import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error.ts';
import type { Instant } from './timeline.ts';

/** A request as it came. */
export interface SignedRequest {
  readonly method: string;
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

interface KnownKey {
  readonly secretKey: string;
  readonly token?: string | undefined;
}

/** Keys that the cloud knows: their secrets, and the tokens of temporary ones. */
export type KnownKeys = ReadonlyMap<string, KnownKey>;

const form =
  /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/([a-z]+)\/tc3_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
/** A signature holds for so long. */
const toleranceSeconds = 300;

/**
 * Verifies TC3-HMAC-SHA256, signed headers as they are named.
 * @returns the service that was signed for
 * @throws ApiError `AuthFailure.…` as the API answers
 * @see https://www.tencentcloud.com/document/api/377/31027
 */
export function verifySignature(
  { method, headers, body }: SignedRequest,
  keys: KnownKeys,
  now: Instant,
): string {
  const [, secretId, date, service, signed, signature] = form.exec(headers['authorization'] ?? '') ?? [];
  if (signature === undefined)
    throw new ApiError(
      'AuthFailure.InvalidAuthorization',
      'The Authorization header does not conform to the standard.',
    );
  const key = keys.get(secretId!);
  if (!key) throw new ApiError('AuthFailure.SecretIdNotFound', 'The SecretId is not found.');
  if (key.token !== headers['x-tc-token'])
    throw new ApiError('AuthFailure.TokenFailure', 'The token is invalid.');
  const timestamp = Number(headers['x-tc-timestamp']);
  if (!Number.isInteger(timestamp) || Math.abs(now / 1000 - timestamp) > toleranceSeconds)
    throw new ApiError('AuthFailure.SignatureExpire', 'The signature has expired.');
  const names = signed!.split(';');
  const isSigned = names.includes('content-type') && names.includes('host');
  const isOfDay = new Date(timestamp * 1000).toISOString().startsWith(date!);
  const plain = (name: string) => (headers[name] ?? '').trim().toLowerCase();
  // A port is none of the host that is signed.
  const signedValue = (name: string) => (name === 'host' ? plain(name).replace(/:\d+$/, '') : plain(name));
  const canonical = [
    method,
    '/',
    '',
    ...names.map((name) => `${name}:${signedValue(name)}`),
    '',
    signed!,
    hash('sha256', body),
  ].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const text = ['TC3-HMAC-SHA256', `${timestamp}`, scope, hash('sha256', canonical)].join('\n');
  const signing = signingKey(key, date!, service!);
  const isRight = timingSafeEqual(hmac(signing, text), Buffer.from(signature, 'hex'));
  if (isSigned && isOfDay && isRight) return service!;
  throw new ApiError('AuthFailure.SignatureFailure', 'The provided credentials could not be validated.');
}

/** What keys sign with, by day and service: it is derived once. */
const derived = new WeakMap<KnownKey, Map<string, KeyObject>>();

function signingKey(key: KnownKey, date: string, service: string): KeyObject {
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
  return createHmac('sha256', key).update(text).digest();
}
