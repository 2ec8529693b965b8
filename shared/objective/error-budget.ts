import { minutesPerDay } from '../units.ts';

const steerMinutes = 5;
/** The promise is aimed at with this margin. */
const aimedShare = 0.8;
/** How fast the correction follows the budget, per hour. */
const gainPerHour = 0.025;
/**
 * A correction makes the price at most e times cheaper, and never dearer: while the reserve against crowds keeps all of them, nothing is
 * spent, and who took that for a reason to give the reserve back broke the promise with the next.
 */
const greatestCorrection = 1;
/** From this share of the budget on, what was spent makes servers worth more, by e for every half budget more. */
const debtFrom = 0.6;
const debtPerBudget = 2;
const greatestPrice = 0.43;
const leastPrice = 1e-6;
/** What the promise is kept over. */
const budgetDays = 28;

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
 * It corrects the price, the least use for which a server is worth having: down after more was spent than may be, and
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
  readonly #spent = new Float64Array(budgetDays);
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
    const debt = debtPerBudget * Math.max(0, 1 - this.left - debtFrom);
    return Math.min(greatestPrice, Math.max(leastPrice, base * Math.exp(this.#correction - debt)));
  }

  /** The days that the budget is about: 28, or those since the first minute that was booked. */
  get days(): number {
    return Math.min(budgetDays, this.#minutes / minutesPerDay);
  }

  /** The share of the load that really was unserved in the days of the budget. */
  get unservedShare(): number {
    return this.#promise * (1 - this.left);
  }

  /** What is left of the last 28 days' budget as a share; negative when the promise is broken. */
  get left(): number {
    const budget = this.#promise * this.#meanDemand * Math.max(1, this.days) * minutesPerDay;
    return budget > 0 ? 1 - this.#sum / budget : 1;
  }

  /** Books a minute: its demand, and what of it the servers in service did not carry, both in servers. */
  book(minute: number, demand: number, unserved: number): void {
    this.#minutes++;
    this.#meanDemand += (demand - this.#meanDemand) / Math.min(this.#minutes, budgetDays * minutesPerDay);
    this.#bookDay(Math.floor(minute / minutesPerDay), unserved);
    this.#demand += demand;
    this.#unserved += unserved;
    if (++this.#window === steerMinutes) this.#steer();
  }

  #bookDay(day: number, unserved: number): void {
    if (day === this.#day && unserved === 0) return;
    for (let stale = Math.max(this.#day + 1, day - budgetDays + 1); stale <= day; stale++) {
      this.#spent[stale % budgetDays] = 0;
    }
    this.#day = day;
    this.#spent[day % budgetDays]! += unserved;
    this.#sumUp();
  }

  #sumUp(): void {
    this.#sum = 0;
    for (const unserved of this.#spent) this.#sum += unserved;
  }

  #steer(): void {
    const experience = Math.min(1, Math.sqrt(this.#minutes / minutesPerDay / budgetDays));
    const aim = aimedShare * this.#promise * experience;
    const surplus = (this.#demand - this.#unserved / aim) / (steerMinutes * this.#meanDemand || 1);
    const correction = this.#correction + ((gainPerHour * steerMinutes) / 60) * surplus;
    this.#correction = Math.min(0, Math.max(-greatestCorrection, correction));
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
