import type { Party } from './sentence.ts';

/** Whose doing it is, for machines: `lunch`, `shop`, `forecast`, `maxSize`. */
export function nameOf(party: Party): string {
  return 'name' in party ? party.name : party.kind;
}
