import type { Instant, ScalingGroup } from '../../shared/domain/observation.ts';
import { PortError } from '../../shared/ports/port-error.ts';
import { ChaosCloud } from './chaos-cloud.ts';
import { Checker, type Violation } from './checker.ts';
import { checks } from './checks.ts';
import { Coverage } from './coverage.ts';
import { delaysMs, latencyMs, retriedAfterMs } from './delays.ts';
import { Dice, type Draw } from './dice.ts';
import { EventQueue } from './event-queue.ts';
import { type CallFault, type Fault, Faults } from './faults.ts';
import { type FunctionRun, newTold } from './function-run.ts';
import { handlers } from './handlers.ts';
import type { Mutation } from './mutation.ts';
import { noteDenied, noteRefused, noteTold } from './note-told.ts';
import { OwnReads } from './own-reads.ts';
import type { Plan } from './plan.ts';
import { acts, interceptedPorts, type PortCall } from './port-call.ts';
import { toldOf } from './told-of.ts';
import { Turns } from './turns.ts';

/** Lambda retries an asynchronous invocation twice, then dead-letters it; the next sweep is the retry of the last. */
const attemptsOf = (functionName: string) => (functionName === 'sweep' ? 1 : 3);
const betweenAttemptsMs = 60_000;
const timeoutMs = 60_000;

/** How a plan is to be played. */
export interface Options {
  /** Ids of the happenings that take place; undefined: all. */
  readonly happenings?: ReadonlySet<string> | undefined;
  /** Places of the faults that may happen; undefined: all that are drawn. */
  readonly faults?: ReadonlySet<string> | undefined;
  readonly mutation?: Mutation | undefined;
  /** Hears what happens, line by line. */
  readonly tell?: ((line: string) => void) | undefined;
}

/** What a run has shown. */
export interface Played {
  readonly steps: number;
  readonly violations: readonly Violation[];
  readonly faults: readonly Fault[];
  readonly coverage: Coverage;
}

/**
 * Functions running in a cloud that fails, in virtual time: every call to a port is an entry of the event queue, so that
 * functions interleave between any two calls.
 */
export class Simulation {
  readonly world: ChaosCloud;
  readonly dice: Dice;
  readonly faults: Faults;
  readonly checker: Checker;
  readonly coverage = new Coverage();
  readonly #eventQueue = new EventQueue();
  readonly #turns = new Turns();
  readonly #mutation: Mutation | undefined;
  readonly #tell: Options['tell'];
  readonly #running = new Set<FunctionRun>();
  #steps = 0;

  constructor(plan: Plan, { faults, mutation, tell }: Options) {
    this.dice = new Dice(plan.seed);
    this.faults = new Faults(this.dice, plan.faultRate, faults);
    this.world = new ChaosCloud(plan, this.dice, (ms) => this.#pass(ms));
    this.checker = new Checker(this.world, checks);
    this.#mutation = mutation;
    this.#tell = tell;
  }

  get now(): Instant {
    return this.world.now;
  }

  at(instant: Instant, run: () => void): void {
    this.#eventQueue.plan(instant, run);
  }

  after(delayMs: number, run: () => void): void {
    this.#eventQueue.plan(this.now + delayMs, run);
  }

  /** Plays what is on the event queue until `end`, or until something is violated. */
  async playUntil(end: Instant): Promise<void> {
    for (let entry = this.#eventQueue.next(); entry; entry = this.#eventQueue.next()) {
      if (entry.at >= end) {
        this.#eventQueue.plan(entry.at, entry.run);
        return;
      }
      this.world.ports.clock.set(entry.at);
      entry.run();
      this.#steps++;
      // Everything that is ready to go on does so before the next entry.
      await this.#turns.next();
      if (this.checker.violations.length > 0) return;
    }
  }

  played(): Played {
    const { coverage, faults, checker } = this;
    for (const { kind } of faults.happened) coverage.count('fault', kind);
    for (const reason of checker.reasons) coverage.count('reason', reason);
    return { steps: this.#steps, violations: checker.violations, faults: faults.happened, coverage };
  }

  tell(line: () => string): void {
    this.#tell?.(`${new Date(this.now).toISOString().slice(11, 23)} ${line()}`);
  }

  /** An event on its way to a function, asynchronously. */
  deliver(functionName: string, payload: object, event: string): void {
    const delays = delaysMs(this.faults.ofDelivery(event), this.dice.of(`way of ${event}`));
    for (const [copy, delayMs] of delays.entries()) {
      this.after(delayMs, () => this.invoke(functionName, payload, copy === 0 ? event : `${event} again`, 1));
    }
  }

  /** Every process dies, in the middle of things. */
  killAll(): void {
    for (const invocation of this.#running) invocation.dead = true;
  }

  /** @param onEnd called with whether it succeeded, after the last attempt */
  invoke(
    functionName: string,
    payload: object,
    event: string,
    attempt: number,
    onEnd?: (success: boolean) => void,
  ): void {
    const id = `${event}/${attempt}`;
    const draw = this.dice.of(id);
    const invocation: FunctionRun = {
      id,
      functionName,
      payload,
      startedAt: this.now,
      skewMs: draw.chance(0.3) ? draw.between(-4000, 4000) : 0,
      scaler: this.world.scaler,
      dead: false,
      failed: false,
      refused: [],
      reads: new OwnReads(),
      told: newTold(),
    };
    this.#running.add(invocation);
    let ended = false;
    const end = (error?: unknown, answer?: object) => {
      if (ended) return;
      ended = true;
      this.#running.delete(invocation);
      const success = error === undefined;
      if (!invocation.dead) this.checker.answered(invocation, success, answer);
      if (success || attempt === attemptsOf(functionName)) {
        if (!success) this.coverage.count('fate', 'dead-lettered');
        onEnd?.(success);
        return;
      }
      this.after(betweenAttemptsMs * attempt, () =>
        this.invoke(functionName, payload, event, attempt + 1, onEnd),
      );
    };
    this.after(timeoutMs, () => {
      if (ended) return;
      invocation.dead = true;
      end(new Error('timed out'));
    });
    this.#run(invocation).then((answer) => end(undefined, answer), end);
  }

  #run(invocation: FunctionRun): Promise<object> {
    const { scaler, functionName, startedAt, skewMs, id } = invocation;
    const now = () => this.now + skewMs;
    const intercepted = interceptedPorts(invocation, scaler.ports, now, (call) => this.#send(call));
    const ports = this.#mutation?.ports?.(intercepted, this.world) ?? intercepted;
    const payload = this.#mutation?.payload?.(invocation.payload, this.now) ?? invocation.payload;
    const run = handlers[functionName]!(
      payload,
      { ...scaler, ports },
      {
        awsRequestId: id.replace(/\W/g, '-'),
        getRemainingTimeInMillis: () => timeoutMs - (this.now - startedAt),
      },
    );
    return this.#mutation?.answer?.(run) ?? run;
  }

  /** A call takes its time, and then happens, or does not. */
  #send(call: PortCall): Promise<unknown> {
    const draw = this.dice.of(call.place);
    const fault = this.faults.ofCall(call.place, draw, rareCalls.has(call.name) ? 10 : 1);
    return new Promise((resolve, reject) => {
      this.after(latencyMs(draw), () => {
        if (!call.by.dead) this.#perform(call, fault, draw)?.then(resolve, reject);
      });
    });
  }

  /** @returns undefined: the caller is dead, and no answer will come */
  #perform(call: PortCall, fault: CallFault | undefined, draw: Draw): Promise<unknown> | undefined {
    const { by, name, place } = call;
    this.coverage.count('call', name);
    if (fault) this.tell(() => `${place} ${name}: ${fault}`);
    if (fault?.startsWith('crash')) {
      this.coverage.count('crash', `${fault} ${name}`);
      if (fault === 'crash-after') this.#carryOut(call, 0).catch(() => {});
      by.dead = true;
      return undefined;
    }
    const isElsewhere = this.world.elsewhere !== undefined && isOfGroups(call.port);
    if (isElsewhere) return this.#answered(call, fault === 'repeated' ? undefined : fault, draw);
    if (fault === 'throttled' || fault === 'unavailable') {
      noteRefused(call);
      const code = fault === 'throttled' ? 'Throttled' : 'Unavailable';
      return Promise.reject(new PortError(code, `${name} of ${place}: ${fault}`));
    }
    return this.#answered(call, fault, draw);
  }

  async #answered(call: PortCall, fault: CallFault | undefined, draw: Draw): Promise<unknown> {
    const isLate = fault === 'stale' && this.checker.mayBeLate(call);
    const staleMs = isLate ? draw.between(1000, 8000) : 0;
    const isRefused = fault === 'throttled' || fault === 'unavailable';
    let answer = isRefused
      ? this.world.elsewhere!.wire.refusing(fault, draw.between(0, 2), () => this.#carryOut(call, 0))
      : this.#carryOut(call, staleMs);
    if (fault === 'repeated') {
      await answer.catch(() => {});
      await this.#pass(draw.of(retriedAfterMs) + draw.between(0, 1000));
      answer = this.#carryOut(call, 0);
    }
    const trueAt = this.now - staleMs;
    if (fault === 'answer-lost') {
      noteRefused(call);
      await answer.catch(() => {});
      throw new PortError('Unavailable', `${call.name} of ${call.place}: no answer`);
    }
    const arrived = await answer.catch((error: unknown) => {
      this.tell(() => `${call.place} ${call.name}: ${error}`);
      if (isOfGroups(call.port) && (isRefusal(error) || isOfReplaced(call, error)))
        if (isForGood(error)) noteDenied(call);
        else noteRefused(call);
      // As the adapters have it: of a call that was made twice a refusal says nothing.
      if (fault === 'repeated' && call.port === 'adopt')
        throw new PortError('Unavailable', `${call.name} of ${call.place}: ${error}`);
      throw error;
    });
    if (fault === 'stalled') await this.#pass(draw.between(10_000, 45_000));
    noteTold(call, arrived, trueAt, this.world.outside);
    return arrived;
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  async #carryOut(call: PortCall, staleMs: number): Promise<unknown> {
    const { by, port, method, args } = call;
    const stale = this.checker.asOf(call, this.now - staleMs);
    const target = this.world.offeredTo(by.functionName, by.scaler.fleet)[port] as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >;
    this.checker.before(call);
    if (isOfGroups(port) && typeof args[0] === 'string' && !this.world.isThere(args[0], this.now))
      throw new PortError('NotFound', `${call.name}: there is no scaling group ${args[0]}`);
    const perform = () => target[method]!(...args);
    const begun = this.now;
    const { elsewhere } = this.world;
    const isAct = elsewhere !== undefined && acts.has(method);
    const asked = method === 'setDesired' ? (args[1] as number) : undefined;
    const all = stale ?? (await (isAct ? elsewhere.byScaler(args[0] as string, perform, asked) : perform()));
    const answer =
      call.name === 'groups.describe' ? this.#existing(all as Map<string, unknown>, this.now - staleMs) : all;
    if (call.name === 'groups.describe' && !stale && this.now === begun)
      this.checker.described(answer as Map<string, ScalingGroup>);
    this.tell(() => toldOf(call, answer));
    this.checker.after(call, answer);
    return answer;
  }

  #existing<T>(groups: ReadonlyMap<string, T>, then: Instant): ReadonlyMap<string, T> {
    return new Map([...groups].filter(([name]) => this.world.isThere(name, then)));
  }
}

/** Made once in hundreds of looks: they fail ten times as often, or hardly anybody would ever die at them. */
const rareCalls: ReadonlySet<string> = new Set([
  'adopt.attach',
  'adopt.detach',
  'protect.protect',
  'replaceUnhealthy.replaceUnhealthy',
  'rivals.nativeScaling',
]);

/** Refused for reasons that have nothing to do with what was asked. */
function isRefusal(error: unknown): boolean {
  return error instanceof PortError && ['Throttled', 'Unavailable', 'Denied'].includes(error.code);
}

/** The same call would be refused again. */
function isForGood(error: unknown): boolean {
  return error instanceof PortError && !error.transient;
}

/** Its launches were asked for, and it is there no more: nobody has to know of them. */
function isOfReplaced({ name }: PortCall, error: unknown): boolean {
  return name === 'launchFailures.launchFailure' && error instanceof PortError && error.code === 'NotFound';
}

/** Every port behind which the provider of the servers is. */
function isOfGroups(port: PortCall['port']): boolean {
  return !otherPorts.has(port);
}

const otherPorts: ReadonlySet<PortCall['port']> = new Set([
  'alarms',
  'metrics',
  'ledger',
  'activities',
  'events',
  'models',
]);
