import type { Instant } from '../shared/domain/observation.ts';
import { zoneNamed } from '../shared/schedule/zone.ts';
import { dayMs, hourMs } from '../shared/units.ts';

const mostTicks = 14;
/** Hours between two ticks: the first that gives few enough. */
const steps = [1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2160];

export interface Tick {
  readonly at: Instant;
  /** `11:00`; `04 Mar` at a midnight that is one of several. */
  readonly label: string;
}

/** The full hours or midnights of a clock within `[from, to)`, as many as can be read. */
export function ticksBetween(from: Instant, to: Instant, timeZone: string): Tick[] {
  const zone = zoneNamed(timeZone);
  const hours = steps.find((each) => (to - from) / hourMs / each <= mostTicks) ?? steps.at(-1)!;
  const step = hours * hourMs;
  const align = Math.min(step, dayMs);
  const dated = to - from > dayMs + hourMs;
  const ticks: Tick[] = [];
  for (let wall = Math.ceil(zone.wallAt(from) / align) * align; ; wall += step) {
    const at = zone.instantFrom(wall);
    if (at >= to) return ticks;
    // Daylight saving skips some.
    if (at >= from && zone.wallAt(at) === wall) ticks.push({ at, label: labelOf(wall, dated) });
  }
}

function labelOf(wall: number, dated: boolean): string {
  const shown = new Date(wall);
  if (!dated || wall % dayMs !== 0) return shown.toISOString().slice(11, 16);
  return shown.toLocaleDateString('en-GB', { day: '2-digit', month: 'short', timeZone: 'UTC' });
}
