import { minutesPerDay } from '../units.ts';

const STEER_MINUTES = 5;
/** The promise is aimed at with this margin. */
const AIM = 0.8;
/** How fast the correction follows the budget, per hour. */
const GAIN_PER_HOUR = 0.025;
/** A correction makes the price at most e times dearer or cheaper: the rest is what the replay of the past is for. */
const GREATEST_CORRECTION = 1;
/**
 * From this share of the budget on, what was spent makes servers worth more, by e for every half budget more. Half as steep and
 * from 0.8 on, the promise is broken in three more of 70 cases.
 */
const DEBT_FROM = 0.6;
const DEBT_PER_BUDGET = 2;
const GREATEST_PRICE = 0.43;
const LEAST_PRICE = 1e-6;
/** What the promise is kept over. */
const BUDGET_DAYS = 28;

/** A budget as JSON. */
export interface SavedErrorBudget {
  correction: number;
  minutes: number;
  meanDemand: number;
  window: [minutes: number, demand: number, unserved: number];
  spent: number[];
  day: number;
}

/**
 * The promise "at most this share of the load is unserved", kept as a budget: what was unserved is spent, what was carried earns.
 * It corrects the price, the least use for which a server is worth having: up while little is spent, down after more was, and
 * what was overspent in the last 28 days lowers it until it has been paid back.
 */
export class ErrorBudget {
  readonly #promise: number;
  #correction = 0;
  #minutes = 0;
  #meanDemand = 0;
  #window = 0;
  #demand = 0;
  #unserved = 0;
  /** Load unserved on each of the last days, in a ring. */
  readonly #spent = new Float64Array(BUDGET_DAYS);
  /** Their sum. */
  #sum = 0;
  #day = 0;

  /** @param promise share of the load that may be unserved, such as 0.001 */
  constructor(promise: number) {
    this.#promise = promise;
  }

  /**
   * The use of a server from which it is worth having, as a share of a minute.
   * @param base the price that would have kept the promise over the past
   */
  price(base: number): number {
    const debt = DEBT_PER_BUDGET * Math.max(0, 1 - this.left - DEBT_FROM);
    return Math.min(GREATEST_PRICE, Math.max(LEAST_PRICE, base * Math.exp(this.#correction - debt)));
  }

  /** The days that the budget is about: 28, or those since the first minute that was booked. */
  get days(): number {
    return Math.min(BUDGET_DAYS, this.#minutes / minutesPerDay);
  }

  /** What is left of the last 28 days' budget as a share; negative when the promise is broken. */
  get left(): number {
    const budget = this.#promise * this.#meanDemand * Math.max(1, this.days) * minutesPerDay;
    return budget > 0 ? 1 - this.#sum / budget : 1;
  }

  /** Books a minute: its demand, and what of it the servers in service did not carry, both in servers. */
  book(minute: number, demand: number, unserved: number): void {
    this.#minutes++;
    this.#meanDemand += (demand - this.#meanDemand) / Math.min(this.#minutes, BUDGET_DAYS * minutesPerDay);
    this.#bookDay(Math.floor(minute / minutesPerDay), unserved);
    this.#demand += demand;
    this.#unserved += unserved;
    if (++this.#window === STEER_MINUTES) this.#steer();
  }

  #bookDay(day: number, unserved: number): void {
    for (let stale = Math.max(this.#day + 1, day - BUDGET_DAYS + 1); stale <= day; stale++) {
      this.#spent[stale % BUDGET_DAYS] = 0;
    }
    this.#day = day;
    this.#spent[day % BUDGET_DAYS]! += unserved;
    this.#sumUp();
  }

  #sumUp(): void {
    this.#sum = 0;
    for (const unserved of this.#spent) this.#sum += unserved;
  }

  #steer(): void {
    const experience = Math.min(1, Math.sqrt(this.#minutes / minutesPerDay / BUDGET_DAYS));
    const aim = AIM * this.#promise * experience;
    const surplus = (this.#demand - this.#unserved / aim) / (STEER_MINUTES * this.#meanDemand || 1);
    const correction = this.#correction + ((GAIN_PER_HOUR * STEER_MINUTES) / 60) * surplus;
    this.#correction = Math.min(GREATEST_CORRECTION, Math.max(-GREATEST_CORRECTION, correction));
    this.#window = 0;
    this.#demand = 0;
    this.#unserved = 0;
  }

  toJSON(): SavedErrorBudget {
    return {
      correction: this.#correction,
      minutes: this.#minutes,
      meanDemand: this.#meanDemand,
      window: [this.#window, this.#demand, this.#unserved],
      spent: [...this.#spent],
      day: this.#day,
    };
  }

  restore(saved: SavedErrorBudget): void {
    this.#correction = saved.correction;
    this.#minutes = saved.minutes;
    this.#meanDemand = saved.meanDemand;
    [this.#window, this.#demand, this.#unserved] = saved.window;
    this.#spent.set(saved.spent);
    this.#sumUp();
    this.#day = saved.day;
  }
}
