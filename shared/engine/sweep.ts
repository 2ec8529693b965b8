import { decide } from '../domain/decide.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Instant, ScalingGroup } from '../domain/observation.ts';
import type { ReasonCode } from '../domain/reason.ts';
import { PortError } from '../ports/port-error.ts';
import { type Batch, halvesOf, roundOf } from './batch.ts';
import { GroupsFailed } from './groups-failed.ts';
import { type Look, look, observationOf } from './observe.ts';
import { isQuiet, settle, type View } from './reconcile.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';
import { tellUnreached } from './tell-unreached.ts';
import { type InTurn, turns } from './turns.ts';

/**
 * So many reads find three failing groups of a hundred; a service that is down or throttles is not asked much more
 * often.
 */
const failedReadsAtMost = 20;
/** Groups that change are reconciled side by side, but not so many that Auto Scaling would throttle. */
const groupsAtOnce = 10;
/** No group is begun when less time is left: it must be able to finish, even if a call hangs until its timeout. */
const reserveMs = 25_000;

/** What a sweep has done. */
export interface SweepReport {
  readonly groups: number;
  /** How often each reason was given. */
  readonly reasons: Partial<Record<ReasonCode, number>>;
  /** Activities that were opened, moved on or ended. */
  readonly activities: number;
}

interface Progress {
  readonly scaler: Scaler;
  readonly remainingMs: () => number;
  readonly reasons: Partial<Record<ReasonCode, number>>;
  activities: number;
  readonly failures: Map<string, unknown>;
  /** Groups that have begun: each is done when its promise is, whatever became of it. */
  readonly begun: Promise<void>[];
  /** Groups that others follow: what becomes of each, and what waits for it. */
  readonly leaders: ReadonlyMap<ScalerGroup, Leading>;
}

interface Leading {
  readonly swept: PromiseWithResolvers<void>;
  /** As it was when it came to rest, or that it was gone by then, and when that was; undefined: not yet. */
  settled: { readonly seenAt: Instant; readonly scalingGroup: ScalingGroup | undefined } | undefined;
}

/** Groups that are asked for in one place. */
interface Source {
  readonly progress: Progress;
  readonly inTurn: InTurn;
  failedReads: number;
}

const sweepTrigger = { kind: 'sweep' } as const;

/**
 * Reconciles every group of the fleet, leaders before followers, without any event: it heals what events missed. A group
 * whose calls hang holds up its followers and nobody else, and a source that hangs its own groups.
 * @param remainingMs time left, as Lambda reports it
 * @throws GroupsFailed, after all groups that could be reconciled were
 */
export async function sweep(scaler: Scaler, remainingMs: () => number): Promise<SweepReport> {
  const { sources, leaders } = roundOf(scaler.groups);
  const progress: Progress = {
    scaler,
    remainingMs,
    reasons: {},
    activities: 0,
    failures: new Map(),
    begun: [],
    leaders: leaders.length === 0 ? nobodyLeads : leading(leaders),
  };
  // All are begun before the first is waited for, and none of them ever throws.
  const swept = sources.map((batches) => sweepSource(progress, batches));
  for (const source of swept) await source;
  for (const group of progress.begun) await group;
  if (progress.failures.size > 0) throw new GroupsFailed('reconciled', progress.failures);
  return { groups: scaler.groups.size, reasons: progress.reasons, activities: progress.activities };
}

const nobodyLeads: Progress['leaders'] = new Map();

function leading(groups: readonly ScalerGroup[]): Progress['leaders'] {
  return new Map(
    groups.map((group) => [group, { swept: Promise.withResolvers<void>(), settled: undefined }]),
  );
}

async function sweepSource(progress: Progress, batches: readonly Batch[]): Promise<void> {
  const source = { progress, inTurn: turns(groupsAtOnce), failedReads: 0 };
  for (const batch of batches) await sweepBatch(source, batch);
}

/**
 * Reads a batch and begins its groups. It is read when the groups before it have begun, or it would be old when its turn comes.
 * One group that cannot be read has all of the batch refused: halves are read again, until what fails is alone. What fails
 * everywhere is no group's fault, and soon given up. Groups of other clouds are refused together or not at all.
 */
async function sweepBatch(source: Source, batch: Batch): Promise<void> {
  const { progress } = source;
  const { groups } = batch;
  try {
    const { seen, ledgers } = await source.inTurn(() => readBatch(progress, batch));
    for (const group of groups) {
      noteLeader(progress, group, seen.at, seen.scalingGroups.get(group.scalingGroup));
      progress.begun.push(sweepGroup(source, group, seen, ledgers.get(group.name)));
    }
  } catch (error) {
    const isAnswer = error instanceof PortError;
    if (isAnswer) source.failedReads++;
    const isWhole = groups.length === 1 || !(isAnswer && mayBeOnes(groups[0]!, error));
    if (isWhole || source.failedReads >= failedReadsAtMost) {
      for (const group of groups) {
        progress.failures.set(group.name, error);
        progress.leaders.get(group)?.swept.resolve();
      }
      if (groups[0]!.source !== 'aws') await tellUnreached(progress.scaler, groups, error);
      return;
    }
    for (const half of halvesOf(batch)) await sweepBatch(source, half);
  }
}

/** The silence of another region is no group's. */
function mayBeOnes({ source, isGrantedApart }: ScalerGroup, { transient }: PortError): boolean {
  return source === 'aws' || (isGrantedApart && !transient);
}

async function readBatch(progress: Progress, batch: Batch) {
  beInTime(progress);
  const { scaler } = progress;
  // In this order: see `reconcile`.
  const ledgers = await scaler.ports.ledger.read(batch.names);
  const seen = await look(scaler, batch, scaler.ports.clock.now(), { elsewhere: false });
  return { ledgers, seen };
}

/** A quiet group costs a decision and no call. Never throws. */
async function sweepGroup(
  { progress, inTurn }: Source,
  group: ScalerGroup,
  seen: Look,
  ledger: Ledger | undefined,
): Promise<void> {
  const { scaler, failures, leaders } = progress;
  try {
    const leading = group.leader && leaders.get(group.leader)!;
    await leading?.swept.promise;
    const now = scaler.ports.clock.now();
    const leader = leading?.settled;
    // A batch that was read again may show a leader later than it was when it came to rest.
    const isNewer = leader && (leader.seenAt >= seen.at || group.leader?.source !== group.source);
    const leaderNow = isNewer ? leader.scalingGroup : undefined;
    const observed = observationOf(seen, group, now, ledger, leaderNow);
    // A leader that is gone asks for nothing. One that failed may have changed: what was seen of it before is no ground to scale in on.
    const isGone = isNewer && leaderNow === undefined;
    const lost = isGone || (group.leader && failures.has(group.leader.name));
    const observation = lost ? { ...observed, leader: undefined } : observed;
    const view = { seenAt: seen.at, observation, ledger };
    const decision = decide(group.policy, ledger, view.observation, sweepTrigger, now, view.seenAt);
    if (isQuiet(decision, view)) count(progress, decision.reason);
    else await inTurn(() => settleOne(progress, group, view));
  } catch (error) {
    failures.set(group.name, error);
  }
  leaders.get(group)?.swept.resolve();
}

function noteLeader(
  { leaders }: Progress,
  group: ScalerGroup,
  seenAt: Instant,
  scalingGroup: ScalingGroup | undefined,
): void {
  const leading = leaders.get(group);
  if (leading) leading.settled = { seenAt, scalingGroup };
}

async function settleOne(progress: Progress, group: ScalerGroup, view: View): Promise<void> {
  beInTime(progress);
  const { decisions, seenAt, scalingGroup } = await settle(progress.scaler, group, sweepTrigger, view);
  noteLeader(progress, group, seenAt, scalingGroup);
  for (const { reason, activities } of decisions) {
    count(progress, reason);
    progress.activities += activities.length;
  }
}

/** @throws Error when so little time is left that what is begun might not be finished */
function beInTime({ remainingMs }: Progress): void {
  if (remainingMs() < reserveMs) throw new Error('no time was left; the next sweep comes in a minute');
}

function count({ reasons }: Progress, reason: ReasonCode): void {
  reasons[reason] = (reasons[reason] ?? 0) + 1;
}
