import { readFileSync } from 'node:fs';

/** The page's script, as it was built with the package. */
export function pageScript(): string {
  return readFileSync(new URL('page.js', import.meta.url), 'utf8');
}
