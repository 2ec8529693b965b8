import type { Activity } from '../shared/domain/activity.ts';
import type { GroupState } from '../shared/engine/group-state.ts';
import type { Scaler, ScalerGroup } from '../shared/engine/scaler.ts';
import type { Speaker } from '../shared/sentences/speaker.ts';
import { styled } from './terminal.ts';
import { wallClock } from './wall-clock.ts';
import { commandWords } from './words/command-words.ts';
import type { CommandWords } from './words/en.ts';

/** Rows of the history in which the last changes by others are looked for. */
export const observedRows = 50;

/** In large letters: the reader must know that Rushhour has not made these numbers. */
export function observeBanner({ observe }: CommandWords): string {
  return styled(['bold', 'yellow'], observe);
}

export function isObserved({ config }: Pick<ScalerGroup, 'config'>): boolean {
  return config.mode === 'observe';
}

/** What a group that is only observed would do now; undefined: it is not, and does. */
export function wouldDo({ group, at, decision }: GroupState, speaker: Speaker): string | undefined {
  const { language, sentence } = speaker.of(group.name);
  if (!isObserved(group)) return undefined;
  const steps = decision.blockers.filter(({ code }) => code === 'ObserveOnly');
  return steps.length > 0
    ? steps.map(({ why }) => sentence(why, at)).join('; ')
    : commandWords(language).nothing;
}

/** What somebody else did to it last. */
export function othersDid(activities: readonly Activity[]): Activity | undefined {
  return activities.find(({ reason }) => reason === 'ExternalChange');
}

/**
 * What would have been done beside what was, newest first: when, `would` or `was`, and what. None of a group that is scaled.
 * @throws PortError
 */
export async function wouldAndWas(
  { fleet, ports }: Scaler,
  group: ScalerGroup,
  speaker: Speaker,
): Promise<string[][]> {
  const { language, message, sentence } = speaker.of(group.name);
  if (!isObserved(group)) return [];
  const { activities } = await ports.activities.query(group.name, { limit: observedRows });
  const words = commandWords(language);
  const time = wallClock(fleet.timeZone, ports.clock.now(), words.locale);
  return activities
    .filter(({ reason }) => reason === 'ObserveOnly' || reason === 'ExternalChange')
    .map((row) => [
      time(row.startedAt),
      row.reason === 'ObserveOnly' ? words.would : styled('bold', words.was),
      [
        message(group.name, row, row.startedAt),
        ...(row.detail ? [sentence(row.detail, row.startedAt)] : []),
      ].join('; '),
    ]);
}
