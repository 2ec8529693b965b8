import type { Instant } from '../shared/domain/observation.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { Timetable } from '../shared/schedule/timetable.ts';
import type { PicturePanel } from './picture.ts';

/** The windows of a group that are open at some time in `[from, to)`, for a picture. */
export function openWindows(
  fleet: Fleet,
  group: string,
  from: Instant,
  to: Instant,
): PicturePanel['windows'] {
  const timetable = new Timetable(fleet.groups[group]!.schedules, fleet.calendars, fleet.timeZone);
  const opening = timetable.next(from, to).flatMap(({ edge, window }) => (edge === 'start' ? [window] : []));
  return [...timetable.openAt(from), ...opening].map(({ name, start, end }) => ({ name, start, end }));
}
