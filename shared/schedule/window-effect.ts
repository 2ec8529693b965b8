import type { OpenWindow } from '../domain/observation.ts';

/** What a window does while it is open: `+2`, `+50%, at most 8`. */
export function windowEffect({ boost, minSize, maxSize, lowerMinSizeTo }: OpenWindow): string {
  const effects: string[] = [];
  if (boost) effects.push(`+${boost.value}${boost.type === 'PercentChangeInCapacity' ? '%' : ''}`);
  if (minSize !== undefined) effects.push(`at least ${minSize}`);
  if (maxSize !== undefined) effects.push(`at most ${maxSize}`);
  if (lowerMinSizeTo !== undefined) effects.push(`minSize lowered to ${lowerMinSizeTo}`);
  return effects.join(', ');
}
