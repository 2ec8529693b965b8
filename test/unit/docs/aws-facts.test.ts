import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Fact {
  readonly fact: string;
  readonly source: string;
  readonly reliedUponBy: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

const page = readFileSync('docs/aws-facts.md', 'utf8');
const facts: Fact[] = [...page.matchAll(/^\| \d+ \|(.*)\|$/gm)].map(([, row]) => {
  const [fact = '', source = '', reliedUponBy = '', held = ''] = row!.split(' | ').map((cell) => cell.trim());
  const tests = [...held.matchAll(/\]\(\.\.\/([^)]+)\) \*(.+?)\*(?=;|$)/g)].map(([, file, title]) => ({
    file: file!,
    title: title!,
  }));
  return { fact, source, reliedUponBy, tests };
});

/** Files that the page says to rely on a fact. */
const named = facts.flatMap(({ reliedUponBy }) =>
  [...reliedUponBy.matchAll(/`([\w./-]+\.(?:ts|md))`/g)].map(([, file]) => file!),
);

it('says at least sixty things, each with its source, with who relies on it and with a test', () => {
  expect(facts.length).toBeGreaterThanOrEqual(60);
  expect(facts.filter(({ source, reliedUponBy }) => source === '' || reliedUponBy === '')).toEqual([]);
  expect(facts.filter(({ tests }) => tests.length === 0).map(({ fact }) => fact)).toEqual([]);
});

it('says nothing twice', () => {
  const said = facts.map(({ fact }) => fact);
  expect(said.filter((fact, at) => said.indexOf(fact) < at)).toEqual([]);
});

it('names tests that there are', () => {
  const missing = facts
    .flatMap(({ tests }) => tests)
    .filter(({ file, title }) => !existsSync(file) || !hasTest(readFileSync(file, 'utf8'), title));
  expect(missing).toEqual([]);
});

it('names files that there are', () => {
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((file) => !existsSync(join('.', file)))).toEqual([]);
});

/** Its title as it is written: `it('…'`, or behind a table of cases. */
function hasTest(source: string, title: string): boolean {
  const calls = source.replaceAll(/\(\s+/g, '(');
  return [`'${title}'`, `"${title}"`, `\`${title}\``].some((written) => calls.includes(`(${written},`));
}
