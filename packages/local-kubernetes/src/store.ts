import type { KubeObject, Meta } from './objects.ts';
import type { ResourceType } from './resource-types.ts';
import { conflict, notFound } from './status.ts';
import type { Timeline } from './timeline.ts';

/** What somebody gives to have an object made. */
export type Draft<T extends KubeObject> = Omit<T, 'apiVersion' | 'kind' | 'metadata'> & {
  readonly metadata: Pick<Meta, 'name' | 'namespace'> & Partial<Meta>;
};

/** Every object of a cluster; each write has the next version of one count, as etcd has revisions. */
export class Store {
  readonly #timeline: Timeline;
  readonly #objects = new Map<ResourceType, Map<string, KubeObject>>();
  readonly #there = new Set<KubeObject>();
  #version = 1000;
  #made = 0;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** Of the newest write: what a list says of itself. */
  get version(): string {
    return `${this.#version}`;
  }

  create<T extends KubeObject>(type: ResourceType, draft: Draft<T>): T {
    const { group, version, kind } = type;
    const number = (++this.#made).toString(16).padStart(12, '0');
    const metadata: Meta = {
      generation: 1,
      ...draft.metadata,
      uid: `00000000-0000-4000-8000-${number}`,
      resourceVersion: this.#next(),
      creationTimestamp: timestamp(this.#timeline.now()),
    };
    const object = { ...draft, apiVersion: group === '' ? version : `${group}/${version}`, kind, metadata };
    this.#put(type, object as KubeObject);
    return object as unknown as T;
  }

  /** Is this very object still there? */
  holds(object: KubeObject): boolean {
    return this.#there.has(object);
  }

  /** The stored object itself: who changes it says so with `touch`. */
  find<T extends KubeObject>(type: ResourceType, namespace: string, name: string): T | undefined {
    return this.#of(type).get(`${namespace}/${name}`) as T | undefined;
  }

  /** @throws StatusError NotFound */
  get<T extends KubeObject>(type: ResourceType, namespace: string, name: string): T {
    const found = this.find<T>(type, namespace, name);
    if (!found) throw notFound({ group: type.group, resource: type.plural, name });
    return found;
  }

  /** By name, as a list shows them. @param namespace undefined: of all */
  list<T extends KubeObject>(type: ResourceType, namespace?: string): T[] {
    const all = [...this.#of(type).entries()];
    return all
      .filter(([key]) => namespace === undefined || key.startsWith(`${namespace}/`))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, object]) => object as T);
  }

  /** The object has been changed. */
  touch({ metadata }: KubeObject): void {
    metadata.resourceVersion = this.#next();
  }

  /**
   * Compares before something is set.
   * @param seen the version that it rests on; undefined: any
   * @throws StatusError Conflict
   */
  compare(type: ResourceType, { metadata }: KubeObject, seen: string | undefined): void {
    if (seen === undefined || seen === '' || seen === metadata.resourceVersion) return;
    throw conflict({ group: type.group, resource: type.plural, name: metadata.name });
  }

  delete(type: ResourceType, { metadata }: KubeObject): void {
    const ofType = this.#of(type);
    const key = keyOf(metadata);
    const stored = ofType.get(key);
    if (stored) this.#there.delete(stored);
    ofType.delete(key);
    this.#next();
  }

  #put(type: ResourceType, object: KubeObject): void {
    const ofType = this.#of(type);
    const key = keyOf(object.metadata);
    const before = ofType.get(key);
    if (before) this.#there.delete(before);
    ofType.set(key, object);
    this.#there.add(object);
  }

  #of(type: ResourceType): Map<string, KubeObject> {
    const found = this.#objects.get(type) ?? new Map<string, KubeObject>();
    this.#objects.set(type, found);
    return found;
  }

  #next(): string {
    return `${++this.#version}`;
  }
}

function keyOf({ namespace, name }: Pick<Meta, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** As Kubernetes writes times: whole seconds. */
export function timestamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
