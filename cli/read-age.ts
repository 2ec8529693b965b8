import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../shared/fleet/parse-duration.ts';

/** How far back, like `24h`, in seconds. @throws InvalidArgumentError */
export function readAge(text: string): number {
  const seconds = parseDuration(text);
  if (!seconds) throw new InvalidArgumentError('Expected a duration like 90s, 30m, 24h, 7d.');
  return seconds;
}
