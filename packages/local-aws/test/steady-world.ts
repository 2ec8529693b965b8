import type { LaunchRequest } from '../src/ec2/server-world.ts';
import type { Instant } from '../src/service.ts';
import type { Placement, TrafficWorld, WorldMinute } from '../src/traffic-world.ts';

type Refusal = { readonly code: string; readonly message: string };
/** `hung` and `unhealthy` do not answer the health check, `dead` not even EC2's status checks. */
type Fate = 'well' | 'hung' | 'unhealthy' | 'dead';

const runningAfterMs = 10_000;

/** A world without chance: every server boots in the same time, and is as busy as all others. */
export class SteadyWorld implements TrafficWorld {
  readonly #bootMs: number;
  readonly #servers = new Map<string, { readonly bootedAt: Instant; fate: Fate }>();
  #refusal: (() => Refusal) | undefined;
  #toHang = 0;

  constructor({ bootSeconds = 90 }: { readonly bootSeconds?: number } = {}) {
    this.#bootMs = bootSeconds * 1000;
  }

  strike(instanceId: string, fate: Fate): void {
    this.#servers.get(instanceId)!.fate = fate;
  }

  /** The next so many servers hang while they boot. */
  hangNext(count: number): void {
    this.#toHang = count;
  }

  refuseLaunches(refusal: (() => Refusal) | undefined): void {
    this.#refusal = refusal;
  }

  refusal(): Refusal | undefined {
    return this.#refusal?.();
  }

  start(instanceId: string, _request: LaunchRequest, now: Instant): Instant {
    const fate = this.#toHang > 0 ? 'hung' : 'well';
    if (this.#toHang > 0) this.#toHang -= 1;
    this.#servers.set(instanceId, { bootedAt: now + this.#bootMs, fate });
    return now + runningAfterMs;
  }

  stop(instanceId: string): void {
    this.#servers.delete(instanceId);
  }

  reachable(instanceId: string): boolean {
    const server = this.#servers.get(instanceId);
    return server !== undefined && server.fate !== 'dead';
  }

  answers(instanceId: string, now: Instant): boolean {
    const server = this.#servers.get(instanceId);
    return server?.fate === 'well' && now >= server.bootedAt;
  }

  minute(_start: Instant, placements: readonly Placement[]): WorldMinute {
    const busy = { cpuPercent: 40, memoryPercent: 50, diskPercent: 20, bytesIn: 1e6, bytesOut: 1e7 };
    const silence = { requests: 0, unserved: 0, responseSeconds: { values: [], counts: [] } };
    const reachable = [...this.#servers.keys()].filter((id) => this.reachable(id));
    return {
      servers: new Map(reachable.map((id) => [id, busy])),
      traffic: new Map(placements.map(({ group }) => [group, silence])),
    };
  }
}
