import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { literalsOf } from './literals-of.ts';

/** Errors are for whoever mends the scaler, and are logged in English. */
const ofErrors = /^throw new |Error\(/;

it('the engine says nothing in words: sentences are the catalogue’s', () => {
  const files = globSync('shared/{domain,objective}/**/*.ts');
  expect(files.length).toBeGreaterThan(50);
  const said = files.flatMap((file) => {
    const source = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !ofErrors.test(line.trim()))
      .join('\n');
    return literalsOf(source)
      .filter((text) => /[a-z]{2,} [a-z]{2,}/.test(text))
      .map((text) => `${file}: ${text}`);
  });
  expect(said).toEqual([]);
});
