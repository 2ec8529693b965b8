import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';

/** Public keys of an issuer: a JSON Web Key Set (RFC 7517). */
export interface KeySet {
  readonly keys: readonly (JsonWebKey & { readonly kid?: string })[];
}

/** What a token says, as far as it is asked for. */
export interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  /** Seconds since the epoch. */
  readonly exp?: number;
}

const hashes: Readonly<Record<string, string | undefined>> = { RS256: 'sha256', ES384: 'sha384' };

/** @returns what a JSON Web Token claims; undefined: none of the keys has signed it */
export function verifiedClaims(token: string, { keys }: KeySet): Claims | undefined {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = parsed(head) as { readonly alg?: string; readonly kid?: string } | undefined;
  const hash = hashes[header?.alg ?? ''];
  const jwk = keys.find(({ kid }) => kid === header?.kid);
  if (!hash || !jwk) return undefined;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const by = key.asymmetricKeyType === 'ec' ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key;
  const isSigned = verify(hash, Buffer.from(`${head}.${body}`), by, Buffer.from(signature, 'base64url'));
  return isSigned ? (parsed(body) as Claims) : undefined;
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
