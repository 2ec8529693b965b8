import { readFileSync } from 'node:fs';

/** Codes of errors that no table of a page has, by themselves or by their beginning (`Throttling…`). @param page in docs */
export function undocumented(page: string, codes: readonly string[]): string[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const named = [...text.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([\w.]+)(…?)`/g)].map(([, code, more]) => ({
      code: code!,
      isBeginning: more === '…',
    })),
  );
  const isNamed = (code: string) =>
    named.some((one) => (one.isBeginning ? `${code}.`.startsWith(one.code) : one.code === code));
  return codes.filter((code) => !isNamed(code));
}
