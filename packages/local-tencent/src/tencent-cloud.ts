import { ApiError } from './api-error.ts';
import { AutoScaling } from './auto-scaling.ts';
import { CapacityLoop } from './capacity-loop.ts';
import { type Activity, type Group, type GroupSettings, worldName } from './group.ts';
import { Identity, type IdentityProvider, type Role } from './identity.ts';
import { LoadBalancers } from './load-balancers.ts';
import { Monitor } from './monitor.ts';
import { verifyParameters, versions } from './parameters.ts';
import type { BalancerMinute, ServerMinute, ServerWorld } from './server-world.ts';
import type { Instant, Timeline } from './timeline.ts';
import { type KnownKeys, type SignedRequest, verifySignature } from './verify-signature.ts';

export type { GroupSettings } from './group.ts';

/** How many calls of one action a second takes. @see each action's page: "20 requests per second" */
const callsPerSecond = 20;
const temporarySeconds = 7200;

/** Tencent Cloud as far as a fleet needs it: one account, its keys and groups, on an injected clock. */
export class TencentCloud {
  readonly timeline: Timeline;
  readonly monitor: Monitor;
  readonly #world: ServerWorld;
  readonly #groups = new Map<string, Group>();
  readonly #keys = new Map<string, { readonly secretKey: string; readonly token?: string }>();
  readonly #identity = new Identity();
  readonly #loop: CapacityLoop;
  readonly #scaling: AutoScaling;
  readonly #balancers: LoadBalancers;
  readonly #calls = new Map<string, { second: number; count: number }>();
  #ids = 0;

  constructor(timeline: Timeline, world: ServerWorld) {
    this.timeline = timeline;
    this.#world = world;
    this.#loop = new CapacityLoop(timeline, world, (prefix) => this.#newId(prefix));
    this.#scaling = new AutoScaling(this.#groups, this.#loop, timeline, world);
    this.#balancers = new LoadBalancers(this.#groups, world, timeline);
    this.monitor = new Monitor(timeline);
  }

  addKey(secretId: string, secretKey: string): void {
    this.#keys.set(secretId, { secretKey });
  }

  removeKey(secretId: string): void {
    this.#keys.delete(secretId);
  }

  addIdentityProvider(provider: IdentityProvider): void {
    this.#identity.addProvider(provider);
  }

  addRole(role: Role): void {
    this.#identity.addRole(role);
  }

  /** Makes a group with as many servers in service as are desired. */
  addGroup(settings: GroupSettings): Group {
    const now = this.timeline.now();
    const group: Group = { ...settings, isEnabled: true, members: new Map(), activities: [], cooledAt: 0 };
    this.#groups.set(group.id, group);
    for (let made = 0; made < group.desired; made++) {
      const id = this.addServer(settings);
      const member = {
        id,
        addedAt: now,
        creation: 'AUTO_CREATION',
        state: 'IN_SERVICE',
        isProtected: false,
      } as const;
      group.members.set(id, { ...member });
    }
    this.#loop.watch(group);
    return group;
  }

  /** Switches a server on that is in no group. @param id default: a new one */
  addServer(group: Pick<GroupSettings, 'region' | 'id'>, id = this.#newId('ins')): string {
    const request = {
      imageId: 'img-00000000',
      instanceType: 'S5.MEDIUM4',
      availabilityZone: `${group.region}-1`,
      group: worldName(group),
    };
    this.#world.start(id, request, this.timeline.now());
    return id;
  }

  /** @throws RangeError */
  group(id: string): Group {
    const group = this.#groups.get(id);
    if (group) return group;
    throw new RangeError(`there is no group ${id}`);
  }

  all(): readonly Group[] {
    return [...this.#groups.values()];
  }

  /** A rule of the group's own wants another capacity. */
  playNative(id: string, desired: number, cause: string): Activity {
    return this.#loop.native(this.group(id), desired, cause);
  }

  /** Somebody terminates a server in the console of CVM. */
  terminate(id: string, server: string): void {
    this.#loop.terminated(this.group(id), server);
  }

  /** Who gets a group's traffic: those in service that answer its load balancer, if it has one. */
  placements(): {
    readonly group: string;
    readonly serving: readonly string[];
    readonly members: readonly string[];
  }[] {
    const now = this.timeline.now();
    return this.all().map((group) => {
      const members = [...group.members.keys()];
      const inService = members.filter((id) => group.members.get(id)!.state === 'IN_SERVICE');
      const serving = group.balancer ? inService.filter((id) => this.#world.answers(id, now)) : inService;
      return { group: worldName(group), serving, members };
    });
  }

  /** What its servers did in the minute that starts then. */
  measure(start: Instant, servers: ReadonlyMap<string, ServerMinute>): void {
    for (const { members } of this.all())
      for (const id of members.keys()) {
        const minute = servers.get(id);
        if (minute) this.monitor.record(id, start, minute);
      }
  }

  /** What came to a group's load balancer in the minute that starts then. */
  balance(id: string, start: Instant, minute: BalancerMinute): void {
    const { balancer } = this.group(id);
    if (!balancer) return;
    this.monitor.recordBalancer(this.#balancers.placeOf(balancer), start, minute);
  }

  /**
   * Answers a request: its signature first, then its version and parameters.
   * @throws ApiError
   */
  answer(request: SignedRequest, service: string): Readonly<Record<string, unknown>> {
    const { headers, body, method } = request;
    const action = headers['x-tc-action'] ?? '';
    if (method !== 'POST') throw new ApiError('UnsupportedProtocol', 'The local cloud takes POST.');
    if (headers['authorization'] === 'SKIP' && action === 'AssumeRoleWithWebIdentity') {
      // Whoever has no key yet cannot sign.
    } else {
      const signed = verifySignature(request, this.#keys as KnownKeys, this.timeline.now());
      if (signed !== service)
        throw new ApiError(
          'AuthFailure.SignatureFailure',
          `It was signed for ${signed} and sent to ${service}.`,
        );
    }
    if (headers['x-tc-version'] !== versions[service])
      throw new ApiError('NoSuchVersion', `The version ${headers['x-tc-version']} does not exist.`);
    const region = headers['x-tc-region'];
    if (!region)
      throw new ApiError('MissingParameter', 'The request is missing a required parameter `Region`.');
    const input = inputOf(body);
    verifyParameters(service, action, input);
    this.#throttle(`${service}:${action}`);
    if (service === 'as') return this.#scaling.operations[action]!(input, region);
    if (service === 'clb') return this.#balancers.operations[action]!(input, region);
    if (service === 'sts') return this.#assume(input);
    return this.monitor.getMonitorData(input as never);
  }

  #throttle(action: string): void {
    const second = Math.floor(this.timeline.now() / 1000);
    const known = this.#calls.get(action);
    const calls = known?.second === second ? known : { second, count: 0 };
    calls.count++;
    this.#calls.set(action, calls);
    if (calls.count > callsPerSecond)
      throw new ApiError(
        'RequestLimitExceeded',
        `Your current request times exceed ${callsPerSecond} in a second.`,
      );
  }

  #assume(input: Readonly<Record<string, unknown>>) {
    const now = this.timeline.now();
    this.#identity.require(input, now);
    const lastsSeconds = Number(input['DurationSeconds'] ?? temporarySeconds);
    const key = { secretKey: this.#newId('key'), token: this.#newId('token') };
    const TmpSecretId = this.#newId('AKID');
    this.#keys.set(TmpSecretId, key);
    const ends = now + lastsSeconds * 1000;
    this.timeline.at(ends, 'a temporary key ends', () => void this.#keys.delete(TmpSecretId));
    const Credentials = { TmpSecretId, TmpSecretKey: key.secretKey, Token: key.token };
    return { Credentials, ExpiredTime: Math.floor(ends / 1000) };
  }

  #newId(prefix: string): string {
    return `${prefix}-${(++this.#ids).toString(36).padStart(8, '0')}`;
  }
}

function inputOf(body: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body || '{}') as Record<string, unknown>;
  } catch {
    throw new ApiError('InvalidParameter', 'The body is no JSON.');
  }
}
