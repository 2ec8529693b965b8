const MINUTES_PER_DAY = 1440;
const STEER_MINUTES = 5;
/** The promise is aimed at with this margin. */
const AIM = 0.8;
/** How fast the price follows the budget, per hour. */
const GAIN_PER_HOUR = 0.025;
const LEAST_PRICE = 0.0005;
const GREATEST_PRICE = 0.43;
const FIRST_PRICE = 0.005;
const BUDGET_DAYS = 14;

/** A budget as JSON. */
export interface SavedErrorBudget {
  lnPrice: number;
  minutes: number;
  meanDemand: number;
  window: [minutes: number, demand: number, unserved: number];
  spent: number[];
  day: number;
}

/**
 * The promise "at most this share of the load is unserved", kept as a budget: what was unserved is spent, what was carried earns.
 * It sets the price, the least use for which a server is worth having: high while there is budget, low after it was spent.
 */
export class ErrorBudget {
  readonly #promise: number;
  #lnPrice = Math.log(FIRST_PRICE);
  #minutes = 0;
  #meanDemand = 0;
  #window = 0;
  #demand = 0;
  #unserved = 0;
  /** Load unserved on each of the last days, in a ring. */
  readonly #spent = new Float64Array(BUDGET_DAYS);
  #day = 0;

  /** @param promise share of the load that may be unserved, such as 0.001 */
  constructor(promise: number) {
    this.#promise = promise;
  }

  /** The use of a server from which it is worth having, as a share of a minute. */
  get price(): number {
    return Math.exp(this.#lnPrice);
  }

  /** What is left of this fortnight's budget as a share; negative when the promise is broken. */
  get left(): number {
    const days = Math.min(BUDGET_DAYS, Math.max(1, this.#minutes / MINUTES_PER_DAY));
    let spent = 0;
    for (const unserved of this.#spent) spent += unserved;
    const budget = this.#promise * this.#meanDemand * days * MINUTES_PER_DAY;
    return budget > 0 ? 1 - spent / budget : 1;
  }

  /** Books a minute: its demand, and what of it the servers in service did not carry, both in servers. */
  book(minute: number, demand: number, unserved: number): void {
    this.#minutes++;
    this.#meanDemand += (demand - this.#meanDemand) / Math.min(this.#minutes, BUDGET_DAYS * MINUTES_PER_DAY);
    this.#bookDay(Math.floor(minute / MINUTES_PER_DAY), unserved);
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
  }

  #steer(): void {
    const experience = Math.min(1, Math.sqrt(this.#minutes / MINUTES_PER_DAY / BUDGET_DAYS));
    const aim = AIM * this.#promise * experience;
    const surplus = (this.#demand - this.#unserved / aim) / (STEER_MINUTES * this.#meanDemand || 1);
    const lnPrice = this.#lnPrice + ((GAIN_PER_HOUR * STEER_MINUTES) / 60) * surplus;
    this.#lnPrice = Math.min(Math.log(GREATEST_PRICE), Math.max(Math.log(LEAST_PRICE), lnPrice));
    this.#window = 0;
    this.#demand = 0;
    this.#unserved = 0;
  }

  toJSON(): SavedErrorBudget {
    return {
      lnPrice: this.#lnPrice,
      minutes: this.#minutes,
      meanDemand: this.#meanDemand,
      window: [this.#window, this.#demand, this.#unserved],
      spent: [...this.#spent],
      day: this.#day,
    };
  }

  restore(saved: SavedErrorBudget): void {
    this.#lnPrice = saved.lnPrice;
    this.#minutes = saved.minutes;
    this.#meanDemand = saved.meanDemand;
    [this.#window, this.#demand, this.#unserved] = saved.window;
    this.#spent.set(saved.spent);
    this.#day = saved.day;
  }
}
