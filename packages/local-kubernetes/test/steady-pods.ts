import type { PodUsage, PodWorld } from '../src/pod-world.ts';

/** A world whose pods answer some seconds after their start, and use what a test says. */
export class SteadyPods implements PodWorld {
  readonly #readyAt = new Map<string, number>();
  readonly bootSeconds: number;
  /** What the pods of a workload use together: they share it. */
  readonly load = new Map<string, PodUsage>();
  readonly #workloads = new Map<string, string>();

  constructor(bootSeconds = 20) {
    this.bootSeconds = bootSeconds;
  }

  start(pod: string, workload: string, now: number): void {
    this.#readyAt.set(pod, now + this.bootSeconds * 1000);
    this.#workloads.set(pod, workload);
  }

  stop(pod: string): void {
    this.#readyAt.delete(pod);
    this.#workloads.delete(pod);
  }

  answers(pod: string, now: number): boolean {
    const readyAt = this.#readyAt.get(pod);
    return readyAt !== undefined && now >= readyAt;
  }

  usage(pod: string, now: number): PodUsage | undefined {
    const workload = this.#workloads.get(pod);
    const load = this.load.get(workload ?? '');
    if (!load || !this.answers(pod, now)) return undefined;
    const sharing = [...this.#workloads].filter(([id, of]) => of === workload && this.answers(id, now));
    return {
      cpuMillicores: load.cpuMillicores / sharing.length,
      memoryBytes: load.memoryBytes / sharing.length,
    };
  }
}
