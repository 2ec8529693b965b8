import type { GroupView } from '../state.ts';
import type { Word } from './words.ts';

/** How a group is, in a word. */
export function statusOf({ missing, observes, pause, inService, desired, rules }: GroupView): Word {
  if (missing) return 'missing';
  if (observes) return 'observes';
  if (pause) return 'paused';
  if (inService !== desired) return inService < desired ? 'growing' : 'shrinking';
  if (rules.some(({ urgent }) => urgent)) return 'inAlarm';
  return rules.some(({ near }) => near) ? 'nearing' : 'steady';
}
