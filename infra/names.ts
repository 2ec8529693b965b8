import { createHash } from 'node:crypto';

/**
 * A name that AWS takes: as it is if it fits, else its beginning and a hash, so that two long names stay two.
 * @param most characters that AWS allows
 */
export function fitted(name: string, most: number): string {
  if (name.length <= most) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${name.slice(0, most - hash.length - 1).replace(/-$/, '')}-${hash}`;
}
