import { hourMs, minuteMs } from '../units.ts';
import type { Ledger } from './ledger.ts';
import type { Instant, LaunchFailure } from './observation.ts';
import type { Sentence } from './sentence.ts';

const firstWaitMs = minuteMs;
const longestWaitMs = hourMs;

/**
 * The next try waits twice as long as the one before, at most an hour.
 * @param kind of the failure, if AWS has given one: people have heard of it now
 */
export function withLaunchesFailed(
  ledger: Ledger,
  failedAt: Instant,
  { failure, kind }: { failure: Sentence; kind?: LaunchFailure['kind'] },
  now: Instant,
): Ledger {
  const failures = (ledger.launchHold?.failures ?? 0) + 1;
  const waitMs = Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs);
  const known = ledger.launchHold?.kinds ?? [];
  const kinds = kind === undefined || known.includes(kind) ? known : [...known, kind];
  return { ...ledger, launchHold: { failedAt, retryAt: now + waitMs, failures, failure, kinds } };
}

/** Servers came: launching works again. They count for target tracking only once they are warm. */
export function withLaunchesSucceeded(ledger: Ledger, servers: number, warmAt: Instant): Ledger {
  return { ...ledger, launchHold: undefined, warming: [...ledger.warming, [warmAt, servers]] };
}
