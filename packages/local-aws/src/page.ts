import { ServiceError } from './service.ts';

/**
 * One page of a list. The token is the place where the next page starts: what comes or goes before it shifts the pages, and
 * the real services' tokens promise no better.
 * @throws ServiceError ValidationError for a size beyond `largest`, InvalidNextToken for a token that is none
 */
export function page<T>(
  all: readonly T[],
  token: string | undefined,
  size: number,
  largest: number,
  sizeName: string,
): { items: T[]; NextToken: string | undefined } {
  if (size < 1 || size > largest) {
    throw new ServiceError(
      'ValidationError',
      `1 validation error detected: Value '${size}' at '${sizeName}' failed to satisfy constraint: Member must be between 1 and ${largest}`,
    );
  }
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(start) || start < 0)
    throw new ServiceError('InvalidNextToken', 'The token is invalid');
  const end = start + size;
  const NextToken = end < all.length ? Buffer.from(String(end)).toString('base64') : undefined;
  return { items: all.slice(start, end), NextToken };
}
