import type { Placement, TrafficWorld, WorldMinute } from '@rushhour/local-aws/world';
import type { PodUsage, PodWorld } from '@rushhour/local-kubernetes/pod-world';
import type { World } from '../../simulate/world/world.ts';

/** What each pod requests: 100 % of it is what the world says that a server carries. */
const requests = { cpuMillicores: 1000, memoryBytes: 2 ** 30 };

/** The world of a day in which pods serve beside servers: they boot, answer and carry load alike. */
export class PodTraffic implements TrafficWorld {
  readonly #world: World;
  readonly #usage = new Map<string, PodUsage>();
  /** Where pods serve, and which; a minute asks for it. */
  placements: () => readonly Placement[] = () => [];
  /** Hears of each minute. */
  heard: (start: number, minute: WorldMinute) => void = () => {};

  constructor(world: World) {
    this.#world = world;
  }

  refusal: TrafficWorld['refusal'] = (request, now) => this.#world.refusal(request, now);
  start: TrafficWorld['start'] = (id, request, now) => this.#world.start(id, request, now);
  stop: TrafficWorld['stop'] = (id) => this.#world.stop(id);
  reachable: TrafficWorld['reachable'] = (id) => this.#world.reachable(id);
  answers: TrafficWorld['answers'] = (id, now) => this.#world.answers(id, now);

  get minutesLate() {
    return this.#world.minutesLate;
  }

  minute(start: number, others: readonly Placement[]): WorldMinute {
    const own = this.placements();
    const minute = this.#world.minute(start, [...others, ...own]);
    for (const pod of own.flatMap(({ members }) => members)) {
      const measured = minute.servers.get(pod);
      if (!measured) continue;
      this.#usage.set(pod, {
        cpuMillicores: (measured.cpuPercent / 100) * requests.cpuMillicores,
        memoryBytes: (measured.memoryPercent / 100) * requests.memoryBytes,
      });
    }
    this.heard(start, minute);
    return minute;
  }

  /** The pods of a cluster. @param groupOf the name, at its provider, of the group that a workload is */
  pods(groupOf: (workload: string) => string): PodWorld {
    return {
      start: (pod, workload, now) => {
        const request = {
          imageId: workload,
          instanceType: 'pod',
          availabilityZone: '',
          group: groupOf(workload),
        };
        this.#world.start(pod, request, now);
      },
      stop: (pod) => {
        this.#world.stop(pod);
        this.#usage.delete(pod);
      },
      answers: (pod, now) => this.#world.answers(pod, now),
      usage: (pod) => this.#usage.get(pod),
    };
  }
}
