import type { Activity } from '../domain/activity.ts';
import { fleetFileAsks } from '../domain/adoption.ts';
import type { Act, Decision } from '../domain/decision.ts';
import type { Ledger, OpenActivity } from '../domain/ledger.ts';
import type { Instant, Observation, ScalingGroup } from '../domain/observation.ts';
import { PortError } from '../ports/port-error.ts';
import type { Ports } from '../ports/ports.ts';
import { record, tell } from './record.ts';
import { requireCapability } from './require-capability.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';
import { Unsettled } from './unsettled.ts';

/** Lease: no other invocation retries an act for 50 s. It is being done, or its doer has died. */
const leaseMs = 50_000;
/** An act that has not begun 15 s after its commit is left to the next look: its lease might run out on it. */
const lateMs = 15_000;

/** What is known of the group once a step was carried out. */
export type CarriedOut = Partial<Pick<Observation, 'group' | 'set' | 'refused'>>;

/** `moved`: it was refused, as the group is no longer as it was seen; `refused`: it can never be done. */
type Performed =
  | { readonly kind: 'done'; readonly set: number | undefined }
  | { readonly kind: 'moved'; readonly set: undefined }
  | { readonly kind: 'refused'; readonly set: undefined; readonly refused: PortError };

/** Carries the decisions of one reconcile out: commits, acts, records. Nothing is done twice within it. */
export class Run {
  readonly #scaler: Scaler;
  readonly #group: ScalerGroup;
  readonly #problems: unknown[];
  readonly #done = new Set<string>();
  readonly #recorded = new Set<string>();
  #refusal: PortError | undefined;
  /** The ledger of this version is our own: who acts by it is nobody else. */
  #committed: number | undefined;

  /** @param problems gathers what must not be passed over, and holds nothing up */
  constructor(scaler: Scaler, group: ScalerGroup, problems: unknown[]) {
    this.#problems = problems;
    this.#scaler = scaler;
    this.#group = group;
  }

  /**
   * Was this act done by this run already? A read may not show it yet; the next look will.
   * @throws the refusal, when the very act that was refused is asked for again
   */
  isRepeated({ act }: Decision): boolean {
    const repeated = act !== undefined && this.#done.has(JSON.stringify(act));
    if (repeated && this.#refusal) throw this.#refusal;
    return repeated;
  }

  /**
   * Has another invocation begun an act whose lease still runs? Two would act twice, and the slower one too late.
   * What is under way is not given up either, nor taken for done because it is seen to be: its call may still be on
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
  async commit(decision: Decision, ledger: Ledger | undefined): Promise<Ledger | undefined | 'lost'> {
    const { ports } = this.#scaler;
    await this.#record(decision.forgets, (problem) => this.#problems.push(problem));
    const next = nextLedger(decision, ledger, ports.clock.now());
    if (!next) return ledger;
    const answer = await ports.ledger.write(this.#group.name, next, ledger?.version ?? 0);
    if (answer === 'lost') return 'lost';
    this.#committed = next.version;
    return next;
  }

  /**
   * Acts and goes on record. An act that fails leaves its activity pending, and is thrown.
   * @param seen the group that the decision rests on; undefined: it is not there
   * @returns what is known since
   */
  async carryOut(
    { act, activities, from }: Decision,
    committed: Ledger | undefined,
    seen: ScalingGroup | undefined,
  ): Promise<CarriedOut> {
    const { ports, log } = this.#scaler;
    const { scalingGroup, name } = this.#group;
    let done: Performed | undefined;
    try {
      if (act) done = await this.#perform(act, committed?.actingSince, seen);
    } catch (error) {
      await this.#record(activities).catch((second) =>
        log.warn('not on record', { group: name, error: second }),
      );
      throw error;
    }
    await this.#record(activities);
    if (!done) return { refused: undefined };
    const described = (await ports.groups.describe([scalingGroup])).get(scalingGroup);
    // A description may be late; that the provider has taken the new desired capacity is certain.
    const { set } = done;
    const late = set !== undefined && described?.desired === from;
    const group = late ? { ...described, desired: set } : described;
    // What the fleet file asks for in vain is told once, as news: no sweep fails by it.
    const byFile = activities.some(({ by }) => by === fleetFileAsks);
    if (done.kind === 'refused' && !byFile) this.#problems.push(done.refused);
    const refused = done.kind === 'refused' ? done.refused.message : undefined;
    return done.kind === 'done' ? { group, refused, set } : { group, refused };
  }

  /** Somebody may have moved the group or its bounds between the look and the act: that is looked at again. @throws PortError */
  async #perform(act: Act, begunAt: Instant | undefined, seen: ScalingGroup | undefined): Promise<Performed> {
    const { ports } = this.#scaler;
    const { name, scalingGroup } = this.#group;
    const lateness = ports.clock.now() - (begunAt ?? 0);
    if (lateness > lateMs) throw new Unsettled(`${name}: ${lateness} ms after the commit is too late to act`);
    if (!seen) throw new Unsettled(`${name}: there is no scaling group ${scalingGroup} to act on`);
    this.#done.add(JSON.stringify(act));
    try {
      await perform(ports, scalingGroup, act, seen);
      return { kind: 'done', set: act.kind === 'setDesired' ? act.desired : undefined };
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      if (error.code === 'Changed') {
        this.#done.delete(JSON.stringify(act));
        return { kind: 'moved', set: undefined };
      }
      if (error.code === 'OutOfBounds') {
        this.#refusal = error;
        return { kind: 'moved', set: undefined };
      }
      const movesServers = act.kind === 'attach' || act.kind === 'detach';
      if (movesServers && !error.transient) return { kind: 'refused', set: undefined, refused: error };
      throw error;
    }
  }

  /** @param onUntold default: it is thrown, and told of by the next look */
  async #record(activities: readonly Activity[], onUntold?: (problem: unknown) => void): Promise<void> {
    const key = (row: Activity) => `${row.activityId} ${row.statusCode} ${row.statusMessage}`;
    const rows = activities.filter((row) => !isUntold(row) && !this.#recorded.has(key(row)));
    await record(this.#scaler, rows);
    try {
      await tell(this.#scaler, this.#group, rows);
    } catch (problem) {
      if (!onUntold) throw problem;
      onUntold(problem);
    }
    for (const row of rows) this.#recorded.add(key(row));
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
