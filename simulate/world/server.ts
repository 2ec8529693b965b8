import type { Random } from './random.ts';

/** What became of a server: `hung` never starts its application, `unhealthy` stopped answering, `dead` is gone altogether. */
export type Fate = 'well' | 'hung' | 'unhealthy' | 'dead';

/** What one server did in a minute. */
export interface ServerMinute {
  cpuPercent: number;
  memoryPercent: number;
  diskPercent: number;
  bytesIn: number;
  bytesOut: number;
}

const bytesInPerRequest = 2_000;
const bytesOutPerRequest = 20_000;
/** A server that does nothing is not quite idle. */
const idleCpuPercent = 3;
/** Installing and starting take CPU before there is any load. */
export const bootingCpuPercent = 35;
const cpuNoisePercent = 1.5;

/** Of the memory, what is used before there is any load, and what full load adds. */
const idleMemoryPercent = 30;
const loadedMemoryPercent = 45;

/** How busy a server is that carries this share of its capacity, 0 to 1, noise apart. */
export function busyCpuPercent(utilization: number): number {
  return idleCpuPercent + Math.min(1, utilization) * (100 - idleCpuPercent);
}

/** How much of its memory a server uses that carries this share of its capacity, 0 to 1, noise apart; 0 while it boots. */
export function usedMemoryPercent(utilization: number): number {
  return idleMemoryPercent + loadedMemoryPercent * Math.min(1, utilization);
}

/** One server: switched on, booting, answering, carrying load. Instants are epoch milliseconds. */
export class Server {
  readonly bootedAt: number;
  fate: Fate;
  readonly #random: Random;
  #diskPercent: number;

  constructor(bootedAt: number, fate: Fate, random: Random) {
    this.bootedAt = bootedAt;
    this.fate = fate;
    this.#random = random;
    this.#diskPercent = 15 + 5 * random.next();
  }

  /** Does the operating system answer? A hung or unhealthy server still does. */
  isReachable(): boolean {
    return this.fate !== 'dead';
  }

  /** Does the application answer its health check? */
  answers(now: number): boolean {
    return this.fate === 'well' && now >= this.bootedAt;
  }

  /** What a minute with so many requests, `utilization` of its capacity (0 to 1), looks like from inside. */
  minute(now: number, requests: number, utilization: number): ServerMinute {
    const busy = now < this.bootedAt ? bootingCpuPercent : busyCpuPercent(utilization);
    this.#diskPercent = Math.min(95, this.#diskPercent + 0.002);
    return {
      cpuPercent: clampPercent(busy + cpuNoisePercent * this.#random.normal()),
      memoryPercent: clampPercent(usedMemoryPercent(utilization) + this.#random.normal()),
      diskPercent: this.#diskPercent,
      bytesIn: requests * bytesInPerRequest,
      bytesOut: requests * bytesOutPerRequest,
    };
  }
}

function clampPercent(value: number): number {
  return Math.min(100, Math.max(0, value));
}
