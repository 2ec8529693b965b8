import type { Activity } from '../domain/activity.ts';
import { withDesired } from '../domain/correct-late-description.ts';
import type { Act, Decision } from '../domain/decision.ts';
import type { Ledger, OpenActivity } from '../domain/ledger.ts';
import type { Instant, ScalingGroup } from '../domain/observation.ts';
import { PortError } from '../ports/port-error.ts';
import type { Ports } from '../ports/ports.ts';
import { requireCapability } from '../ports/require-capability.ts';
import { record, tell } from './record.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';
import { Unsettled } from './unsettled.ts';

/** Lease: no other invocation retries an act for 50 s. It is being done, or its doer has died. */
const leaseMs = 50_000;
/** An act that has not begun 15 s after its commit is left to the next look: its lease might run out on it. */
const lateMs = 15_000;

/** What became of a commit. `untold`: why no notice could be sent of what is now forgotten; that holds nothing up. */
export type Committed =
  | { readonly kind: 'lost'; readonly untold: readonly unknown[] }
  | { readonly kind: 'written'; readonly ledger: Ledger | undefined; readonly untold: readonly unknown[] };

/**
 * What became of an act. `done`: `set` is the desired capacity that it has set. `moved`: it was refused, as the group or its
 * bounds are no longer as they were seen. `refused`: it can never be done.
 */
type Performed =
  | { readonly kind: 'done'; readonly set: number | undefined }
  | { readonly kind: 'moved' }
  | { readonly kind: 'refused'; readonly error: PortError };

/** What became of a step, and the group as it is since; undefined: it is not there any more. `seenAt`: when that look was begun. */
export type CarriedOut =
  | { readonly kind: 'nothingToDo' }
  | (Performed & { readonly group: ScalingGroup | undefined; readonly seenAt: Instant });

/** Carries the decisions of one reconcile out: commits, acts, records. Nothing is done twice within it. */
export class Run {
  readonly #scaler: Scaler;
  readonly #group: ScalerGroup;
  /** Acts that were tried, and why they were refused. */
  readonly #tried = new Map<string, PortError | undefined>();
  readonly #recorded = new Set<string>();
  /** The ledger of this version is our own: who acts by it is nobody else. */
  #committed: number | undefined;

  constructor(scaler: Scaler, group: ScalerGroup) {
    this.#scaler = scaler;
    this.#group = group;
  }

  /**
   * Was this act done by this run already? A read may not show it yet; the next look will.
   * @throws the refusal, when the very act that was refused is asked for again
   */
  isRepeated({ act }: Decision): boolean {
    const key = JSON.stringify(act);
    if (act === undefined || !this.#tried.has(key)) return false;
    const refusal = this.#tried.get(key);
    if (refusal) throw refusal;
    return true;
  }

  /**
   * Has another invocation begun an act whose lease still runs? Two would act twice, and the slower one too late.
   * What is under way is not given up, and not taken for done because it looks so: its call may still be on
   * its way, or be repeated as its answer was lost, and would undo what is decided after it. Only its doer knows.
   */
  isBegunByAnother({ act, ledger: decided }: Decision, ledger: Ledger | undefined): boolean {
    if (ledger?.actingSince === undefined || ledger.version === this.#committed) return false;
    const underWay = ledger.open.find(({ phase, endedAt }) => phase === 'intended' && endedAt === undefined);
    if (!underWay || this.#scaler.ports.clock.now() >= ledger.actingSince + leaseMs) return false;
    return act !== undefined || !decided.open.includes(underWay);
  }

  /**
   * An activity that the ledger forgets must be in the log first. A notice of it that fails is a problem to report,
   * and no reason to hold up the group.
   */
  async commit(decision: Decision, ledger: Ledger | undefined): Promise<Committed> {
    const { ports } = this.#scaler;
    const untold = await this.#record(decision.forgets);
    const next = nextLedger(decision, ledger, ports.clock.now());
    if (!next) return { kind: 'written', ledger, untold };
    const answer = await ports.ledger.write(this.#group.name, next, ledger?.version ?? 0);
    if (answer === 'lost') return { kind: 'lost', untold };
    this.#committed = next.version;
    return { kind: 'written', ledger: next, untold };
  }

  /**
   * Acts and goes on record. An act that fails leaves its activity pending, and is thrown.
   * @param seen the group that the decision rests on; undefined: it is not there
   * @throws whatever keeps the act from being done now, or people from being told
   */
  async carryOut(
    { act, activities, from }: Decision,
    committed: Ledger | undefined,
    seen: ScalingGroup | undefined,
  ): Promise<CarriedOut> {
    const { ports, log } = this.#scaler;
    const { scalingGroup, name } = this.#group;
    let performed: Performed | undefined;
    try {
      if (act) performed = await this.#perform(act, committed?.actingSince, seen);
    } catch (error) {
      await this.#recordAll(activities).catch((second) =>
        log.warn('not on record', { group: name, error: second }),
      );
      throw error;
    }
    await this.#recordAll(activities);
    if (!performed) return { kind: 'nothingToDo' };
    const seenAt = ports.clock.now();
    const described = (await ports.groups.describe([scalingGroup])).get(scalingGroup);
    // A description may be late; that the provider has taken the new desired capacity is certain.
    const set = performed.kind === 'done' ? performed.set : undefined;
    const late = set !== undefined && described?.desired === from;
    return { ...performed, group: late ? withDesired(described, set) : described, seenAt };
  }

  /** Somebody may have moved the group or its bounds between the look and the act: that is looked at again. @throws PortError */
  async #perform(act: Act, begunAt: Instant | undefined, seen: ScalingGroup | undefined): Promise<Performed> {
    const { ports } = this.#scaler;
    const { name, scalingGroup } = this.#group;
    const lateness = ports.clock.now() - (begunAt ?? 0);
    if (lateness > lateMs) throw new Unsettled(`${name}: ${lateness} ms after the commit is too late to act`);
    if (!seen) throw new Unsettled(`${name}: there is no scaling group ${scalingGroup} to act on`);
    const key = JSON.stringify(act);
    this.#tried.set(key, undefined);
    try {
      await perform(ports, scalingGroup, act, seen);
      return { kind: 'done', set: act.kind === 'setDesired' ? act.desired : undefined };
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      if (error.code === 'Changed') {
        this.#tried.delete(key);
        return { kind: 'moved' };
      }
      if (error.code === 'OutOfBounds') {
        this.#tried.set(key, error);
        return { kind: 'moved' };
      }
      const movesServers = act.kind === 'attach' || act.kind === 'detach';
      if (movesServers && !error.transient) return { kind: 'refused', error };
      throw error;
    }
  }

  /** @throws also when people cannot be told: the next look does it */
  async #recordAll(activities: readonly Activity[]): Promise<void> {
    const [problem] = await this.#record(activities);
    if (problem !== undefined) throw problem;
  }

  /** @returns why people could not be told */
  async #record(activities: readonly Activity[]): Promise<unknown[]> {
    const key = (row: Activity) => `${row.activityId} ${row.statusCode} ${row.detail?.key}`;
    const rows = activities.filter((row) => !isUntold(row) && !this.#recorded.has(key(row)));
    await record(this.#scaler, rows);
    for (const row of rows) this.#recorded.add(key(row));
    return tell(this.#scaler, this.#group, rows).then(
      () => [],
      (problem: unknown) => [problem],
    );
  }
}

/** A retry that has not succeeded yet: people know of the failure already. */
function isUntold(row: Activity & Partial<OpenActivity>): boolean {
  return row.quiet === true && row.phase === 'intended';
}

/**
 * What must be written before a step is carried out; undefined: nothing. Every act is preceded by a write, even if
 * only of its own beginning: an act that rests on an old ledger would undo what was decided since.
 */
function nextLedger(
  { act, ledger: decided }: Decision,
  ledger: Ledger | undefined,
  now: Instant,
): Ledger | undefined {
  if (act) {
    const version = decided === ledger ? decided.version + 1 : decided.version;
    return { ...decided, version, actingSince: now };
  }
  return decided === ledger || decided.version === 0 ? undefined : decided;
}

async function perform(ports: Ports, name: string, act: Act, seen: ScalingGroup): Promise<void> {
  switch (act.kind) {
    case 'setDesired':
      return ports.groups.setDesired(name, act.desired, seen);
    case 'attach':
      // They can be protected only once they are in service.
      return requireCapability(ports, 'adopt').attach(name, act.serverIds);
    case 'detach':
      await ports.protect?.protect(name, act.serverIds, false);
      return requireCapability(ports, 'adopt').detach(name, act.serverIds);
    case 'protect':
      return requireCapability(ports, 'protect').protect(name, act.serverIds, true);
    case 'replaceUnhealthy':
      return requireCapability(ports, 'replaceUnhealthy').replaceUnhealthy(name, act.replace);
  }
}
