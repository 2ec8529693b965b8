import { type ScheduleWindow, scheduleWindow } from '../../shared/fleet/window.ts';
import { Occurrences } from '../../shared/schedule/occurrences.ts';
import { zoneNamed } from '../../shared/schedule/zone.ts';
import type { Remark, WindowLines } from './taken-over.ts';

/** When an action acts, as the clock on the wall has it, and what it sets. */
export interface ActionTime {
  readonly at: number;
  readonly sets: { readonly minSize?: number | undefined; readonly subject: string };
}

interface OpenFloor {
  readonly floor: number;
  readonly occurrences: Occurrences;
}

/**
 * Actions that repeat on other days than their partners make windows that are open when the actions would have closed them, or the other
 * way round. Their floors are held against the minimum that the actions set, time by time.
 * @param times in order
 * @returns the first time at which the two differ
 */
export function firstDifference(
  times: readonly ActionTime[],
  schedules: Readonly<Record<string, WindowLines>>,
  timeZone: string,
): Remark | undefined {
  const set = times.filter(({ sets }) => sets.minSize !== undefined);
  const ground = Math.min(...set.map(({ sets }) => sets.minSize!));
  // Before the first action that sets the least, nobody knows what an earlier one has set.
  const first = set.findIndex(({ sets }) => sets.minSize === ground);
  const floors = Object.values(schedules).flatMap((lines) => floorOf(lines, timeZone));
  const zone = zoneNamed(timeZone);
  for (const { at, sets } of set.slice(Math.max(0, first))) {
    const instant = zone.instantFrom(at);
    const open = floors.filter(({ occurrences }) => occurrences.openAt(instant) !== undefined);
    const floor = Math.max(ground, ...open.map((each) => each.floor));
    // Of two at the same time the later one counts.
    if (floor === sets.minSize || set.some((other) => other.at === at && other.sets.minSize === floor))
      continue;
    const message = `on ${new Date(at).toISOString().slice(0, 16).replace('T', ' at ')} it sets a minimum of ${sets.minSize}, and the windows hold ${floor}: look at npx rushhour plan, and give them days with only and except`;
    return { subject: sets.subject, kind: 'differs', message };
  }
  return undefined;
}

function floorOf(lines: WindowLines, timeZone: string): OpenFloor[] {
  if (lines.minSize === undefined) return [];
  const window: ScheduleWindow = scheduleWindow.parse(lines);
  return [{ floor: lines.minSize, occurrences: new Occurrences(window, {}, timeZone) }];
}
