import type { Ledger } from './ledger.ts';
import type { Instant } from './observation.ts';

const firstWaitMs = 60_000;
const longestWaitMs = 3_600_000;

/** The next try waits twice as long as the one before, at most an hour. */
export function withLaunchesFailed(ledger: Ledger, failedAt: Instant, message: string, now: Instant): Ledger {
  const failures = (ledger.launchHold?.failures ?? 0) + 1;
  const waitMs = Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs);
  return { ...ledger, launchHold: { failedAt, retryAt: now + waitMs, failures, message } };
}

/** Servers came: launching works again. They count for target tracking only once they are warm. */
export function withLaunchesSucceeded(ledger: Ledger, servers: number, warmAt: Instant): Ledger {
  return { ...ledger, launchHold: undefined, warming: [...ledger.warming, [warmAt, servers]] };
}
