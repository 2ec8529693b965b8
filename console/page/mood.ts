import type { GroupView } from '../state.ts';
import type { Word } from './words.ts';

/** How a group is, in a word. */
export function moodOf({ pause, inService, desired, rules }: GroupView): Word {
  if (pause) return 'paused';
  if (inService !== desired) return inService < desired ? 'growing' : 'shrinking';
  return rules.some(({ urgent }) => urgent) ? 'inAlarm' : 'steady';
}
