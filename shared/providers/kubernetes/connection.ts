import type { Instant } from '../../domain/observation.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import { type HttpCall, overHttp, type Via } from '../over-http.ts';
import type { AccessSource, ClusterAccess } from './access.ts';
import type { List } from './api-objects.ts';
import { statusError } from './status-error.ts';

const pageSize = 500;
/** After a cluster gave no answer it is not asked again for this long: each of its groups would wait for it. */
const silenceMs = 20_000;

interface Written {
  readonly method: 'PUT' | 'PATCH';
  readonly body: unknown;
}

/** The API of one cluster. */
export class ClusterConnection {
  readonly #cluster: string;
  readonly #source: AccessSource;
  readonly #clock: Clock;
  readonly #via: Via | undefined;
  #silent: { readonly until: Instant; readonly error: PortError } | undefined;

  /** @param cluster as people call it */
  constructor(cluster: string, source: AccessSource, clock: Clock, via?: Via | undefined) {
    this.#cluster = cluster;
    this.#source = source;
    this.#clock = clock;
    this.#via = via;
  }

  /** @throws PortError */
  async get<T>(path: string): Promise<T> {
    return (await this.#call(`read ${path}`, path)) as T;
  }

  /** All pages of a list. @throws PortError */
  async list<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T[]> {
    const found: T[] = [];
    let from: string | undefined;
    do {
      const page = { ...query, limit: `${pageSize}`, ...(from !== undefined && { continue: from }) };
      const list = (await this.#call(`list ${path}`, `${path}?${new URLSearchParams(page)}`)) as List<T>;
      found.push(...(list.items ?? []));
      from = list.metadata?.continue || undefined;
    } while (from !== undefined);
    return found;
  }

  /** @throws PortError `Changed` where somebody has written since the version that the object carries */
  async put(path: string, body: unknown): Promise<void> {
    await this.#call(`write ${path}`, path, { method: 'PUT', body });
  }

  /** A JSON merge patch. @throws PortError likewise */
  async patch(path: string, body: unknown): Promise<void> {
    await this.#call(`change ${path}`, path, { method: 'PATCH', body });
  }

  async #call(attempt: string, path: string, written?: Written): Promise<unknown> {
    const what = `cluster ${this.#cluster}: ${attempt}`;
    if (this.#silent && this.#clock.now() < this.#silent.until) throw this.#silent.error;
    const access = await this.#source.access();
    let { status, body } = await this.#answerTo(this.#callWith(access, what, path, written));
    if (status === 401) {
      // A token that was replaced meanwhile is nobody's concern; where there is no other one, the next look asks again. Where nobody can
      // say whether there is, that this one was refused is the better news.
      this.#source.forget();
      const another = await this.#source.access().catch(() => access);
      if (another.token !== access.token)
        ({ status, body } = await this.#answerTo(this.#callWith(another, what, path, written)));
    }
    if (status < 300) return parsed(what, body);
    throw statusError(what, status, body);
  }

  #callWith({ server, ca, token }: ClusterAccess, what: string, path: string, written?: Written): HttpCall {
    return {
      what,
      method: written?.method ?? 'GET',
      url: new URL(`${server.pathname.replace(/\/$/, '')}${path}`, server),
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(written && { 'content-type': typeOf(written) }),
      },
      ...(written && { body: JSON.stringify(written.body) }),
      ca,
      via: this.#via,
    };
  }

  async #answerTo(call: HttpCall) {
    try {
      const answer = await overHttp(call);
      this.#silent = undefined;
      return answer;
    } catch (error) {
      if (error instanceof PortError) this.#silent = { until: this.#clock.now() + silenceMs, error };
      throw error;
    }
  }
}

function typeOf({ method }: Written): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}

/** @throws PortError `Unavailable`: something else answers there */
function parsed(what: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new PortError(
      'Unavailable',
      `${what}: expected JSON, and not ${JSON.stringify(body.slice(0, 80))}`,
    );
  }
}
