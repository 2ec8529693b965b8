import { page } from '../page.ts';

interface PageInput {
  readonly PathPrefix?: string;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** What IAM's lists have in common: a path to look under, and pages of a hundred. */
export function iamPage<T extends { readonly path: string }>(
  all: readonly T[],
  { PathPrefix = '/', Marker, MaxItems = 100 }: PageInput,
): { items: T[]; IsTruncated: boolean; Marker: string | undefined } {
  const under = all.filter(({ path }) => path.startsWith(PathPrefix));
  const { items, NextToken } = page(under, Marker, MaxItems, 1000, 'maxItems');
  return { items, IsTruncated: NextToken !== undefined, Marker: NextToken };
}
