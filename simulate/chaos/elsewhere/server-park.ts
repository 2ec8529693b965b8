import type { Instant, LaunchFailure } from '../../../shared/domain/observation.ts';
import type { Dice } from '../dice.ts';
import type { Launches } from '../launches.ts';

/** How long a launch hangs that does: longer than any activity of the scaler's waits. */
const hangsMs = 25 * 60_000;

interface Words {
  readonly code: string;
  readonly message: string;
}

/** With what words a cloud refuses a launch. */
export type RefusedLaunches = Readonly<Record<LaunchFailure['kind'], Words>>;

/** Servers of another cloud, which come and fail as `Launches` says. */
export class ServerPark {
  readonly #launches: Launches;
  readonly #dice: Dice;
  readonly #words: RefusedLaunches;
  /** Servers that are switched on, and when their application answers. */
  readonly #answersAt = new Map<string, Instant>();
  /** Servers whose application answers nobody, by what makes them. */
  readonly #failing = new Map<string, string>();
  #next: { readonly runsMs: number; readonly answersMs: number } | undefined;
  #asked = 0;

  constructor(launches: Launches, dice: Dice, words: RefusedLaunches) {
    this.#launches = launches;
    this.#dice = dice;
    this.#words = words;
  }

  /** Of launches that fail together, one in three comes all the same: the activity succeeds in part. */
  refusal(_request: unknown, now: Instant): Words | undefined {
    const launch = this.#launches.launch(now);
    const comes = this.#dice.of(`comes all the same ${this.#asked++}`).chance(0.3);
    if ('fails' in launch && !comes) return this.#words[launch.fails];
    const seconds = 'fails' in launch ? 40 : launch.inServiceAfterSeconds;
    const late = 'fails' in launch ? 0 : launch.healthyAfterSeconds - launch.inServiceAfterSeconds;
    const runsMs = Math.min(seconds * 1000, hangsMs);
    this.#next = { runsMs, answersMs: runsMs + late * 1000 };
    return undefined;
  }

  start(id: string, _request: unknown, now: Instant): Instant {
    const { runsMs, answersMs } = this.#next ?? { runsMs: 0, answersMs: 0 };
    this.#next = undefined;
    this.#answersAt.set(id, now + answersMs);
    return now + runsMs;
  }

  stop(id: string): void {
    this.#answersAt.delete(id);
  }

  reachable(id: string): boolean {
    return this.#answersAt.has(id);
  }

  answers(id: string, now: Instant): boolean {
    return !this.#isFailing(id) && now >= (this.#answersAt.get(id) ?? Number.POSITIVE_INFINITY);
  }

  fail(why: string, id: string): void {
    this.#failing.set(why, id);
  }

  heal(why: string): void {
    this.#failing.delete(why);
  }

  calm(now: Instant): void {
    this.#failing.clear();
    for (const [id, at] of this.#answersAt) this.#answersAt.set(id, Math.min(at, now));
  }

  #isFailing(id: string): boolean {
    for (const failing of this.#failing.values()) if (failing === id) return true;
    return false;
  }
}
