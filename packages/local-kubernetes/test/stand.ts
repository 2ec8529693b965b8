import { LocalCluster } from '../src/cluster.ts';
import { KubernetesEndpoint, type ServerCertificate } from '../src/endpoint.ts';
import { deployments } from '../src/resource-types.ts';
import { SteadyPods } from './steady-pods.ts';

/** The clock of a test: nothing moves until it is told to. */
export class Hours {
  #now: number;
  readonly #entries: { when: number; task: () => void; cancelled: boolean }[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  at(when: number, _label: string, task: () => void): () => void {
    const entry = { when: Math.max(when, this.#now), task, cancelled: false };
    const later = this.#entries.findIndex((one) => one.when > entry.when);
    this.#entries.splice(later < 0 ? this.#entries.length : later, 0, entry);
    return () => {
      entry.cancelled = true;
    };
  }

  pass(seconds: number): void {
    const end = this.#now + seconds * 1000;
    for (let next = this.#entries[0]; next && next.when <= end; next = this.#entries[0]) {
      this.#entries.shift();
      this.#now = next.when;
      if (!next.cancelled) next.task();
    }
    this.#now = end;
  }
}

export const namespace = 'shop';

/** A cluster with a deployment `web` of three pods that are ready, and an owner's token. */
export async function stand(certificate?: ServerCertificate) {
  const hours = new Hours(Date.parse('2026-03-04T00:00:00Z'));
  const world = new SteadyPods();
  const cluster = new LocalCluster(hours, world);
  cluster.access.addToken('owner', { name: 'ada', groups: ['system:masters'] });
  const web = cluster.createWorkload(deployments, { namespace, name: 'web', replicas: 3 });
  hours.pass(60);
  const endpoint = new KubernetesEndpoint(cluster, certificate);
  const url = await endpoint.listen();
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: 'Bearer owner', 'content-type': 'application/merge-patch+json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: each object has its own shape.
    return { code: response.status, body: (await response.json()) as any };
  };
  return { hours, world, cluster, web, endpoint, url, call, [Symbol.asyncDispose]: () => endpoint.close() };
}
