import type { Expectation } from './expectations.ts';
import { foreignReference } from './foreign-reference.ts';

export const mostGroups = 500;
export const groupsExpected = `expected between 1 and ${mostGroups} groups`;
/** More than any list or mapping of a fleet file can use: 500 groups, 10,000 servers. */
const mostKeys = 1000;
const mostEntries = 10_000;

/** @param path `groups` has a limit of its own */
function tooManyKeys(path: readonly PropertyKey[]): string {
  return path.join('.') === 'groups' ? groupsExpected : `expected at most ${mostKeys} keys`;
}

/** What can be said of a value before anybody knows what it means. */
export class Survey {
  /** Too much of something: its first is reported, and not each of thousands. */
  readonly excess: Expectation[] = [];
  /** What CloudFormation or CDK would replace, be it in a key. */
  readonly references: Expectation[] = [];
  /** Values in all, those in others too. */
  values = 0;

  /** What is being looked into: an alias may stand within what it stands for. */
  readonly #within = new Set<object>();

  /** @param value what a fleet file holds */
  constructor(value: unknown) {
    this.#look(value, []);
  }

  #look(value: unknown, path: readonly PropertyKey[]): void {
    this.values++;
    if (typeof value === 'string') this.#refuseReference(value, path, 'value');
    if (typeof value !== 'object' || value === null || this.#within.has(value)) return;
    const isList = Array.isArray(value);
    const entries = Object.entries(value);
    const most = isList ? mostEntries : mostKeys;
    if (entries.length > most) {
      this.excess.push({
        path,
        expected: isList ? `expected at most ${most} entries` : tooManyKeys(path),
        about: 'value',
      });
      return;
    }
    this.#within.add(value);
    for (const [key, inner] of entries) {
      const at = [...path, isList ? Number(key) : key];
      if (!this.#refuseReference(key, at, 'key')) this.#look(inner, at);
    }
    this.#within.delete(value);
  }

  #refuseReference(text: string, path: readonly PropertyKey[], about: Expectation['about']): boolean {
    const expected = foreignReference(text);
    if (expected !== undefined) this.references.push({ path, expected, about });
    return expected !== undefined;
  }
}
