const bootMs = 20_000;

interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Servers of another cloud that run at once, and answer after a while; where they are sold out, no new ones are to be had. */
export class IdleServers {
  isSoldOut = false;
  readonly #soldOut: Refusal;
  readonly #readyAt = new Map<string, number>();

  /** @param soldOut in the words of the cloud */
  constructor(soldOut: Refusal) {
    this.#soldOut = soldOut;
  }

  refusal(): Refusal | undefined {
    return this.isSoldOut ? this.#soldOut : undefined;
  }

  start(id: string, _request: unknown, now: number): number {
    this.#readyAt.set(id, now + bootMs);
    return now;
  }

  stop(id: string): void {
    this.#readyAt.delete(id);
  }

  reachable(id: string): boolean {
    return this.#readyAt.has(id);
  }

  answers(id: string, now: number): boolean {
    return now >= (this.#readyAt.get(id) ?? Number.POSITIVE_INFINITY);
  }
}
