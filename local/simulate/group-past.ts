/** Minutes are evaluated and read when they have ended and another minute has passed. */
export const visibilityDelayMinutes = 1;

/**
 * What one group has been through, minute by minute, as running totals: any period's sum or mean is a subtraction,
 * however long the period or the past.
 */
export class GroupPast {
  readonly #requests: Float64Array;
  /** CPU in %, summed over the servers that were in service. */
  readonly #cpu: Float64Array;
  readonly #servers: Float64Array;
  #minutes = 0;

  constructor(capacityMinutes: number) {
    this.#requests = new Float64Array(capacityMinutes + 1);
    this.#cpu = new Float64Array(capacityMinutes + 1);
    this.#servers = new Float64Array(capacityMinutes + 1);
  }

  get minutes(): number {
    return this.#minutes;
  }

  /** The next minute: its requests, and how busy its servers were. */
  add(requests: number, cpuPercent: number, servers: number): void {
    const at = this.#minutes++;
    this.#requests[at + 1] = this.#requests[at]! + requests;
    this.#cpu[at + 1] = this.#cpu[at]! + cpuPercent * servers;
    this.#servers[at + 1] = this.#servers[at]! + servers;
  }

  /** Requests in the minutes `[from, to)`; undefined before the first. */
  requests(from: number, to: number): number | undefined {
    return from < 0 ? undefined : this.#requests[to]! - this.#requests[from]!;
  }

  /** Mean CPU of the servers in `[from, to)`, in %; undefined while there were none. */
  cpu(from: number, to: number): number | undefined {
    if (from < 0) return undefined;
    const servers = this.#servers[to]! - this.#servers[from]!;
    return servers === 0 ? undefined : (this.#cpu[to]! - this.#cpu[from]!) / servers;
  }

  /** Requests per server in `[from, to)`. */
  requestsPerServer(from: number, to: number): number | undefined {
    if (from < 0) return undefined;
    const servers = (this.#servers[to]! - this.#servers[from]!) / (to - from);
    return servers === 0 ? 0 : (this.#requests[to]! - this.#requests[from]!) / servers;
  }
}
