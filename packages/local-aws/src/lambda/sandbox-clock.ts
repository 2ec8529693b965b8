import { createRequire, syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

/** How a sandbox's time runs: from `now` on, `speed` times as fast as the machine's; 0 is simulated time. */
export interface ClockSetting {
  readonly now: number;
  readonly speed: number;
}

interface Timer {
  due: number;
  readonly sequence: number;
  readonly intervalMs: number | undefined;
  readonly run: () => void;
}

const real = { Date, setTimeout, clearTimeout, performanceNow: performance.now.bind(performance) };

/**
 * How often a sandbox in simulated time looks whether it is waiting for nothing but its timers; less and less often while something
 * else is under way: a sweep of sixty groups that looked each millisecond would look hundreds of times.
 */
const pollMs = 1;
const longestPollMs = 8;
/** Looks in a row that must find nothing under way, before a timer fires or the sandbox is found to wait for nothing. */
const looksBeforeJump = 2;
const looksBeforeStalled = 100;

/**
 * The clock and the timers that code in a sandbox sees, in place of the machine's. In simulated time they stand still
 * while anything is under way, and jump to the next timer when the code waits for nothing else: a back-off of five
 * seconds takes five seconds of the sandbox's time and none of the machine's.
 */
export class SandboxClock {
  #setting: ClockSetting = { now: 0, speed: 0 };
  #machine = 0;
  #sequence = 0;
  readonly #timers = new Map<number, Timer>();
  #wake: NodeJS.Timeout | undefined;
  #quietLooks = 0;
  #pollMs = pollMs;
  #deadline = Number.POSITIVE_INFINITY;
  #onDeadline: () => void = () => {};

  now(): number {
    const { now, speed } = this.#setting;
    return speed === 0 ? now : now + (real.performanceNow() - this.#machine) * speed;
  }

  /** Time runs from here on; `onDeadline` is called if it reaches `deadline`, or if nothing can ever happen again. */
  start(setting: ClockSetting, deadline: number, onDeadline: () => void): void {
    this.#setting = setting;
    this.#machine = real.performanceNow();
    this.#deadline = deadline;
    this.#onDeadline = onDeadline;
    this.#quietLooks = 0;
    this.#pollMs = pollMs;
    this.#schedule();
  }

  /** As Lambda freezes an environment between invocations: timers wait until the next one. */
  freeze(): void {
    real.clearTimeout(this.#wake);
    this.#wake = undefined;
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  add(delayMs: unknown, intervalMs: number | undefined, run: () => void): number {
    // As in Node: a delay below a millisecond is one, or a loop that waits for time to pass would wait for ever.
    const delay = Math.max(1, Math.trunc(Number(delayMs) || 1));
    const sequence = ++this.#sequence;
    this.#timers.set(sequence, { due: this.now() + delay, sequence, intervalMs, run });
    if (this.#setting.speed > 0) this.#schedule();
    return sequence;
  }

  remove(sequence: number): void {
    this.#timers.delete(sequence);
  }

  has(sequence: number): boolean {
    return this.#timers.has(sequence);
  }

  #schedule(): void {
    real.clearTimeout(this.#wake);
    if (this.#setting.speed === 0) {
      this.#wake = real.setTimeout(() => this.#look(), this.#pollMs);
      return;
    }
    const next = this.#next();
    if (!next) return;
    const wait = Math.max(0, (next.due - this.now()) / this.#setting.speed);
    this.#wake = real.setTimeout(() => this.#fireDue(), Math.min(wait, 2 ** 31 - 1));
  }

  #fireDue(): void {
    for (let timer = this.#next(); timer && timer.due <= this.now(); timer = this.#next()) this.#fire(timer);
    this.#schedule();
  }

  #look(): void {
    const isBusy = isSomethingUnderWay();
    this.#quietLooks = isBusy ? 0 : this.#quietLooks + 1;
    this.#pollMs = isBusy ? Math.min(2 * this.#pollMs, longestPollMs) : pollMs;
    const next = this.#next();
    if (next && this.#quietLooks >= looksBeforeJump) this.#jumpTo(next);
    else if (this.#quietLooks >= looksBeforeStalled) this.#expire();
    if (this.#wake) this.#schedule();
  }

  #jumpTo(timer: Timer): void {
    this.#quietLooks = 0;
    if (timer.due >= this.#deadline) {
      this.#expire();
      return;
    }
    this.#setting = { now: Math.max(this.now(), timer.due), speed: 0 };
    this.#fire(timer);
  }

  #expire(): void {
    this.freeze();
    this.#onDeadline();
  }

  #fire(timer: Timer): void {
    if (timer.intervalMs === undefined) this.#timers.delete(timer.sequence);
    else timer.due = this.now() + timer.intervalMs;
    timer.run();
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (!next || timer.due < next.due) next = timer;
    }
    return next;
  }
}

/** Whether sockets, file reads or the like keep the event loop alive, apart from what this sandbox itself needs. */
function isSomethingUnderWay(): boolean {
  const active = process.getActiveResourcesInfo().filter((type) => type !== 'Timeout');
  // One pipe leads to the local cloud.
  return active.length > (active.includes('PipeWrap') ? 1 : 0);
}

/** Puts the clock in place of the machine's, everywhere that code can find it: globals and built-in modules. */
export function installClock(clock: SandboxClock): void {
  const require = createRequire(import.meta.url);
  const promises = timerPromises(clock);
  const timers = timerFunctions(clock);
  Object.assign(timers.setTimeout, { [promisify.custom]: promises['setTimeout'] });
  Object.assign(globalThis, timers, { Date: dateOn(clock) });
  Object.assign(require('node:timers'), timers);
  Object.assign(require('node:timers/promises'), promises);
  const start = clock.now();
  performance.now = () => clock.now() - start;
  const nanoseconds = () => BigInt(Math.round((clock.now() - start) * 1e6));
  const hrtime = (previous?: [number, number]): [number, number] => {
    const elapsed = Number(nanoseconds()) - (previous ? previous[0] * 1e9 + previous[1] : 0);
    return [Math.floor(elapsed / 1e9), elapsed % 1e9];
  };
  process.hrtime = Object.assign(hrtime, { bigint: nanoseconds });
  syncBuiltinESMExports();
}

function dateOn(clock: SandboxClock): DateConstructor {
  return new Proxy(real.Date, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length > 0 ? given : [Math.floor(clock.now())], newTarget),
    apply: () => new real.Date(Math.floor(clock.now())).toString(),
    get: (target, name, receiver) =>
      name === 'now' ? () => Math.floor(clock.now()) : Reflect.get(target, name, receiver),
  });
}

function timerFunctions(clock: SandboxClock) {
  type Callback = (...given: unknown[]) => void;
  const clear = (timer: unknown) => {
    if (timer instanceof SandboxTimer || typeof timer === 'number') clock.remove(Number(timer));
  };
  return {
    setTimeout: (run: Callback, delayMs?: number, ...given: unknown[]) =>
      new SandboxTimer(clock, delayMs, undefined, () => run(...given)),
    setInterval: (run: Callback, delayMs?: number, ...given: unknown[]) =>
      new SandboxTimer(clock, delayMs, Math.max(1, Math.trunc(delayMs ?? 1)), () => run(...given)),
    clearTimeout: clear,
    clearInterval: clear,
  };
}

function timerPromises(clock: SandboxClock): Record<string, unknown> {
  const sleep = (delayMs?: number, value?: unknown, options: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      options.signal?.throwIfAborted();
      const timer = clock.add(delayMs, undefined, () => resolve(value));
      options.signal?.addEventListener('abort', () => {
        clock.remove(timer);
        reject(options.signal?.reason);
      });
    });
  return { setTimeout: sleep, scheduler: { wait: sleep, yield: () => sleep(0) } };
}

/** What `setTimeout` returns in a sandbox: what programs use of Node's own `Timeout`. */
class SandboxTimer {
  readonly #clock: SandboxClock;
  readonly #start: () => number;
  #id: number;

  constructor(clock: SandboxClock, delayMs: unknown, intervalMs: number | undefined, run: () => void) {
    this.#clock = clock;
    this.#start = () => clock.add(delayMs, intervalMs, run);
    this.#id = this.#start();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return this.#clock.has(this.#id);
  }

  refresh(): this {
    this.#clock.remove(this.#id);
    this.#id = this.#start();
    return this;
  }

  close(): this {
    this.#clock.remove(this.#id);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#id;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
