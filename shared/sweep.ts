import { concurrently } from './concurrently.ts';
import { decide } from './domain/decide.ts';
import type { Ledger } from './domain/ledger.ts';
import type { ScalingGroup } from './domain/observation.ts';
import type { ReasonCode } from './domain/reason.ts';
import { GroupsFailed } from './groups-failed.ts';
import type { House, HouseGroup } from './house.ts';
import { type Look, look, observationOf } from './observe.ts';
import { isQuiet, settle, type View } from './reconcile.ts';

/** As many groups as one description and one ledger read can hold. */
const groupsPerBatch = 100;
/** Groups that change are brought to rest side by side, but not so many that Auto Scaling would throttle. */
const groupsAtOnce = 10;
/** No group is begun when less time is left: one that is begun must be able to finish. */
const reserveMs = 10_000;

/** What a sweep has done. */
export interface SweepReport {
  readonly groups: number;
  /** How often each reason was given. */
  readonly reasons: Partial<Record<ReasonCode, number>>;
  /** Activities that were opened, moved on or ended. */
  readonly activities: number;
}

interface Progress {
  readonly house: House;
  readonly remainingMs: () => number;
  readonly reasons: Partial<Record<ReasonCode, number>>;
  activities: number;
  readonly failures: Map<string, unknown>;
  /** Scaling groups that changed since they were looked at. */
  readonly changed: Map<HouseGroup, ScalingGroup>;
}

const sweepTrigger = { kind: 'sweep' } as const;

/**
 * Reconciles every group of the fleet, leaders before followers, without any event: it heals what events missed.
 * @param remainingMs time left, as Lambda tells it
 * @throws GroupsFailed, after all groups that could be reconciled were
 */
export async function sweep(house: House, remainingMs: () => number): Promise<SweepReport> {
  const groups = [...house.groups.values()];
  const progress: Progress = {
    house,
    remainingMs,
    reasons: {},
    activities: 0,
    failures: new Map(),
    changed: new Map(),
  };
  for (let start = 0; start < groups.length; start += groupsPerBatch) {
    await sweepBatch(progress, groups.slice(start, start + groupsPerBatch));
  }
  if (progress.failures.size > 0) throw new GroupsFailed('reconciled', progress.failures);
  return { groups: groups.length, reasons: progress.reasons, activities: progress.activities };
}

/** A batch that cannot be read fails as a whole; the others go on. */
async function sweepBatch(progress: Progress, batch: readonly HouseGroup[]): Promise<void> {
  const { house, failures } = progress;
  const { ports } = house;
  try {
    if (progress.remainingMs() < reserveMs)
      throw new Error('no time was left; the next sweep comes in a minute');
    // In this order: see `reconcile`.
    const ledgers = await ports.ledger.read(batch.map(({ name }) => name));
    const seen = await look(house, batch, ports.clock.now());
    let start = 0;
    while (start < batch.length) {
      const { depth } = batch[start]!;
      const end = batch.findIndex((group, index) => index > start && group.depth !== depth);
      const level = batch.slice(start, end < 0 ? batch.length : end);
      await sweepLevel(progress, level, seen, ledgers);
      start += level.length;
    }
  } catch (error) {
    for (const { name } of batch) failures.set(name, error);
  }
}

/** Groups that do not lead each other: those that are quiet cost a decision each, and no call. */
async function sweepLevel(
  progress: Progress,
  level: readonly HouseGroup[],
  seen: Look,
  ledgers: ReadonlyMap<string, Ledger>,
): Promise<void> {
  const now = progress.house.ports.clock.now();
  const busy: [HouseGroup, View][] = [];
  for (const group of level) {
    try {
      const leaderNow = group.leader && progress.changed.get(group.leader);
      const observed = observationOf(seen, group, now, leaderNow);
      // A leader that failed may have changed all the same: what was seen of it before is no ground to scale in on.
      const lost = group.leader && progress.failures.has(group.leader.name);
      const observation = lost ? { ...observed, leader: undefined } : observed;
      const view = { observation, ledger: ledgers.get(group.name) };
      const decision = decide(group.policy, view.ledger, observation, sweepTrigger, now);
      if (isQuiet(decision, view)) count(progress, decision.reason);
      else busy.push([group, view]);
    } catch (error) {
      progress.failures.set(group.name, error);
    }
  }
  if (busy.length > 0)
    await concurrently(busy, groupsAtOnce, ([group, view]) => settleOne(progress, group, view));
}

async function settleOne(progress: Progress, group: HouseGroup, view: View): Promise<void> {
  try {
    if (progress.remainingMs() < reserveMs)
      throw new Error('no time was left; the next sweep comes in a minute');
    const { decisions, scalingGroup } = await settle(progress.house, group, sweepTrigger, view);
    if (scalingGroup) progress.changed.set(group, scalingGroup);
    for (const { reason, activities } of decisions) {
      count(progress, reason);
      progress.activities += activities.length;
    }
  } catch (error) {
    progress.failures.set(group.name, error);
  }
}

function count({ reasons }: Progress, reason: ReasonCode): void {
  reasons[reason] = (reasons[reason] ?? 0) + 1;
}
