import { ApiError } from './api-error.ts';
import { AutoScaling } from './auto-scaling.ts';
import { CapacityLoop } from './capacity-loop.ts';
import { CloudMonitor } from './cloud-monitor.ts';
import { type Activity, type Group, type GroupSettings, isServing, worldName } from './group.ts';
import { LoadBalancers } from './load-balancers.ts';
import { type Input, readParameters, serviceOfVersion } from './parameters.ts';
import type { BalancerMinute, ServerMinute, ServerWorld } from './server-world.ts';
import type { Instant, Timeline } from './timeline.ts';
import { type SignedRequest, verifySignature } from './verify-signature.ts';

export type { GroupSettings } from './group.ts';

/** How many calls of one action a second takes, as CloudMonitor's page has it. The pages of Auto Scaling give no number. */
const callsPerSecond = 50;

/** A role that may be taken with a token of an OIDC provider. */
export interface Role {
  readonly roleArn: string;
  readonly providerArn: string;
  /** Is it a token of somebody who may? */
  readonly accepts: (token: string) => boolean;
}

/** Alibaba Cloud as far as a fleet needs it: one account, its keys and groups, on an injected clock. */
export class AlibabaCloud {
  /** Whose custom metrics are `acs_customMetric_ACCOUNT`. */
  readonly account = '1234567890123456';
  readonly timeline: Timeline;
  readonly monitor: CloudMonitor;
  readonly #world: ServerWorld;
  readonly #groups = new Map<string, Group>();
  readonly #keys = new Map<string, { readonly secret: string; readonly token?: string }>();
  readonly #nonces = new Set<string>();
  readonly #roles: Role[] = [];
  readonly #loop: CapacityLoop;
  readonly #calls = new Map<string, { second: number; count: number }>();
  readonly #operations: Readonly<Record<string, Readonly<Record<string, (input: Input) => object>>>>;
  #ids = 0;

  constructor(timeline: Timeline, world: ServerWorld) {
    this.timeline = timeline;
    this.#world = world;
    this.#loop = new CapacityLoop(timeline, world, (prefix) => this.#newId(prefix));
    this.monitor = new CloudMonitor(timeline, this.account);
    const balancers = new LoadBalancers(this.#groups, timeline, world);
    this.#operations = {
      ess: new AutoScaling(this.#groups, this.#loop, timeline, world).operations,
      cms: this.monitor.operations,
      slb: balancers.classic,
      alb: balancers.application,
      nlb: balancers.network,
      sts: { AssumeRoleWithOIDC: (input) => this.#assume(input) },
    };
  }

  addKey(accessKeyId: string, secret: string): void {
    this.#keys.set(accessKeyId, { secret });
  }

  removeKey(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
  }

  addRole(role: Role): void {
    this.#roles.push(role);
  }

  /** Makes a group with as many servers in service as are desired. */
  addGroup(settings: GroupSettings): Group {
    const now = this.timeline.now();
    const made = {
      isEnabled: true,
      suspended: new Set<never>(),
      members: new Map(),
      activities: [],
      cooledAt: 0,
    };
    const group: Group = { ...settings, ...made };
    this.#groups.set(group.id, group);
    for (let count = 0; count < group.desired; count++) {
      const id = this.addServer(settings);
      group.members.set(id, { id, addedAt: now, creation: 'AutoCreated', state: 'InService' });
    }
    this.#loop.watch(group);
    return group;
  }

  /** Switches a server on that is in no group. @param id default: a new one */
  addServer(group: Pick<GroupSettings, 'region' | 'id'>, id = this.#newId('i')): string {
    const request = {
      imageId: 'm-00000000000000000000',
      instanceType: 'ecs.c7.xlarge',
      availabilityZone: `${group.region}-h`,
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

  /** A rule of the group's own wants another capacity: for an alarm task (`Cms`), or a scheduled one. */
  playNative(id: string, wanted: number, trigger: 'Cms' | 'Ess'): Activity {
    return this.#loop.native(this.group(id), wanted, trigger);
  }

  /** Somebody releases a server in the console of ECS. The group finds out at its next health check. */
  terminate(server: string): void {
    this.#world.stop(server, this.timeline.now());
  }

  /** Who gets a group's traffic: those in service that answer its load balancer, if it has one. */
  placements(): {
    readonly group: string;
    readonly serving: readonly string[];
    readonly members: readonly string[];
  }[] {
    const now = this.timeline.now();
    return this.all().map((group) => {
      const members = [...group.members.values()];
      const inService = members.filter(isServing).map(({ id }) => id);
      const serving = isBalanced(group) ? inService.filter((id) => this.#world.answers(id, now)) : inService;
      return { group: worldName(group), serving, members: members.map(({ id }) => id) };
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

  /**
   * What came to a group's classic or application load balancer in the minute that starts then. Of a minute in which nobody came it
   * says only how many servers are healthy.
   */
  balance(id: string, start: Instant, minute: BalancerMinute): void {
    const group = this.group(id);
    const hosts = [...group.members.values()].filter(
      (member) => isServing(member) && this.#world.answers(member.id, start),
    ).length;
    this.monitor.recordBalancers(group, start, { ...minute, hosts });
  }

  /**
   * Answers a request: its signature first, then its parameters.
   * @throws ApiError
   */
  answer(request: SignedRequest): object {
    const { headers, path, method } = request;
    const action = headers['x-acs-action'] ?? '';
    const service = serviceOfVersion[headers['x-acs-version'] ?? ''];
    if (!service) throw new ApiError('NoSuchVersion', 'The specified version does not exist.');
    requireHost(service, headers['host'] ?? '');
    if (method !== 'POST') throw new ApiError('UnsupportedHTTPMethod', 'The local cloud takes POST.');
    // Whoever has no key yet cannot sign.
    if (action !== 'AssumeRoleWithOIDC')
      verifySignature(request, this.#keys, this.#nonces, this.timeline.now());
    const input = readParameters(service, action, path.split('?')[1] ?? '');
    this.#throttle(`${service}:${action}`);
    return this.#operations[service]![action]!(input);
  }

  #throttle(action: string): void {
    const second = Math.floor(this.timeline.now() / 1000);
    const known = this.#calls.get(action);
    const calls = known?.second === second ? known : { second, count: 0 };
    calls.count++;
    this.#calls.set(action, calls);
    if (calls.count > callsPerSecond)
      throw new ApiError('Throttling.User', 'Request was denied due to user flow control.');
  }

  #assume({ RoleArn, OIDCProviderArn, OIDCToken, DurationSeconds = 3600 }: Input) {
    const role = this.#roles.find(
      ({ roleArn, providerArn }) => roleArn === RoleArn && providerArn === OIDCProviderArn,
    );
    if (!role) throw new ApiError('EntityNotExist.Role', 'The role not exists.', 404);
    if (!role.accepts(String(OIDCToken)))
      throw new ApiError('AuthenticationFail.OIDCToken.Invalid', 'The OIDC token is invalid.');
    const key = { secret: this.#newId('secret'), token: this.#newId('token') };
    const AccessKeyId = this.#newId('STS');
    this.#keys.set(AccessKeyId, key);
    const ends = this.timeline.now() + Number(DurationSeconds) * 1000;
    this.timeline.at(ends, 'a temporary key ends', () => void this.#keys.delete(AccessKeyId));
    const Expiration = `${new Date(ends).toISOString().slice(0, 19)}Z`;
    return {
      Credentials: { AccessKeyId, AccessKeySecret: key.secret, SecurityToken: key.token, Expiration },
    };
  }

  #newId(prefix: string): string {
    return `${prefix}-${(++this.#ids).toString(36).padStart(20, '0')}`;
  }
}

function isBalanced({ classicBalancer, applicationBalancer, networkBalancer }: Group): boolean {
  return [classicBalancer, applicationBalancer, networkBalancer].some((balancer) => balancer !== undefined);
}

/** A service is asked at its own host; on loopback, at any. */
function requireHost(service: string, host: string): void {
  const name = service === 'cms' ? 'metrics' : service;
  if (/\.aliyuncs\.com(:\d+)?$/.test(host) && host.split('.')[0] !== name)
    throw new ApiError('InvalidAction.NotFound', `${host} does not answer for ${service}.`, 404);
}
