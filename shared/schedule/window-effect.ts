import type { OpenWindow } from '../domain/observation.ts';
import type { Sentence } from '../domain/sentence.ts';

/** What a window does while it is open: "+2", "+50%, at most 8". */
export function windowEffect({ boost, minSize, maxSize, lowerMinSizeTo }: OpenWindow): Sentence {
  const isPercent = boost?.type === 'PercentChangeInCapacity';
  return {
    key: 'windowAdds',
    add: isPercent ? undefined : boost?.value,
    percent: isPercent ? boost.value : undefined,
    minSize,
    maxSize,
    lowerMinSizeTo,
  };
}
