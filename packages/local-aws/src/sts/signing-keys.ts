import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';

/** How a token may be signed: its hash, and the form of the signature (RFC 7518, section 3.4: r and s, not DER). */
const algorithms = {
  RS256: { hash: 'sha256', dsaEncoding: undefined },
  ES384: { hash: 'sha384', dsaEncoding: 'ieee-p1363' },
} as const;

export type SigningAlgorithm = keyof typeof algorithms;

export const signingAlgorithms = Object.keys(algorithms) as readonly SigningAlgorithm[];

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Made when the first is needed: they take a while, and most clouds sign nothing. */
let pairs: Readonly<Record<SigningAlgorithm, Pair>> | undefined;

function keyPairs(): Readonly<Record<SigningAlgorithm, Pair>> {
  pairs ??= {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  };
  return pairs;
}

/** A JSON Web Token of these claims. @see RFC 7519 */
export function signedToken(claims: Readonly<Record<string, unknown>>, algorithm: SigningAlgorithm): string {
  const header = { alg: algorithm, kid: algorithm, typ: 'JWT' };
  const text = [header, claims].map((part) => encoded(JSON.stringify(part))).join('.');
  const { hash, dsaEncoding } = algorithms[algorithm];
  const key = keyPairs()[algorithm].privateKey;
  const signature = sign(hash, Buffer.from(text), dsaEncoding ? { key, dsaEncoding } : key);
  return `${text}.${encoded(signature)}`;
}

/** By which anybody verifies the tokens: a JSON Web Key Set. @see RFC 7517 */
export function keySet(): { readonly keys: readonly JsonWebKey[] } {
  const keys = signingAlgorithms.map((alg) => ({
    ...keyPairs()[alg].publicKey.export({ format: 'jwk' }),
    ...{ alg, kid: alg, use: 'sig' },
  }));
  return { keys };
}

function encoded(part: string | Buffer): string {
  return Buffer.from(part).toString('base64url');
}
