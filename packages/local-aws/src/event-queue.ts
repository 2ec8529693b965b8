import type { EventQueue, Instant } from './service.ts';

interface Entry {
  readonly when: Instant;
  readonly sequence: number;
  readonly label: string;
  readonly task: () => void | Promise<void>;
  cancelled: boolean;
}

/** What the clock was when the machine's clock (`performance.now`, milliseconds) was, and how fast it runs since. */
interface Pace {
  readonly cloud: Instant;
  readonly machine: number;
  readonly speed: number;
}

/**
 * The one clock of a local cloud. It starts in simulated time, where nothing moves until somebody runs the event queue;
 * `follow` ties it to the machine's clock, `pause` holds it where it is.
 */
export class CloudEventQueue implements EventQueue {
  #now: Instant;
  #sequence = 0;
  /** Sorted by (when, sequence); the next entry is the first. */
  readonly #entries: Entry[] = [];
  #pace: Pace | undefined;
  #alarm: NodeJS.Timeout | undefined;
  /** How many entries and requests hold the clock still. */
  #holders = 0;
  /** On the machine's clock: since when it does. */
  #heldSince = 0;
  readonly #onError: (error: unknown, label: string) => void;

  /** `onError` hears of tasks that throw while the clock follows the machine's; in simulated time they reject `runUntil`. */
  constructor(start: Instant, onError: (error: unknown, label: string) => void = report) {
    this.#now = start;
    this.#onError = onError;
  }

  now(): Instant {
    // Never backwards: an entry that runs early by a rounding error has already moved the clock.
    if (this.#pace && !this.#isHeld) this.#now = Math.max(this.#now, wherePaceIs(this.#pace));
    return this.#now;
  }

  /** Times the machine's clock, or 0 while the clock is simulated, paused, or stands still for an entry. */
  get speed(): number {
    return this.#isHeld ? 0 : (this.#pace?.speed ?? 0);
  }

  at(when: Instant, label: string, task: () => void | Promise<void>): () => void {
    const entry: Entry = {
      when: Math.max(when, this.now()),
      sequence: this.#sequence++,
      label,
      task,
      cancelled: false,
    };
    this.#entries.splice(this.#positionAfter(entry.when), 0, entry);
    if (this.#pace && this.#entries[0] === entry) this.#setAlarm();
    return () => {
      entry.cancelled = true;
    };
  }

  /** Simulated time: runs everything that is due up to and at `end`, then sets the clock to `end`. */
  async runUntil(end: Instant): Promise<void> {
    await this.runWhile(() => {
      const next = this.#next();
      return next !== undefined && next.when <= end;
    });
    this.#now = Math.max(this.#now, end);
  }

  /** Simulated time: runs entry after entry for as long as `condition` holds and there are entries. */
  async runWhile(condition: () => boolean): Promise<void> {
    if (this.#pace)
      throw new Error('the eventQueue follows the machine’s clock: pause it before running it by hand');
    for (let entry = this.#next(); entry && condition(); entry = this.#next()) {
      this.#entries.shift();
      this.#now = entry.when;
      await entry.task();
    }
  }

  /**
   * Real time from now on, `speed` times as fast as the machine's clock. An entry that waits holds up no other at speed 1.
   * Faster, time stands still while one runs: what takes a moment must not seem to take minutes.
   */
  follow(speed = 1): void {
    if (!(speed > 0)) throw new RangeError(`speed must be positive, not ${speed}`);
    this.#pace = { cloud: this.now(), machine: performance.now(), speed };
    this.#setAlarm();
  }

  /**
   * Runs what somebody outside has asked for. Faster than real time, the clock stands still meanwhile, as it does for an
   * entry: a call of a second must not seem to take a minute, and time out.
   */
  async hold<T>(task: () => Promise<T>): Promise<T> {
    if (!this.#pace || this.#pace.speed <= 1) return task();
    this.#stop();
    try {
      return await task();
    } finally {
      this.#goOn();
    }
  }

  /** Holds the clock: back to simulated time. */
  pause(): void {
    this.#now = this.now();
    this.#pace = undefined;
    clearTimeout(this.#alarm);
  }

  get #isHeld(): boolean {
    return this.#holders > 0;
  }

  #stop(): void {
    this.now();
    if (this.#holders++ === 0) this.#heldSince = performance.now();
  }

  /** The time for which it stood still is left out. */
  #goOn(): void {
    if (--this.#holders > 0) return;
    if (this.#pace) {
      const { machine } = this.#pace;
      // A pace that was set meanwhile begins now.
      const since = Math.max(machine, this.#heldSince);
      this.#pace = { ...this.#pace, machine: machine + performance.now() - since };
    }
    this.#setAlarm();
  }

  #next(): Entry | undefined {
    while (this.#entries[0]?.cancelled) this.#entries.shift();
    return this.#entries[0];
  }

  #positionAfter(when: Instant): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#entries[middle]!.when <= when) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #setAlarm(): void {
    clearTimeout(this.#alarm);
    const next = this.#next();
    if (!next || !this.#pace || this.#isHeld) return;
    const delay = (next.when - this.now()) / this.#pace.speed;
    // Timers hold at most 2³¹ − 1 ms; waking early only sets the alarm again.
    this.#alarm = setTimeout(() => this.#runDue(), Math.min(Math.max(delay, 0), 2 ** 31 - 1));
  }

  #runDue(): void {
    // The holder of the clock sets the alarm again.
    if (this.#isHeld) return;
    if (this.#pace && this.#pace.speed > 1) return void this.#runDueOneByOne();
    for (let entry = this.#next(); this.#pace && entry && entry.when <= this.now(); entry = this.#next()) {
      this.#entries.shift();
      void this.#run(entry);
    }
    this.#setAlarm();
  }

  async #runDueOneByOne(): Promise<void> {
    // Entries run at their own times, one after the other, up to where the clock has come.
    const end = this.#pace ? wherePaceIs(this.#pace) : this.#now;
    this.#holders++;
    this.#heldSince = performance.now();
    for (let entry = this.#next(); this.#pace && entry && entry.when <= end; entry = this.#next()) {
      this.#entries.shift();
      this.#now = Math.max(this.#now, entry.when);
      await this.#run(entry);
    }
    this.#goOn();
  }

  async #run({ task, label }: Entry): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#onError(error, label);
    }
  }
}

function wherePaceIs({ cloud, machine, speed }: Pace): Instant {
  return Math.floor(cloud + (performance.now() - machine) * speed);
}

/** In real time nobody waits for an entry, and the others must go on. */
function report(error: unknown, label: string): void {
  console.error(`The local cloud failed at: ${label}`, error);
}
