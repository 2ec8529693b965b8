import { otherKindOf } from '../shared/fleet/other-kinds.ts';
import type { CommandWords } from './words/en.ts';

/** What to do about a group that does not exist: only those of EC2 are deployed with the fleet. */
export function missingAdvice(
  { config }: { readonly config: Parameters<typeof otherKindOf>[0] },
  { isItThere, isItDeployed }: CommandWords,
): string {
  return otherKindOf(config) ? isItThere : isItDeployed;
}
