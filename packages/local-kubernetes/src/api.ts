import type { User } from './access.ts';
import type { LocalCluster } from './cluster.ts';
import { discover } from './discovery.ts';
import { isObject, mergePatch } from './merge-patch.ts';
import type { Hpa, KubeObject, Pod, Scale, Workload } from './objects.ts';
import { type Place, placeOf } from './path.ts';
import type { PodUsage } from './pod-world.ts';
import { apiVersionOf, hpas, podMetrics, pods } from './resource-types.ts';
import { selects } from './selector.ts';
import { badRequest, invalid, methodNotAllowed, unknownPath, unsupportedMediaType } from './status.ts';
import { timestamp } from './store.ts';
import { asTable, wantsTable } from './table.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  readonly body: string;
}

const verbOf: Readonly<Record<string, string>> = {
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
  POST: 'create',
};

/** The API of a cluster, one request at a time. */
export class Api {
  readonly #cluster: LocalCluster;

  constructor(cluster: LocalCluster) {
    this.#cluster = cluster;
  }

  /** @throws StatusError */
  answer(request: ApiRequest, user: User): unknown {
    const found = discover(request.path, this.#cluster.workloadTypes);
    if (found !== undefined) return found;
    const place = placeOf(request.path, this.#cluster.workloadTypes);
    if (!place) throw unknownPath();
    const verb =
      request.method === 'GET' ? (place.name === undefined ? 'list' : 'get') : verbOf[request.method];
    if (verb === undefined) throw methodNotAllowed();
    const { type, name, namespace, subresource } = place;
    const { group, plural: resource } = type;
    this.#cluster.access.require(user, { verb, group, resource, name, namespace, subresource });
    const answer = this.#perform(verb, place, request);
    return wantsTable(request.accept) ? asTable(type, answer, this.#cluster.timeline.now()) : answer;
  }

  #perform(verb: string, place: Place, request: ApiRequest): unknown {
    if (place.type === podMetrics) return this.#metrics(verb, place, request);
    if (verb === 'list') return this.#list(place, request.query);
    if (place.subresource === 'scale') return this.#scale(verb, place, request);
    const { type, namespace, name } = place;
    const found = this.#cluster.store.get<KubeObject>(type, namespace, name!);
    if (verb === 'get') return found;
    if (verb === 'delete') return this.#delete(place, found);
    if (type === hpas && (verb === 'patch' || verb === 'update'))
      return this.#writeHpa(found as Hpa, verb, request);
    if (type !== pods && verb === 'patch') return this.#patchWorkload(place, found as Workload, request);
    throw methodNotAllowed();
  }

  #list({ type, namespace }: Place, query: URLSearchParams): unknown {
    const isSelected = selects(query.get('labelSelector') ?? '');
    const all = this.#cluster.store
      .list<KubeObject>(type, namespace === '' ? undefined : namespace)
      .filter(({ metadata }) => isSelected(metadata.labels ?? {}));
    const from = Number(query.get('continue') ?? 0);
    const limit = Number(query.get('limit') ?? 0) || all.length;
    const left = all.length - from - limit;
    const more = left > 0 && { continue: `${from + limit}`, remainingItemCount: left };
    // The members of a list carry neither kind nor version.
    const items = all.slice(from, from + limit).map(({ apiVersion: _, kind: __, ...rest }) => rest);
    return {
      kind: `${type.kind}List`,
      apiVersion: apiVersionOf(type),
      metadata: { resourceVersion: this.#cluster.store.version, ...more },
      items,
    };
  }

  #scale(verb: string, { type, namespace, name }: Place, request: ApiRequest): Scale {
    const workload = this.#cluster.workload(type, namespace, name!);
    const before = scaleOf(workload);
    if (verb === 'get') return before;
    if (verb !== 'update' && verb !== 'patch') throw methodNotAllowed();
    const after = written(before, verb, request) as Partial<Scale>;
    this.#cluster.store.compare(type, workload, versionIn(request, verb));
    const replicas = after.spec?.replicas ?? 0;
    if (typeof replicas !== 'number')
      throw badRequest('json: cannot unmarshal into Go struct field ScaleSpec.spec.replicas of type int32');
    this.#cluster.scale(type, workload, replicas);
    return scaleOf(workload);
  }

  #writeHpa(hpa: Hpa, verb: string, request: ApiRequest): Hpa {
    const after = written(hpa, verb, request) as Hpa;
    this.#cluster.store.compare(hpas, hpa, versionIn(request, verb));
    const { minReplicas = 1, maxReplicas } = after.spec;
    const named = { group: 'autoscaling', resource: hpas.plural, name: hpa.metadata.name };
    if (minReplicas < 1)
      throw invalid(
        hpas.kind,
        named,
        'spec.minReplicas',
        `${minReplicas}: must be greater than or equal to 1`,
      );
    if (maxReplicas < minReplicas)
      throw invalid(
        hpas.kind,
        named,
        'spec.maxReplicas',
        `${maxReplicas}: must be greater than or equal to \`minReplicas\``,
      );
    if (JSON.stringify(after.spec) === JSON.stringify(hpa.spec)) return hpa;
    hpa.spec = { ...after.spec, minReplicas };
    this.#cluster.store.touch(hpa);
    return hpa;
  }

  #patchWorkload({ type }: Place, workload: Workload, request: ApiRequest): Workload {
    const after = written(workload, 'patch', request) as Workload;
    this.#cluster.store.compare(type, workload, versionIn(request, 'patch'));
    workload.spec = after.spec;
    this.#cluster.changed(type, workload);
    return workload;
  }

  #delete({ type, namespace, name }: Place, found: KubeObject): unknown {
    if (type === pods) this.#cluster.life.delete(found as Pod);
    else if (type === hpas) this.#cluster.store.delete(type, found);
    else this.#cluster.deleteWorkload(type, namespace, name!);
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name, kind: type.plural },
    };
  }

  /** Of pods that the metrics server has measured. */
  #metrics(verb: string, { namespace, name }: Place, { query }: ApiRequest): unknown {
    if (verb !== 'list' && verb !== 'get') throw methodNotAllowed();
    const now = this.#cluster.timeline.now();
    const time = timestamp(now);
    const isSelected = selects(query.get('labelSelector') ?? '');
    const items = this.#cluster.store
      .list<Pod>(pods, namespace === '' ? undefined : namespace)
      .filter(({ metadata }) => name === undefined || metadata.name === name)
      .filter(({ metadata }) => isSelected(metadata.labels ?? {}))
      .flatMap((pod) => {
        const usage = this.#usageOf(pod, now);
        return usage ? [measured(pod, usage, time)] : [];
      });
    const apiVersion = apiVersionOf(podMetrics);
    if (name !== undefined) return { kind: podMetrics.kind, apiVersion, ...items[0] };
    return { kind: 'PodMetricsList', apiVersion, metadata: {}, items };
  }

  #usageOf({ metadata, status }: Pod, now: number): PodUsage | undefined {
    return status.phase === 'Running' ? this.#cluster.world.usage(metadata.name, now) : undefined;
  }
}

/** @param time at which it was measured, as Kubernetes writes it */
function measured({ metadata, spec }: Pod, { cpuMillicores, memoryBytes }: PodUsage, time: string) {
  const { name, namespace, creationTimestamp, labels } = metadata;
  const [first, ...others] = spec.containers;
  const idle = others.map((container) => ({ name: container.name, usage: { cpu: '0', memory: '0' } }));
  const usage = { cpu: `${Math.round(cpuMillicores * 1e6)}n`, memory: `${Math.round(memoryBytes / 1024)}Ki` };
  return {
    metadata: { name, namespace, creationTimestamp, labels },
    timestamp: time,
    window: '15s',
    containers: [{ name: first!.name, usage }, ...idle],
  };
}

function scaleOf({ metadata, spec, status }: Workload): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const selector = Object.entries(spec.selector.matchLabels).map(([key, value]) => `${key}=${value}`);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: status.replicas, selector: selector.join(',') },
  };
}

/** What an object is to become. */
function written(before: unknown, verb: string, { contentType, body }: ApiRequest): unknown {
  const given = parsed(body);
  if (verb === 'update') return given;
  const type = contentType.split(';')[0]!.trim();
  // Of what is patched here, no list is merged by keys: both merge alike.
  if (type === 'application/merge-patch+json' || type === 'application/strategic-merge-patch+json')
    return mergePatch(before, given);
  throw unsupportedMediaType(type);
}

function versionIn({ body }: ApiRequest, verb: string): string | undefined {
  const { metadata } = parsed(body) as { metadata?: { resourceVersion?: string } };
  if (verb === 'update' && metadata === undefined) throw badRequest('the name of the object is required');
  return metadata?.resourceVersion;
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value)) return value;
  } catch {}
  throw badRequest('the object provided is unrecognized: expected a JSON object');
}
