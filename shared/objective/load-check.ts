import type { DailyExtremes } from './daily-extremes.ts';
import { Relation, type SavedRelation } from './relation.ts';

/** A load of at most this share of its last hour's mean has fallen. */
const fallen = 0.3;
/** A load that was down to twice as much in the last hour (without evidence: in 28 days) has fallen like this before. */
const seenLow = 0.5;
/** Servers whose CPU is at least this share of what it was are as busy as before. */
const asBusy = 0.7;
/** Below this CPU in % servers do only their own housekeeping, which says nothing of the load. */
const leastCpu = 10;
/** A load of this many times its last hour's highest has risen at once. */
const risen = 3;
/** Servers that do at most this many times what they did most in the last hour are no busier. */
const noBusier = 1.3;
/** From this CPU in % on a server may be too full to show what it turns away. */
const fullCpu = 80;
/** A rise at once to this many times the highest of 28 days is not believed; fewer servers than this are never doubted. */
const unheardOf = 30;
const leastUnheardOf = 30;
/** Without other evidence, an unusual load is believed after this time. */
const fallBelievedAfterMinutes = 60;
const riseBelievedAfterMinutes = 15;
const hourMinutes = 60;

/** Why a load is not believed. */
export type DoubtReason = 'negative' | 'asBusy' | 'unhealthy' | 'neverSoLow' | 'noBusier' | 'neverSoHigh';

/** A load that is not believed, and against what. */
export interface Doubt {
  readonly why: DoubtReason;
  /** Mean load of the last hour that was believed. */
  readonly from: number;
  /** What was measured. */
  readonly to: number;
}

/** What was measured in a minute besides the load. NaN: unknown. */
export interface Evidence {
  readonly inService: number;
  /** Mean CPU of the servers in %. */
  readonly cpu: number;
  /** Servers that pass the health checks of their load balancer. */
  readonly healthy: number;
}

/** A check as JSON: the believed minutes of the last hour as load, CPU summed over the servers (null: unknown), … */
export interface SavedLoadCheck {
  hour: (number | null)[];
  relation: SavedRelation;
  since: number;
}

/**
 * Whether a load can be believed: a metric may be wrong by any factor while the servers go on as before. The CPU of the servers, the
 * balancer's count of healthy ones and the last hours are the evidence. What is not believed is unknown: the group holds.
 */
export class LoadCheck {
  readonly #extremes: DailyExtremes;
  /** The last hour that was believed, as a ring. */
  readonly #loads = new Float64Array(hourMinutes);
  readonly #busy = new Float64Array(hourMinutes);
  #count = 0;
  readonly #related = new Relation();
  /** Minute since which it is not believed; -1: it is. */
  #since = -1;

  /** @param extremes of the load that was believed */
  constructor(extremes: DailyExtremes) {
    this.#extremes = extremes;
  }

  /** undefined: it can be believed. */
  judge(minute: number, load: number, evidence: Evidence): Doubt | undefined {
    const why = load < 0 ? 'negative' : this.#doubtOf(minute, load, evidence);
    if (why) {
      if (this.#since < 0) this.#since = minute;
      return { why, from: this.#mean, to: load };
    }
    this.#since = -1;
    this.#believe(load, busyOf(evidence));
    return undefined;
  }

  /** Summed from the oldest to the newest, so that it does not depend on when it was saved. */
  get #mean(): number {
    const [loads, oldest] = [this.#loads, this.#count < hourMinutes ? 0 : this.#count % hourMinutes];
    let sum = 0;
    for (let at = oldest; at < Math.min(this.#count, hourMinutes); at++) sum += loads[at]!;
    for (let at = 0; at < oldest; at++) sum += loads[at]!;
    return sum / Math.min(this.#count, hourMinutes);
  }

  #doubtOf(minute: number, load: number, evidence: Evidence): DoubtReason | undefined {
    if (this.#count < hourMinutes) return undefined;
    const doubtful = this.#since < 0 ? 0 : minute - this.#since;
    const mean = this.#mean;
    if (load < fallen * mean) return this.#fall(load, evidence, doubtful);
    return load > risen * mean ? this.#rise(load, evidence, doubtful) : undefined;
  }

  #fall(load: number, evidence: Evidence, doubtful: number): DoubtReason | undefined {
    if (this.#wasLow(load / seenLow)) return undefined;
    const { healthy, inService, cpu } = evidence;
    if (2 * healthy < inService) return 'unhealthy';
    const [now, before] = [busyOf(evidence), meanOf(this.#busy)];
    if (Number.isFinite(now) && before > 0)
      return cpu >= leastCpu && now >= asBusy * before ? 'asBusy' : undefined;
    const isKnown = load >= seenLow * this.#extremes.lowest || doubtful >= fallBelievedAfterMinutes;
    return isKnown ? undefined : 'neverSoLow';
  }

  /** Whether a load of the last hour was as low as this, the newest first: of a load that stays low it is one of those. */
  #wasLow(low: number): boolean {
    for (let back = 1; back <= hourMinutes; back++) {
      if (this.#loads[(this.#count - back) % hourMinutes]! <= low) return true;
    }
    return false;
  }

  #rise(load: number, evidence: Evidence, doubtful: number): DoubtReason | undefined {
    if (load <= evidence.inService || load <= risen * highestOf(this.#loads)) return undefined;
    const [now, before] = [busyOf(evidence), highestOf(this.#busy)];
    if (this.#related.exists && Number.isFinite(now) && before > 0) {
      return evidence.cpu < fullCpu && now <= noBusier * before ? 'noBusier' : undefined;
    }
    const limit = Math.max(leastUnheardOf, unheardOf * this.#extremes.highest);
    return load > limit && doubtful < riseBelievedAfterMinutes ? 'neverSoHigh' : undefined;
  }

  #believe(load: number, busy: number): void {
    const slot = this.#count % hourMinutes;
    this.#loads[slot] = load;
    this.#busy[slot] = busy;
    this.#count++;
    if (Number.isFinite(busy)) this.#related.add(load, busy);
  }

  toJSON(): SavedLoadCheck {
    const kept = Math.min(this.#count, hourMinutes);
    const hour: (number | null)[] = [];
    for (let at = this.#count - kept; at < this.#count; at++) {
      const busy = this.#busy[at % hourMinutes]!;
      hour.push(this.#loads[at % hourMinutes]!, Number.isFinite(busy) ? busy : null);
    }
    return { hour, relation: this.#related.toJSON(), since: this.#since };
  }

  restore({ hour, relation, since }: SavedLoadCheck): void {
    for (let at = 0; at < hour.length; at += 2) {
      const slot = this.#count++ % hourMinutes;
      this.#loads[slot] = hour[at]!;
      this.#busy[slot] = hour[at + 1] ?? Number.NaN;
    }
    this.#related.restore(relation);
    this.#since = since;
  }
}

function busyOf({ cpu, inService }: Evidence): number {
  return cpu * inService;
}

/** NaN if one of them is unknown. */
function highestOf(values: Float64Array): number {
  let highest = values[0]!;
  for (let at = 1; at < values.length; at++) highest = Math.max(highest, values[at]!);
  return highest;
}

/** NaN if one of them is unknown. */
function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
