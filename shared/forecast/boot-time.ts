import type { Instant } from '../domain/observation.ts';
import type { ActivityLog } from '../ports/activity-log.ts';
import { dayMs } from '../units.ts';

/** How long launches take, as a group's own have shown. */
export interface LearntBoot {
  /** The 90th percentile, in whole minutes. */
  readonly minutes: number;
  /** The launches that it is learnt from. */
  readonly launches: number;
}

const percentile = 0.9;
const lookBackMs = 28 * dayMs;
/** With fewer launches one says too much. */
const fewestLaunches = 5;
const mostLaunches = 100;
const rowsPerPage = 200;
const mostPages = 10;
/** Beyond it nothing is forecast. */
const longestMinutes = 60;
/** A model is learnt for one boot time, and anew for another: it stays while the percentile is as near to it as this. */
const nearSeconds = 20;

/**
 * From the start of a change that added servers to their first healthy answer: the activities of the last four weeks that were
 * successful. What was superseded, or failed, says nothing of how long it takes.
 * @param before what was learnt before
 * @returns undefined while there are too few
 * @throws PortError
 */
export async function learnBoot(
  log: ActivityLog,
  group: string,
  before: LearntBoot | undefined,
  now: Instant,
): Promise<LearntBoot | undefined> {
  const seconds: number[] = [];
  let next: string | undefined;
  for (let page = 0; page < mostPages && seconds.length < mostLaunches; page++) {
    const found = await log.query(group, { since: now - lookBackMs, limit: rowsPerPage, next });
    for (const { from, to, statusCode, startedAt, endedAt } of found.activities) {
      if (statusCode === 'Successful' && to > from && endedAt !== undefined && endedAt > startedAt)
        seconds.push((endedAt - startedAt) / 1000);
    }
    next = found.next;
    if (next === undefined) break;
  }
  if (seconds.length < fewestLaunches) return undefined;
  const newest = seconds.slice(0, mostLaunches).sort((one, other) => one - other);
  const slow = newest[Math.ceil(percentile * newest.length) - 1]!;
  return { minutes: wholeMinutes(slow, before?.minutes), launches: newest.length };
}

function wholeMinutes(seconds: number, before: number | undefined): number {
  const isNear =
    before !== undefined && seconds > 60 * (before - 1) - nearSeconds && seconds <= 60 * before + nearSeconds;
  return isNear ? before : Math.min(longestMinutes, Math.max(1, Math.ceil(seconds / 60)));
}
