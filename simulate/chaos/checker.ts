import { isDeepStrictEqual } from 'node:util';
import type { Activity } from '../../shared/domain/activity.ts';
import type { Ledger, OpenActivity } from '../../shared/domain/ledger.ts';
import type { AlarmState, Instant, ScalingGroup } from '../../shared/domain/observation.ts';
import type { GroupState } from '../../shared/engine/group-state.ts';
import { minuteMs } from '../../shared/units.ts';
import type { ChaosCloud } from './chaos-cloud.ts';
import type { FunctionRun } from './function-run.ts';
import { noteDue } from './note-told.ts';
import { newPast, type Past } from './past.ts';
import type { PortCall } from './port-call.ts';
import { titleOf } from './title-of.ts';
import type { Write } from './write.ts';

/** A promise that was not kept. */
export interface Violation {
  /** The invariant's number in the design. */
  readonly invariant: number;
  readonly message: string;
  readonly at: Instant;
}

const mailedWithinMs = 180_000;
const remembersMs = 20_000;

/** What is held to the invariants, and when. */
export interface Checks {
  /** A call that is about to be made. */
  act(checker: Checker, call: PortCall): void;
  /** Desired that was set, and what it was before. */
  acted(checker: Checker, call: PortCall, before: number): void;
  /** A ledger that was written. */
  write(checker: Checker, write: Write): void;
  /** What a function has answered. */
  answer(checker: Checker, invocation: FunctionRun, answer: object | undefined): void;
  /** A group that nothing has happened to for a while. */
  settled(checker: Checker, state: GroupState): void;
}

/** Sees every call between the scaler and the cloud, and holds it to the invariants. It shares no code with what it judges. */
export class Checker {
  readonly violations: Violation[] = [];
  readonly reasons: string[] = [];
  readonly world: ChaosCloud;
  readonly #pasts = new Map<string, Past>();
  readonly #snapshots = new Map<string, [Instant, ScalingGroup][]>();
  /** What was written last: the checker keeps its own copies. */
  readonly #ledgers = new Map<string, Ledger>();

  readonly #checks: Checks;
  /** Desired as it was when a call began that sets it. */
  readonly #desiredBefore = new WeakMap<PortCall, number>();

  constructor(world: ChaosCloud, checks: Checks) {
    this.world = world;
    this.#checks = checks;
  }

  violate(invariant: number, message: string): void {
    this.violations.push({ invariant, message, at: this.world.now });
  }

  pastOf(group: string): Past {
    let past = this.#pasts.get(group);
    if (!past) {
      past = newPast();
      this.#pasts.set(group, past);
    }
    return past;
  }

  /** The ledger as it is stored. */
  ledgerOf(group: string): Ledger | undefined {
    return this.#ledgers.get(group);
  }

  /** A ledger is lost: with it goes all that was ever granted and under way. */
  forget(group: string): void {
    this.#pasts.delete(group);
    this.#ledgers.delete(group);
  }

  /** Nothing was ever granted to it; but what was under way in the old one has ended. */
  meetAnother(group: string): void {
    const { opened } = this.pastOf(group);
    this.#pasts.set(group, { ...newPast(), opened });
  }

  /** May it be answered with what was true some seconds ago? */
  mayBeLate({ name, args }: PortCall): boolean {
    if (name !== 'groups.describe') return true;
    return !(args[0] as string[]).some((scalingGroup) => this.world.shown(scalingGroup).neverLate);
  }

  /** What a description of some seconds ago would have said; undefined: nothing else than one of now. */
  asOf({ name, args }: PortCall, then: Instant): Map<string, unknown> | undefined {
    if (then === this.world.now) return undefined;
    if (name === 'alarms.describe') return this.#alarmsAsOf(args[0] as string[], then);
    if (name !== 'groups.describe') return undefined;
    const found = new Map<string, ScalingGroup>();
    for (const scalingGroup of args[0] as string[]) {
      const past = this.#snapshots.get(scalingGroup)?.findLast(([at]) => at <= then);
      const shown = this.world.shown(scalingGroup);
      found.set(scalingGroup, past?.[1] ?? shown);
    }
    return found;
  }

  #alarmsAsOf(names: readonly string[], then: Instant): Map<string, AlarmState> {
    return new Map(
      names.flatMap((name) => {
        const state = this.world.measurements.transitions.get(name)?.findLast(({ since }) => since <= then);
        return state
          ? [[name, { ...this.world.measurements.watchedBy(name), value: state.value, since: state.since }]]
          : [];
      }),
    );
  }

  before(call: PortCall): void {
    noteDue(call);
    this.#checks.act(this, call);
    if (call.name === 'groups.setDesired')
      this.#desiredBefore.set(call, this.world.shown(call.args[0] as string).desired);
  }

  after(call: PortCall, answer: unknown): void {
    this.remember();
    const { name, args, by } = call;
    const desiredBefore = this.#desiredBefore.get(call);
    if (desiredBefore !== undefined) this.#checks.acted(this, call, desiredBefore);
    if (name === 'ledger.write' && answer === 'written') {
      const [name, after] = args as [string, Ledger];
      this.#checks.write(this, {
        by,
        group: by.scaler.groups.get(name)!,
        before: this.ledgerOf(name),
        after,
      });
      this.#ledgers.set(name, after);
      const { scalingGroup } = by.scaler.groups.get(name)!;
      by.told.decidedOn.set(scalingGroup, by.told.groups.get(scalingGroup)?.desired ?? after.desired);
      this.world.committed(name, after);
      this.remember();
    }
  }

  /** What an adapter tells of groups is what is there. */
  described(found: ReadonlyMap<string, ScalingGroup>): void {
    if (!this.world.elsewhere) return;
    for (const [name, told] of found) {
      const there = this.world.shown(name);
      // Mostly it is told in the same order; what differs in no more than that is the same too.
      if (isDeepStrictEqual(told, there)) continue;
      if (JSON.stringify(inOrder(told)) !== JSON.stringify(inOrder(there)))
        this.violate(8, `${name} is told as ${JSON.stringify(told)}, and is ${JSON.stringify(there)}`);
    }
  }

  answered(invocation: FunctionRun, success: boolean, answer: object | undefined): void {
    const { reasons } = (answer ?? {}) as { reasons?: Record<string, number> };
    this.reasons.push(...Object.keys(reasons ?? {}));
    if (!success) return;
    this.#checks.answer(this, invocation, answer);
    if (invocation.failed || invocation.reads.isBlind)
      this.violate(
        8,
        `${invocation.id} (${invocation.functionName}) reports success though a call of it failed`,
      );
  }

  /** @returns false when a step is still to be taken */
  settled(states: readonly GroupState[]): boolean {
    // What a provider has refused, as an activity is under way there, the next sweep tries again.
    if (states.some(({ decision, ledger }) => decision.ledger !== ledger || decision.act)) return false;
    for (const state of states) this.#checks.settled(this, state);
    return true;
  }

  /** What people are to hear of was mailed, in no more than one mail a minute. */
  checkMail(): void {
    const { published, mails } = this.world.ports.events;
    const minutes = mails.map(({ at }) => Math.floor(at / minuteMs));
    if (new Set(minutes).size < minutes.length) this.violate(8, 'two mails were sent in one minute');
    const told = mails.map(({ subject, text }) => `${subject}\n${text}`).join('\n');
    const due = published.filter(({ forPeople, at }) => forPeople && at < this.world.now - mailedWithinMs);
    const unsent = due.find(({ subject }) => !told.includes(subject.slice(0, 80)));
    if (unsent) this.violate(8, `people were never told: ${unsent.subject}`);
  }

  /** Every activity that was ever opened has ended, in the log too. */
  async ended(): Promise<void> {
    this.checkMail();
    for (const [name, { opened }] of this.#pasts) {
      const rows = new Map(this.world.ports.activities.of(name).map((row) => [row.activityId, row]));
      const open = new Set(this.ledgerOf(name)?.open.map(({ activityId }) => activityId));
      for (const activity of opened.values()) {
        const row = rows.get(activity.activityId);
        if (!row) {
          if (!isVainAgain(activity, rows.values()))
            this.violate(6, `${titleOf(activity)}: is not in the history`);
        } else if (open.has(activity.activityId)) {
          if (this.world.now > activity.deadline + 180_000)
            this.violate(6, `${titleOf(activity)}: is open beyond its deadline`);
        } else if (row.endedAt === undefined)
          this.violate(6, `${titleOf(activity)}: has no end in the history`);
      }
    }
  }

  /** Notes how the groups are, which a late description may show for a while: after every call, and whenever the world moves. */
  remember(): void {
    for (const { scalingGroup } of this.world.scaler.groups.values()) {
      const snapshots = this.#snapshots.get(scalingGroup) ?? [];
      this.#snapshots.set(scalingGroup, snapshots);
      const snapshot = this.world.shown(scalingGroup);
      if (snapshots.at(-1)?.[1] !== snapshot) snapshots.push([this.world.now, snapshot]);
      while (snapshots.length > 1 && snapshots[1]![0] < this.world.now - remembersMs) snapshots.shift();
    }
  }
}

/**
 * Servers of the fleet file that could not be attached or let go are tried again and again, in silence: one that has changed
 * nothing needs no row of its own, if there is one that says of the same servers that they could not.
 */
function isVainAgain(
  { quiet, phase, statusCode, reason, attach, detach }: OpenActivity,
  rows: Iterable<Activity>,
): boolean {
  if (!quiet || phase !== 'intended' || statusCode === 'Successful') return false;
  const failed = [...rows].filter((row) => row.reason === reason && row.statusCode === 'Failed');
  return (attach ?? detach ?? []).every((id) =>
    failed.some(({ why }) => 'ids' in why && why.ids.includes(id)),
  );
}

function inOrder({ servers, ...group }: ScalingGroup): unknown[] {
  const keys = Object.entries(group).filter(([, value]) => value !== undefined);
  return [keys.toSorted(([one], [other]) => (one < other ? -1 : 1)), servers.map(named).toSorted()];
}

function named({ id, lifecycle, protectedFromScaleIn, weight }: ScalingGroup['servers'][number]): string {
  return `${id} ${lifecycle} ${protectedFromScaleIn} ${weight}`;
}
