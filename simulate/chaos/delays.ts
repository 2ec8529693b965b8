import type { Draw } from './dice.ts';
import type { DeliveryFault } from './faults.ts';

/** After a connection that was reset, and after one, two or three attempts that were not answered. */
export const retriedAfterMs = [100, 5_000, 10_000, 15_000];

/** Mostly quick, at times seconds: never so long that the SDK would give up. */
export function latencyMs(draw: Draw): number {
  if (draw.chance(0.9)) return draw.between(2, 60);
  return draw.chance(0.8) ? draw.between(60, 1500) : draw.between(1500, 7500);
}

/** When the copies of an event arrive. */
export function delaysMs(fault: DeliveryFault | undefined, draw: Draw): number[] {
  const usual = draw.between(20, 3000);
  switch (fault) {
    case 'lost':
      return [];
    case 'doubled':
      return [usual, usual + draw.between(0, 90_000)];
    case 'reordered':
      return [draw.between(3000, 55_000)];
    case 'late':
      return [draw.between(60_000, 1_200_000)];
    case 'hours-late':
      return [draw.between(3_600_000, 10_800_000)];
    default:
      return [usual];
  }
}
