import { LocalCluster } from '@rushhour/local-kubernetes';
import { Api } from '@rushhour/local-kubernetes/api';
import { deployments, hpas } from '@rushhour/local-kubernetes/resource-types';
import { StatusError } from '@rushhour/local-kubernetes/status';
import type { Instant } from '../../../shared/domain/observation.ts';
import { roleRules } from '../../../shared/fleet/kubernetes-role.ts';
import type { HttpAnswer, HttpCall, Via } from '../../../shared/providers/over-http.ts';
import { Secret, type Surroundings, untilReplacedMs } from './elsewhere.ts';
import { LazyTimeline } from './lazy-timeline.ts';
import { json, type Refusal } from './wire.ts';

export const namespace = 'shop';

const user = 'rushhour';
const forever = Number.POSITIVE_INFINITY;

/** A cluster of Kubernetes with its API, whose pods come as `Launches` says. */
export class ChaosCluster {
  readonly timeline: LazyTimeline;
  readonly local: LocalCluster;
  readonly via: Via;
  readonly secret: Secret;
  readonly #around: Surroundings;
  readonly #api: Api;
  /** When pods answer, and whose they are. */
  readonly #pods = new Map<string, { answersAt: Instant; readonly group: string }>();
  /** Pods that fail their probe, by what makes them. */
  readonly #failing = new Map<string, string>();
  readonly #kept = new Map<string, HttpAnswer>();
  #token = 'first';
  #disturbedUntil = 0;
  #failsUntil = 0;
  #writes = 0;

  constructor(host: string, around: Surroundings) {
    this.#around = around;
    this.timeline = new LazyTimeline(around.now);
    this.secret = new Secret({ token: this.#token }, around.now);
    this.local = new LocalCluster(this.timeline, {
      start: (pod, workload, now) => this.#start(pod, workload.slice(namespace.length + 1), now),
      stop: (pod) => void this.#pods.delete(pod),
      answers: (pod, now) => this.#answers(pod, now),
      usage: (pod) => this.#usage(pod),
    });
    this.#api = new Api(this.local);
    this.local.access.addToken(this.#token, { name: user, groups: [] });
    const workload = { cluster: { eks: host }, namespace, deployment: 'any' };
    this.local.access.bind(user, roleRules([workload]), namespace);
    this.via = around.wire.via({ answer: (call) => this.#answer(call), refuse: refused });
  }

  /** New pods do not come: no node has room for them, or their image cannot be pulled. */
  failUntil(until: Instant, why: string): void {
    const { life } = this.local;
    const isImage = this.#around.dice.of(`pods fail ${why}`).chance(0.5);
    if (!isImage) life.nodes.room = 0;
    else for (const image of this.#images()) life.missingImages.add(image);
    this.#failsUntil = Math.max(this.#failsUntil, until);
    this.timeline.at(until, 'pods come again', () => {
      if (this.timeline.now() >= this.#failsUntil) this.#mend();
    });
  }

  /** Before many a write somebody else writes, as a controller that sets an annotation does. */
  disturbWritesUntil(until: Instant): void {
    this.#disturbedUntil = Math.max(this.#disturbedUntil, until);
  }

  /** By how many pods somebody else scales at this moment. */
  competitor(): number {
    const draw = this.#around.dice.of(`competitor ${this.#writes++}`);
    const scales = this.timeline.now() < this.#disturbedUntil && draw.chance(0.3);
    return scales ? draw.of([-2, -1, 1, 2]) : 0;
  }

  replaceToken(token: string): void {
    this.local.access.removeToken(this.#token);
    this.#token = token;
    this.local.access.addToken(token, { name: user, groups: [] });
    this.secret.replace(
      { token },
      this.#around.now() + untilReplacedMs(this.#around.dice.of(`secret ${token}`)),
    );
  }

  fail(why: string, pod: string): void {
    this.#failing.set(why, pod);
  }

  heal(why: string): void {
    this.#failing.delete(why);
  }

  calm(): void {
    this.timeline.advance();
    this.secret.calm();
    this.#mend();
    this.#disturbedUntil = 0;
    this.#failing.clear();
    const now = this.timeline.now();
    for (const pod of this.#pods.values())
      if (pod.answersAt === forever || pod.answersAt > now + 60_000) pod.answersAt = now;
  }

  #mend(): void {
    this.local.life.nodes.room = 1000;
    this.local.life.missingImages.clear();
  }

  #images(): string[] {
    return this.local.store
      .list<ReturnType<LocalCluster['workload']>>(deployments)
      .map(({ spec }) => spec.template.spec.containers[0]!.image);
  }

  #start(pod: string, group: string, now: Instant): void {
    const launch = this.#around.launches.launch(now);
    const seconds = 'fails' in launch ? 30 : launch.healthyAfterSeconds;
    this.#pods.set(pod, { answersAt: now + seconds * 1000, group });
  }

  #answers(pod: string, now: Instant): boolean {
    return now >= (this.#pods.get(pod)?.answersAt ?? forever) && !this.#isFailing(pod);
  }

  #isFailing(pod: string): boolean {
    for (const failing of this.#failing.values()) if (failing === pod) return true;
    return false;
  }

  /** Of its pods, those that answer. */
  #serving(group: string, now: Instant): number {
    let serving = 0;
    for (const [id, pod] of this.#pods)
      if (pod.group === group && now >= pod.answersAt && !this.#isFailing(id)) serving++;
    return serving;
  }

  #usage(pod: string) {
    const known = this.#pods.get(pod);
    if (!known) return undefined;
    const serving = this.#serving(known.group, this.timeline.now());
    const percent = this.#around.cpuOf(known.group, serving);
    return percent === undefined ? undefined : { cpuMillicores: percent * 10, memoryBytes: 2 ** 20 };
  }

  #answer({ method, url, headers, body = '' }: HttpCall): HttpAnswer {
    this.timeline.advance();
    try {
      const asker = this.local.access.userOf(headers['authorization']);
      if (method !== 'GET') this.#someoneElseWrites(url.pathname);
      const contentType = headers['content-type'] ?? '';
      const asked = { method, path: url.pathname, query: url.searchParams, accept: '*/*', contentType, body };
      // What does not change from moment to moment is written once.
      const isKept = method === 'GET' && !url.pathname.startsWith('/apis/metrics.k8s.io');
      const key = `${this.local.store.version} ${url.pathname}${url.search}`;
      const answer = (isKept && this.#kept.get(key)) || json(200, this.#api.answer(asked, asker));
      if (isKept) this.#keep(key, answer);
      return answer;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return json(error.status.code, error.status);
    }
  }

  #keep(key: string, answer: HttpAnswer): void {
    if (this.#kept.size > 50) this.#kept.clear();
    this.#kept.set(key, answer);
  }

  #someoneElseWrites(path: string): void {
    const draw = this.#around.dice.of(`write ${this.#writes++}`);
    if (this.timeline.now() >= this.#disturbedUntil || !draw.chance(0.6)) return;
    const name = path
      .replace(/\/scale$/, '')
      .split('/')
      .at(-1)!;
    const isOfAutoscaler = path.includes('/horizontalpodautoscalers/');
    const object = this.local.store.find(isOfAutoscaler ? hpas : deployments, namespace, name);
    if (object) this.local.store.touch(object);
  }
}

function refused(how: Refusal): HttpAnswer {
  const { status } =
    how === 'throttled'
      ? new StatusError(429, 'TooManyRequests', 'the server has received too many requests')
      : new StatusError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
  return json(status.code, status);
}
