import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** A key of Alibaba Cloud's; a temporary one has a token. */
export interface AlibabaKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly token?: string | undefined;
}

/** A call of the RPC style: its parameters stand in the query, and its body is empty. */
export interface Signed {
  readonly host: string;
  readonly action: string;
  readonly version: string;
  /** As it is sent; see `canonicalQuery`. */
  readonly query: string;
  /** `2026-11-28T12:00:00Z` */
  readonly date: string;
  /** Used once. */
  readonly nonce: string;
}

const algorithm = 'ACS3-HMAC-SHA256';
/** Of the body, which is empty. */
const payload = hash('sha256', '');

/**
 * Headers of a call by POST, its signature among them.
 * @param key undefined: it is not signed, as the call for a first key is not
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
export function signedHeaders(call: Signed, key: AlibabaKey | undefined): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    host: call.host,
    'x-acs-action': call.action,
    'x-acs-content-sha256': payload,
    'x-acs-date': call.date,
    ...(key?.token === undefined ? {} : { 'x-acs-security-token': key.token }),
    'x-acs-signature-nonce': call.nonce,
    'x-acs-version': call.version,
  };
  if (!key) return headers;
  const names = Object.keys(headers).sort();
  const canonical = [
    'POST',
    '/',
    call.query,
    ...names.map((name) => `${name}:${headers[name]!.trim()}`),
    '',
    names.join(';'),
    payload,
  ].join('\n');
  const text = `${algorithm}\n${hash('sha256', canonical)}`;
  const signature = createHmac('sha256', secretOf(key)).update(text, 'utf8').digest('hex');
  const authorization = `${algorithm} Credential=${key.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { ...headers, authorization };
}

/** As it is signed, and as it is sent. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.keys(query)
    .sort()
    .map((name) => `${encode(name)}=${encode(query[name]!)}`)
    .join('&');
}

/** Parameters as the RPC style has them: the items of a list are numbered from 1, `InstanceIds.1`. */
export function queryOf(input: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    if (Array.isArray(value))
      for (const [index, each] of value.entries()) flat[`${name}.${index + 1}`] = `${each}`;
    else flat[name] = `${value}`;
  }
  return flat;
}

/** Most of what is sent needs nothing. */
const plain = /^[\w.~-]*$/;

/** RFC 3986: what `encodeURIComponent` leaves, and the signature does not, is !'()* */
function encode(text: string): string {
  if (plain.test(text)) return text;
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Secrets as OpenSSL has them: each is made ready once, and forgotten with its key. */
const secrets = new WeakMap<AlibabaKey, KeyObject>();

function secretOf(key: AlibabaKey): KeyObject {
  const secret = secrets.get(key) ?? createSecretKey(key.accessKeySecret, 'utf8');
  secrets.set(key, secret);
  return secret;
}
