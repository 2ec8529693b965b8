import { DailyExtremes, type SavedDailyExtremes } from './daily-extremes.ts';
import { ErrorBudget, type SavedErrorBudget } from './error-budget.ts';
import { strained } from './horizon.ts';
import { type Doubt, LoadCheck, type SavedLoadCheck } from './load-check.ts';
import { LoadModel, type SavedLoadModel } from './load-model.ts';
import { serverLimit } from './most-servers.ts';
import type { ObjectivePolicy } from './objective-policy.ts';
import { Patience } from './patience.ts';
import { PriceReplay, type SavedPriceReplay } from './price-replay.ts';
import { seasonDays } from './seasons.ts';

/** However dear launches are made: a server that would be used this much is always launched. */
const greatestLeastUse = 0.9;
/** A surplus is borne by a small fleet as if it had this many servers more. */
const smallFleetServers = 15;
/** Servers launched ahead while the load rises, for every minute of patience: changes that are dear are made in one. */
const aheadPerPatience = 2;
/** Servers that carry this share of what they should are full: what a full server turns away may not show. */
const full = 0.9;
/** No more servers are asked for than for this many times the load that was seen, is there or is expected, and one more. */
const mostOfSeen = 1.75;
/** Servers this close to what their metric can show at most are taken to be full: what they turn away does not show. */
const saturated = 0.97;
/** Servers that leave are still measured, and look like load on those that stay. */
const leavingMinutes = 10;
/** Who knows little takes servers for worth e times as much at first, and less so each day of the first week. */
const firstCaution = 1;
const cautiousDays = 7;
/** What no price of servers would have kept is not held against any while a group is so new. */
const newDays = 1;
/** Unknown minutes in a row that are stepped through one by one; after a longer silence only the newest are. */
const longestSilenceMinutes = 240;

/** One minute as it was measured. */
export interface LoadMinute {
  /** Minutes since the epoch. */
  minute: number;
  /** Load in servers: what one server carries at the target is 1. NaN or negative: unknown. */
  load: number;
  /** Servers that served during this minute; NaN or negative: unknown. */
  inService: number;
  /** Desired capacity at that time, before what was then decided; NaN or negative: unknown. */
  desired: number;
  /** Mean CPU of the servers in %, where the load is measured by something else; undefined or NaN: unknown. */
  cpu?: number | undefined;
  /** Servers that pass the health checks of their load balancer; undefined or NaN: unknown. */
  healthy?: number | undefined;
}

/** What the load needs, with the numbers behind it. Loads are in servers. */
export interface Advice {
  /** Desired capacity that it asks for: above desired launches, below releases, equal holds. */
  desired: number;
  /** Servers worth keeping; giving back goes no lower. */
  keep: number;
  /** False while the load is unknown: then it holds. */
  known: boolean;
  /** Why the load that was measured is not believed. */
  doubt: Doubt | undefined;
  /** Load expected when a launch made now would be ready, and its error bar. */
  expects: number;
  error: number;
  /** Minutes since the epoch for which that is expected. */
  expectedMinute: number;
  /** Share of a minute that the last server of `desired` would be used. */
  lastServerUse: number;
  /** Use from which a server is worth having. */
  price: number;
  /** Share of the last 28 days' error budget that is left; negative when the promise is broken. */
  budgetLeft: number;
  /** The share of the load that may be unserved. */
  promise: number;
  /** The least share that the past weeks say can be promised: what was unserved, and what would have been at any price. */
  promisable: number;
  /** The days that this budget is about: 28, or those since it was begun. */
  budgetDays: number;
  /** Days of history. */
  days: number;
  /** Whether the season was used; not in the first two days. */
  seasonal: boolean;
  /** Whether forecasts were far off lately; the error bar is widened. */
  strained: boolean;
}

/** Everything that it remembers, as JSON: one compact item per group. */
export interface SavedObjective {
  model: SavedLoadModel;
  budget: SavedErrorBudget;
  prices: SavedPriceReplay;
  patience: number;
  extremes: SavedDailyExtremes;
  check: SavedLoadCheck;
  surplus: number;
  desired: number;
  scaledIn: number;
}

/**
 * Scaling to a promise: the cheapest fleet that leaves at most a promised share of the load unserved. It forecasts the load with
 * a learnt error bar, launches a server when its expected use pays, gives it back when the surplus is clear, and
 * lets its own past and the error budget set the price. Fed minute by minute; the cost of a minute does not depend on the past's length.
 */
export class Objective {
  readonly #policy: ObjectivePolicy;
  readonly #model: LoadModel;
  readonly #budget: ErrorBudget;
  readonly #prices: PriceReplay;
  readonly #patience: Patience;
  readonly #extremes = new DailyExtremes();
  readonly #check = new LoadCheck(this.#extremes);
  #surplus = 0;
  #desired = -1;
  /** The minute in which desired fell last. */
  #scaledIn = -1;
  #keep = 1;

  /** @param saved what `toJSON` gave, to go on from there */
  constructor(policy: ObjectivePolicy, saved?: SavedObjective) {
    this.#policy = policy;
    this.#model = new LoadModel(policy);
    this.#budget = new ErrorBudget(policy.unserved);
    this.#prices = new PriceReplay(policy.unserved);
    this.#patience = new Patience(policy.changesPerDay);
    if (!saved) return;
    this.#model.restore(saved.model);
    this.#budget.restore(saved.budget);
    this.#prices.restore(saved.prices);
    this.#patience.restore(saved.patience);
    this.#extremes.restore(saved.extremes);
    this.#check.restore(saved.check);
    this.#surplus = saved.surplus;
    this.#desired = saved.desired;
    this.#scaledIn = saved.scaledIn;
  }

  /** The newest minute it knows of, since the epoch; -1 before the first. */
  get minute(): number {
    return this.#model.minute;
  }

  /** Takes in the next minute and says what it makes of it. Minutes between the last one and this are unknown. */
  step(measured: LoadMinute): Advice {
    const doubt = this.#doubtOf(measured);
    const now = this.#credible(measured, doubt);
    this.#bridge(now.minute);
    const known = Number.isFinite(now.load);
    this.#replay(now, known);
    this.#model.observe(now.minute, now.load);
    this.#noteChange(now);
    if (known) this.#extremes.add(now.minute, now.load);
    if (known && Number.isFinite(now.inService) && this.#model.days >= seasonDays) {
      const servable = Math.min(now.load, this.#maxServers);
      this.#budget.book(now.minute, now.load, Math.max(0, servable - now.inService));
    }
    const price = this.#price;
    return this.#advise(known ? this.#want(now, price) : now.desired, known, doubt, price);
  }

  /** Before the model learns of the minute: how would each price have done? */
  #replay({ minute, load }: LoadMinute, known: boolean): void {
    const { ready, days } = this.#model;
    if (known) this.#prices.step(minute, Math.min(load, this.#maxServers), ready, days < newDays);
    else this.#prices.settle(minute, ready);
  }

  get #maxServers(): number {
    return Math.min(serverLimit, this.#policy.maxServers ?? serverLimit);
  }

  #doubtOf({
    minute,
    load,
    inService,
    cpu = Number.NaN,
    healthy = Number.NaN,
  }: LoadMinute): Doubt | undefined {
    return Number.isFinite(load) ? this.#check.judge(minute, load, { inService, cpu, healthy }) : undefined;
  }

  /** What is doubted, or a count that cannot be, is unknown; of desired capacity the last that was known stands in. */
  #credible({ minute, load, inService, desired }: LoadMinute, doubt: Doubt | undefined): LoadMinute {
    return {
      minute,
      load: isCount(load) && !doubt ? load : Number.NaN,
      inService: isCount(inService) ? inService : Number.NaN,
      desired: isCount(desired) ? desired : Math.max(0, this.#desired),
    };
  }

  #noteChange({ minute, desired }: LoadMinute): void {
    const changed = this.#desired >= 0 && desired !== this.#desired;
    this.#patience.book(changed);
    if (changed) this.#surplus = 0;
    if (desired < this.#desired) this.#scaledIn = minute;
    this.#desired = desired;
  }

  #bridge(minute: number): void {
    if (this.minute < 0 || minute === this.minute + 1) return;
    this.#prices.settle(this.minute, this.#model.ready);
    for (let gap = Math.max(this.minute + 1, minute - longestSilenceMinutes); gap < minute; gap++) {
      this.#model.observe(gap, Number.NaN);
    }
  }

  get #price(): number {
    const caution = firstCaution * Math.max(0, 1 - this.#model.days / cautiousDays);
    return this.#budget.price(this.#prices.price * Math.exp(-caution));
  }

  #want({ minute, load, inService, desired }: LoadMinute, price: number): number {
    const { now, ready } = this.#model;
    const most = this.#most(load);
    const expected = ready.newest;
    const wanted = Math.max(
      now.uses.need(now.newest, price, this.#keep),
      ready.uses.need(expected, price, this.#keep),
    );
    const keep = Math.min(most, wanted);
    this.#keep = keep;
    const doubled = this.#isSaturated(minute, load, inService)
      ? Math.min(this.#maxServers, 2 * inService)
      : 0;
    const leastUse = Math.min(greatestLeastUse, this.#policy.hesitation * price);
    const launch = Math.max(doubled, Math.min(most, ready.uses.need(expected, leastUse, keep)));
    if (launch > desired) return Math.max(doubled, Math.min(most, keep + this.#ahead()));
    // What is coming is needed by those that serve, whatever is expected later: it is not taken back.
    if (load > inService || (desired > inService && load > full * inService)) return desired;
    this.#surplus = keep < desired ? this.#surplus + desired - keep : 0;
    return this.#surplus > this.#patience.minutes * (desired + smallFleetServers) ? keep : desired;
  }

  /** Crowds that never came are no reason for a fleet of any size: it is bounded by what was seen. */
  #most(load: number): number {
    const seen = Math.max(load, this.#extremes.highest);
    return Math.min(this.#maxServers, Math.floor(mostOfSeen * seen) + 1);
  }

  /** Whether the servers are so full that nobody can say how much they turn away. */
  #isSaturated(minute: number, load: number, inService: number): boolean {
    const { saturation } = this.#policy;
    if (saturation === undefined || !(load >= saturated * saturation * inService)) return false;
    return this.#scaledIn < 0 || minute - this.#scaledIn > leavingMinutes;
  }

  /** Servers that a rising load will want soon. */
  #ahead(): number {
    const rising = this.#model.ready.expects > this.#model.recent.mean20;
    return rising ? Math.floor(aheadPerPatience * this.#patience.minutes) : 0;
  }

  #advise(desired: number, known: boolean, doubt: Doubt | undefined, price: number): Advice {
    const { ready, days } = this.#model;
    const expected = ready.newest;
    return {
      desired,
      keep: known ? this.#keep : desired,
      known,
      doubt,
      expects: expected.expects,
      error: expected.error,
      expectedMinute: expected.minute,
      lastServerUse: desired > 0 ? ready.uses.of(expected, desired) : 0,
      price,
      budgetLeft: this.#budget.left,
      promise: this.#policy.unserved,
      promisable: Math.max(this.#prices.leastUnserved, this.#budget.unservedShare),
      budgetDays: this.#budget.days,
      days,
      seasonal: this.#model.seasonKnown(ready.ahead),
      strained: ready.strain > strained,
    };
  }

  toJSON(): SavedObjective {
    return {
      model: this.#model.toJSON(),
      budget: this.#budget.toJSON(),
      prices: this.#prices.toJSON(),
      patience: this.#patience.toJSON(),
      extremes: this.#extremes.toJSON(),
      check: this.#check.toJSON(),
      surplus: this.#surplus,
      desired: this.#desired,
      scaledIn: this.#scaledIn,
    };
  }
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}
