import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error.ts';
import type { Instant } from './timeline.ts';

/** A request as it came. */
export interface SignedRequest {
  readonly method: string;
  /** As it was sent, its query with it: `/?ScalingGroupId=asg-…`. */
  readonly path: string;
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

interface KnownKey {
  readonly secret: string;
  readonly token?: string | undefined;
}

/** Keys that the cloud knows: their secrets, and the tokens of temporary ones. */
export type KnownKeys = ReadonlyMap<string, KnownKey>;

const form =
  /^ACS3-HMAC-SHA256 Credential=([^,]+),\s?SignedHeaders=([a-z0-9;-]+),\s?Signature=([0-9a-f]{64})$/;
/** A signature holds for so long. */
const toleranceMs = 15 * 60_000;

/**
 * Verifies ACS3-HMAC-SHA256.
 * @param nonces those that were used; the request's is added
 * @throws ApiError as the API answers
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
export function verifySignature(
  { method, path, headers, body }: SignedRequest,
  keys: KnownKeys,
  nonces: Set<string>,
  now: Instant,
): void {
  const [, id, signed, signature] = form.exec(headers['authorization'] ?? '') ?? [];
  if (signature === undefined)
    throw new ApiError('IncompleteSignature', 'The request signature does not conform to Aliyun standards.');
  const key = keys.get(id!);
  if (!key) throw new ApiError('InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404);
  if (key.token !== headers['x-acs-security-token'])
    throw new ApiError('InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.');
  requireFresh(headers, nonces, now);
  const names = signed!.split(';');
  const mustBeSigned = Object.keys(headers).filter((name) => name.startsWith('x-acs-') || name === 'host');
  const payload = hash('sha256', body);
  const [pathname = '/', query = ''] = path.split('?');
  const canonical = [
    method,
    pathname,
    canonicalQuery(query),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    signed!,
    payload,
  ].join('\n');
  const text = `ACS3-HMAC-SHA256\n${hash('sha256', canonical)}`;
  const right = createHmac('sha256', secretOf(key)).update(text).digest();
  const isWhole = mustBeSigned.every((name) => names.includes(name));
  const isBody = headers['x-acs-content-sha256'] === payload;
  if (isWhole && isBody && timingSafeEqual(right, Buffer.from(signature, 'hex'))) return;
  throw new ApiError(
    'SignatureDoesNotMatch',
    `Specified signature does not match our calculation. server string to sign is:${text}`,
  );
}

function requireFresh(headers: SignedRequest['headers'], nonces: Set<string>, now: Instant): void {
  const at = Date.parse(headers['x-acs-date'] ?? '');
  if (Number.isNaN(at))
    throw new ApiError(
      'InvalidTimeStamp.Format',
      'Specified time stamp or date value is not well formatted.',
    );
  if (Math.abs(now - at) > toleranceMs)
    throw new ApiError('InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  const nonce = headers['x-acs-signature-nonce'];
  if (!nonce || nonces.has(nonce))
    throw new ApiError('SignatureNonceUsed', 'Specified signature nonce was used already.');
  nonces.add(nonce);
}

/** Secrets as OpenSSL has them: each is made ready once. */
const secrets = new WeakMap<KnownKey, KeyObject>();

function secretOf(key: KnownKey): KeyObject {
  const secret = secrets.get(key) ?? createSecretKey(key.secret, 'utf8');
  secrets.set(key, secret);
  return secret;
}

/** What is signed are the parameters in the order of their names, each encoded by RFC 3986. */
function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
}

/** Most of what is sent needs nothing. */
const plain = /^[\w.~-]*$/;

function encode(text: string): string {
  if (plain.test(text)) return text;
  const escaped = (one: string) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, escaped);
}
