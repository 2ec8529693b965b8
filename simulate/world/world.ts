import { countsLate, usuallyLate } from './publication.ts';
import { type Random, seededRandom } from './random.ts';
import { type Fate, Server, type ServerMinute } from './server.ts';
import { serve, type TrafficMinute } from './traffic.ts';

/** How the servers of a group behave, and who comes to them. */
export interface GroupModel {
  /** What one server carries at 100 % CPU. */
  requestsPerSecondPerServer: number;
  /** From launch to the first answered health check, on average. */
  bootSeconds: number;
  /** Requests in the minute that starts at an instant. */
  load(minuteStart: number): number;
}

/** Sums over all minutes so far. */
export interface Account {
  requests: number;
  unserved: number;
}

interface LaunchRequest {
  readonly imageId: string;
  readonly instanceType: string;
  readonly availabilityZone: string;
  readonly group: string | undefined;
}

interface Refusal {
  code: string;
  message: string;
}

interface Placement {
  readonly group: string;
  readonly serving: readonly string[];
  readonly members: readonly string[];
}

const defaultModel: GroupModel = { requestsPerSecondPerServer: 100, bootSeconds: 90, load: () => 0 };
/** Boot times differ by up to this share from the group's. */
const bootSpread = 1 / 3;
/** EC2 shows an instance as running when its hardware is allotted, long before it has booted. */
const runningSeconds = { least: 6, spread: 9 };

/**
 * The world in which the servers stand: they boot, answer, carry load, fail. The same seed and the same calls give the
 * same world.
 */
export class World {
  readonly #random: Random;
  readonly #models: Readonly<Record<string, GroupModel>>;
  readonly #servers = new Map<string, Server>();
  readonly #accounts = new Map<string, Account>();
  readonly #brokenImages = new Set<string>();
  #refuses: ((request: LaunchRequest, now: number) => Refusal | undefined) | undefined;
  #toHang = 0;
  #publicationsLost = false;

  /** `models` are by the scaling group's name. */
  constructor(seed: number, models: Readonly<Record<string, GroupModel>>) {
    this.#random = seededRandom(seed);
    this.#models = models;
  }

  refusal(request: LaunchRequest, now: number): Refusal | undefined {
    return this.#refuses?.(request, now);
  }

  /** @returns when EC2 shows the instance as running */
  start(instanceId: string, request: LaunchRequest, now: number): number {
    const { bootSeconds } = this.#models[request.group ?? ''] ?? defaultModel;
    const boot = bootSeconds * (1 + bootSpread * (2 * this.#random.next() - 1));
    const running = runningSeconds.least + runningSeconds.spread * this.#random.next();
    const hangs = this.#brokenImages.has(request.imageId) || this.#toHang > 0;
    if (this.#toHang > 0) this.#toHang -= 1;
    const own = seededRandom(Math.floor(this.#random.next() * 2 ** 32));
    this.#servers.set(instanceId, new Server(now + Math.round(boot * 1000), hangs ? 'hung' : 'well', own));
    return now + Math.round(Math.min(running, boot) * 1000);
  }

  stop(instanceId: string): void {
    this.#servers.delete(instanceId);
  }

  reachable(instanceId: string): boolean {
    return this.#servers.get(instanceId)?.isReachable() ?? false;
  }

  answers(instanceId: string, now: number): boolean {
    return this.#servers.get(instanceId)?.answers(now) ?? false;
  }

  /** Plays the minute that starts at `start`: requests arrive, those who serve share them. */
  minute(start: number, placements: readonly Placement[]) {
    const traffic = new Map<string, TrafficMinute>();
    const burden = new Map<string, { requests: number; utilization: number }>();
    for (const { group, serving } of placements) {
      const model = this.#models[group] ?? defaultModel;
      const able = serving.filter((id) => this.answers(id, start));
      const minute = serve(model.load(start), serving.length, able.length, model.requestsPerSecondPerServer);
      traffic.set(group, minute);
      this.#account(group, minute);
      const requests = (minute.requests - minute.unserved) / Math.max(1, able.length);
      for (const id of able) burden.set(id, { requests, utilization: minute.utilization });
    }
    const servers = new Map<string, ServerMinute>();
    for (const [id, server] of this.#servers) {
      if (!server.isReachable()) continue;
      const { requests = 0, utilization = 0 } = burden.get(id) ?? {};
      servers.set(id, server.minute(start, requests, utilization));
    }
    return { servers, traffic };
  }

  /** What a group was asked for since the beginning, and what it could not serve. */
  accountOf(group: string): Account {
    return this.#accounts.get(group) ?? { requests: 0, unserved: 0 };
  }

  /** Decides a server's fate. */
  strike(instanceId: string, fate: Fate): void {
    const server = this.#servers.get(instanceId);
    if (!server) throw new RangeError(`there is no server ${instanceId}`);
    server.fate = fate;
  }

  /** Servers made from the image never start their application. */
  breakImage(imageId: string): void {
    this.#brokenImages.add(imageId);
  }

  /** The next so many servers hang while they boot. */
  hangNext(count: number): void {
    this.#toHang = count;
  }

  /** Decides of each launch whether it is refused, and how; undefined lets all through again. */
  refuseLaunches(refuses: ((request: LaunchRequest, now: number) => Refusal | undefined) | undefined): void {
    this.#refuses = refuses;
  }

  /** From now on, or until it is over, no datapoint reaches CloudWatch, as in an incident of a region. */
  losePublications(lost: boolean): void {
    this.#publicationsLost = lost;
  }

  /** A load balancer's counts come later than the rest, as late as the backtest has them. */
  get minutesLate(): (namespace: string, start: number) => number {
    return (namespace, start) => {
      if (this.#publicationsLost) return Number.POSITIVE_INFINITY;
      return namespace.endsWith('ELB') ? countsLate(start) : usuallyLate;
    };
  }

  #account(group: string, minute: TrafficMinute): void {
    const sum = this.accountOf(group);
    this.#accounts.set(group, {
      requests: sum.requests + minute.requests,
      unserved: sum.unserved + minute.unserved,
    });
  }
}
