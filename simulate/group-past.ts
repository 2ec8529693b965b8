import { minuteMs } from '../shared/units.ts';
import { countsLate, mostLate, usuallyLate } from './world/publication.ts';

/** Minutes are evaluated and read when they have ended and another minute has passed. */
export const visibilityDelayMinutes = usuallyLate;

/** What happened in a minute: the requests, and how busy the servers that ran were on average. */
export interface PastMinute {
  readonly requests: number;
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly inService: number;
  /** Those in service and those that boot or leave. */
  readonly running: number;
}

/** What is measured of the minutes `[from, to)`; undefined where there is nothing. */
export interface MeasuredPast {
  requests(from: number, to: number): number | undefined;
  requestsPerServer(from: number, to: number): number | undefined;
  /** Mean of the servers that ran, in %. */
  cpu(from: number, to: number): number | undefined;
  memory(from: number, to: number): number | undefined;
}

/**
 * What one group has been through, minute by minute, as running totals: any period's sum or mean is a subtraction,
 * however long the period or the past.
 */
export class GroupPast implements MeasuredPast {
  /** What alarms and readings see of it now. */
  readonly published: MeasuredPast = {
    requests: (from, to) => this.#publishedRequests(from, to),
    requestsPerServer: (from, to) => perServer(this.#publishedRequests(from, to), this.servers(from, to)),
    cpu: (from, to) => this.cpu(from, to),
    memory: (from, to) => this.memory(from, to),
  };
  readonly #requests: Float64Array;
  /** CPU in %, summed over the servers that ran. */
  readonly #cpu: Float64Array;
  /** Memory in %, summed likewise. */
  readonly #memory: Float64Array;
  readonly #running: Float64Array;
  readonly #servers: Float64Array;
  readonly #start: number;
  #minutes = 0;

  /** @param start of the first minute, epoch milliseconds */
  constructor(capacityMinutes: number, start: number) {
    this.#start = start;
    this.#requests = new Float64Array(capacityMinutes + 1);
    this.#cpu = new Float64Array(capacityMinutes + 1);
    this.#memory = new Float64Array(capacityMinutes + 1);
    this.#running = new Float64Array(capacityMinutes + 1);
    this.#servers = new Float64Array(capacityMinutes + 1);
  }

  get minutes(): number {
    return this.#minutes;
  }

  /** The next minute. */
  add({ requests, cpuPercent, memoryPercent, inService, running }: PastMinute): void {
    const at = this.#minutes++;
    this.#requests[at + 1] = this.#requests[at]! + requests;
    this.#cpu[at + 1] = this.#cpu[at]! + cpuPercent * running;
    this.#memory[at + 1] = this.#memory[at]! + memoryPercent * running;
    this.#running[at + 1] = this.#running[at]! + running;
    this.#servers[at + 1] = this.#servers[at]! + inService;
  }

  /** Requests in the minutes `[from, to)`; undefined before the first. */
  requests(from: number, to: number): number | undefined {
    return from < 0 ? undefined : this.#requests[to]! - this.#requests[from]!;
  }

  /** Those that a load balancer has published by now; undefined while it has published none of these minutes. */
  #publishedRequests(from: number, to: number): number | undefined {
    let sum = this.requests(from, to);
    if (sum === undefined) return undefined;
    let missing = 0;
    for (let at = Math.max(from, this.#minutes - mostLate); at < to; at++) {
      if (this.#isPublished(at)) continue;
      sum -= this.#requests[at + 1]! - this.#requests[at]!;
      missing++;
    }
    return missing === to - from ? undefined : sum;
  }

  #isPublished(minute: number): boolean {
    return this.#minutes >= minute + 1 + countsLate(this.#start + minute * minuteMs);
  }

  /** Mean CPU of the servers that ran in `[from, to)`, in %; undefined while there were none. */
  cpu(from: number, to: number): number | undefined {
    return this.#meanOfServers(this.#cpu, from, to);
  }

  /** Mean memory in use on the servers that ran in `[from, to)`, in %; undefined while there were none. */
  memory(from: number, to: number): number | undefined {
    return this.#meanOfServers(this.#memory, from, to);
  }

  #meanOfServers(total: Float64Array, from: number, to: number): number | undefined {
    if (from < 0) return undefined;
    const running = this.#running[to]! - this.#running[from]!;
    return running === 0 ? undefined : (total[to]! - total[from]!) / running;
  }

  /** Mean number of servers that ran in `[from, to)`, in service or not. */
  running(from: number, to: number): number {
    return (this.#running[to]! - this.#running[from]!) / (to - from);
  }

  /** Mean number of servers in service in `[from, to)`. */
  servers(from: number, to: number): number {
    return (this.#servers[to]! - this.#servers[from]!) / (to - from);
  }

  /** Requests per server in `[from, to)`. */
  requestsPerServer(from: number, to: number): number | undefined {
    if (from < 0) return undefined;
    return perServer(this.requests(from, to), this.servers(from, to));
  }
}

function perServer(requests: number | undefined, servers: number): number | undefined {
  if (requests === undefined) return undefined;
  return servers === 0 ? 0 : requests / servers;
}
