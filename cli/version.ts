import { readFileSync } from 'node:fs';

/** Of this command, and of what it deploys. */
export const version: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version;
