import type {
  Instant,
  LaunchFailure,
  Lifecycle,
  LossCause,
  LostServer,
  ScalingGroup,
  Server,
  Suspension,
} from '../../domain/observation.ts';
import { isInService, isPresent } from '../../domain/servers.ts';
import { measuredBalancer } from '../../fleet/group-query.ts';
import type {
  Adopt,
  Capacity,
  Health,
  LaunchFailures,
  Losses,
  NativeRule,
  Protect,
  Refresh,
  ReplaceUnhealthy,
  Rivals,
} from '../../ports/capacity.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import { pick } from './pick.ts';

/** What becomes of a server that a group asks for. */
export type Launch =
  | { readonly inServiceAfterSeconds: number; readonly healthyAfterSeconds: number }
  | { readonly fails: LaunchFailure['kind']; readonly message: string };

export interface ServerLife {
  /** Asked once per launch. A launch that failed is tried again after a minute. */
  launch(group: string, now: Instant): Launch;
  /** From the decision to terminate until the server is gone: connection draining and lifecycle hooks. */
  terminationSeconds(group: string): number;
}

const retryLaunchSeconds = 60;

/** A group in the making of its servers. */
interface State {
  snapshot: ScalingGroup;
  /** When somebody looked and nothing had happened: at the same instant nothing more does. */
  quietAt: Instant | undefined;
  /** When servers come into service, become healthy, or are gone. */
  readonly inServiceAt: Map<string, Instant>;
  readonly healthyAt: Map<string, Instant>;
  readonly goneAt: Map<string, Instant>;
  readonly launchedAt: Map<string, Instant>;
  retryAt: Instant;
  failure: LaunchFailure | null;
  losses: readonly LostServer[];
  refresh: string | null;
}

/**
 * Scaling groups that keep AWS's rules: desired within min and max, protected servers stay, detached ones live on, the
 * oldest unprotected server goes first. Time passes only when somebody looks; between two looks at a quiet group nothing
 * is computed.
 */
export class MemoryScalingGroups
  implements Capacity, Adopt, Protect, ReplaceUnhealthy, Refresh, LaunchFailures, Losses, Health, Rivals
{
  readonly #clock: Clock;
  readonly #life: ServerLife;
  readonly #states = new Map<string, State>();
  readonly #snapshots = new Map<string, ScalingGroup>();
  readonly loadBalancers = new Map<string, string>();
  /** Target groups that no listener uses. */
  readonly #unused = new Set<string>();
  /** Servers that fail the health check of every target group. */
  readonly #failing = new Set<string>();
  /** Groups in which something is under way. */
  readonly #moving = new Set<State>();
  #launched = 0;

  constructor(clock: Clock, life: ServerLife) {
    this.#clock = clock;
    this.#life = life;
  }

  /** Makes a group, or changes one as its owner may: sizes, servers, suspended processes. */
  put(group: ScalingGroup, refresh: string | null = null): void {
    const known = this.#states.get(group.name);
    const state: State = known ?? {
      snapshot: group,
      quietAt: undefined,
      inServiceAt: new Map(),
      healthyAt: new Map(),
      goneAt: new Map(),
      launchedAt: new Map(),
      retryAt: 0,
      failure: null,
      losses: [],
      refresh,
    };
    state.refresh = refresh;
    this.#states.set(group.name, state);
    forgetAllBut(group.servers, state);
    // A minimum above desired, or a maximum below it, moves desired.
    const desired = Math.max(group.minSize, Math.min(group.maxSize, group.desired));
    this.#change(state, { ...group, desired });
  }

  async standsBehind(groups: readonly ScalingGroup[]): Promise<ReadonlyMap<string, string>> {
    return new Map(
      groups.flatMap(({ name, trafficSources }) => {
        const balancer = measuredBalancer(trafficSources, this.loadBalancers);
        return balancer ? [[name, balancer.fullName] as const] : [];
      }),
    );
  }

  /** A load balancer stands before this target group. */
  putLoadBalancer(targetGroup: string, loadBalancer: string): void {
    this.loadBalancers.set(targetGroup, loadBalancer);
  }

  /** No listener uses this target group: its targets are checked by nobody. */
  putUnused(targetGroup: string): void {
    this.#unused.add(targetGroup);
  }

  /** A server fails the health check of its target groups, or passes it again; its group does not replace it. */
  failCheck(serverId: string, fails = true): void {
    if (fails) this.#failing.add(serverId);
    else this.#failing.delete(serverId);
  }

  /** The group as it is now. @throws PortError NotFound */
  get(name: string): ScalingGroup {
    return this.#settled(name).snapshot;
  }

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>> {
    this.#settleMoving();
    return pick(this.#snapshots, names);
  }

  async setDesired(name: string, desired: number): Promise<void> {
    const state = this.#settled(name);
    const { minSize, maxSize } = state.snapshot;
    if (desired < minSize || desired > maxSize) {
      const message = `set desired capacity of ${name} to ${desired}: outside ${minSize}…${maxSize}`;
      throw new PortError('OutOfBounds', message);
    }
    this.#change(state, { ...state.snapshot, desired });
  }

  async attach(name: string, serverIds: readonly string[]): Promise<void> {
    const state = this.#settled(name);
    const { servers, desired, maxSize } = state.snapshot;
    const isHere = (id: string) => servers.some((server) => server.id === id);
    if (serverIds.every(isHere)) return;
    const known = serverIds.find(isHere);
    if (known) throw new PortError('Invalid', `attach to ${name}: ${known} is in it already`);
    if (desired + serverIds.length > maxSize) {
      throw new PortError(
        'OutOfBounds',
        `attach ${serverIds.length} servers to ${name}: more than ${maxSize}`,
      );
    }
    const attached = serverIds.map((id) => serverNamed(id, 'ready'));
    for (const id of serverIds) state.healthyAt.set(id, this.#clock.now());
    this.#change(state, {
      ...state.snapshot,
      desired: desired + serverIds.length,
      servers: [...servers, ...attached],
    });
  }

  async detach(name: string, serverIds: readonly string[]): Promise<void> {
    const state = this.#settled(name);
    const { servers, desired, minSize } = state.snapshot;
    assertSettled(`detach from ${name}`, servers, serverIds);
    if (desired - serverIds.length < minSize) {
      throw new PortError(
        'OutOfBounds',
        `detach ${serverIds.length} servers from ${name}: fewer than ${minSize}`,
      );
    }
    this.#change(state, {
      ...state.snapshot,
      desired: desired - serverIds.length,
      servers: servers.filter(({ id }) => !serverIds.includes(id)),
    });
  }

  async detachBeforeDelete(name: string, serverIds: readonly string[]): Promise<void> {
    const state = this.#settled(name);
    const { suspended } = state.snapshot;
    const without = [...new Set<Suspension>([...suspended, 'launching'])];
    this.#change(state, { ...state.snapshot, suspended: without });
    const { servers } = state.snapshot;
    assertSettled(`detach from ${name}`, servers, serverIds);
    const staying = servers.filter(({ id }) => !serverIds.includes(id));
    this.#change(state, { ...state.snapshot, servers: staying });
  }

  async allowAdoption(name: string): Promise<void> {
    const state = this.#settled(name);
    this.#change(state, { ...state.snapshot, deploying: undefined });
  }

  async protect(name: string, serverIds: readonly string[], protectedFromScaleIn: boolean): Promise<void> {
    const state = this.#settled(name);
    assertSettled(`set scale-in protection in ${name}`, state.snapshot.servers, serverIds);
    const servers = state.snapshot.servers.map((server) =>
      serverIds.includes(server.id) ? { ...server, protectedFromScaleIn } : server,
    );
    this.#change(state, { ...state.snapshot, servers });
  }

  async replaceUnhealthy(name: string, replace: boolean): Promise<void> {
    const state = this.#settled(name);
    const others = state.snapshot.suspended.filter((process) => process !== 'replacing');
    const suspended: readonly Suspension[] = replace ? others : [...others, 'replacing'];
    this.#change(state, { ...state.snapshot, suspended });
  }

  async nativeScaling(): Promise<readonly NativeRule[]> {
    return [];
  }

  async healthy({ name, trafficSources }: ScalingGroup): Promise<ReadonlySet<string>> {
    const { snapshot, healthyAt } = this.#settled(name);
    const now = this.#clock.now();
    const inUse = trafficSources.some((target) => !this.#unused.has(target));
    const passes = (id: string) => !this.#failing.has(id) && (healthyAt.get(id) ?? 0) <= now;
    const serving = snapshot.servers.filter(isInService).map(({ id }) => id);
    return new Set(inUse ? serving.filter(passes) : serving);
  }

  async instanceRefresh(name: string): Promise<string | null> {
    return this.#settled(name).refresh;
  }

  async launchFailure(name: string, since: Instant): Promise<LaunchFailure | null> {
    const { failure } = this.#settled(name);
    return failure && failure.at >= since ? failure : null;
  }

  async losses(name: string, since: Instant): Promise<readonly LostServer[]> {
    return this.#settled(name).losses.filter(({ at }) => at >= since);
  }

  /** Takes a server from its group, which replaces it. @throws PortError NotFound */
  lose(name: string, serverId: string, cause: LossCause, message = `At noon it was ${cause}.`): void {
    const state = this.#settled(name);
    const now = this.#clock.now();
    const server = state.snapshot.servers.find(({ id }) => id === serverId);
    if (!server) throw new PortError('NotFound', `${name} has no server ${serverId}`);
    state.losses = [...state.losses, { server: serverId, at: now, cause, message }];
    const servers = [...state.snapshot.servers];
    this.#terminate(state, servers, server, now);
    this.#change(state, { ...state.snapshot, servers });
  }

  #settled(name: string): State {
    const state = this.#states.get(name);
    if (!state) throw new PortError('NotFound', `there is no scaling group ${name}`);
    if (this.#moving.has(state)) this.#settle(state);
    return state;
  }

  #settleMoving(): void {
    for (const state of this.#moving) this.#settle(state);
  }

  #change(state: State, snapshot: ScalingGroup): void {
    state.snapshot = snapshot;
    state.quietAt = undefined;
    this.#snapshots.set(snapshot.name, snapshot);
    this.#moving.add(state);
    this.#settle(state);
  }

  /** Brings a group to the present: servers arrive and leave, then as many as desired asks for come or go. */
  #settle(state: State): void {
    const now = this.#clock.now();
    if (state.quietAt === now) return;
    const before = state.snapshot;
    const servers = before.servers.flatMap((server) => arrivedOrGone(state, server, now));
    this.#adjust(state, servers, now);
    if (isSame(servers, before.servers)) state.quietAt = now;
    else {
      state.snapshot = { ...before, servers };
      this.#snapshots.set(before.name, state.snapshot);
    }
    const steady = state.inServiceAt.size === 0 && state.goneAt.size === 0 && state.retryAt === 0;
    if (steady) this.#moving.delete(state);
  }

  #adjust(state: State, servers: Server[], now: Instant): void {
    const { desired, name, suspended } = state.snapshot;
    const staying = servers.filter(isPresent);
    const missing = desired - staying.length;
    if (missing <= 0) state.retryAt = 0;
    if (missing > 0 && now >= state.retryAt && !suspended.includes('launching')) {
      state.retryAt = 0;
      for (let count = 0; count < missing; count++) this.#launch(state, servers, name, now);
    }
    if (missing < 0 && !suspended.includes('terminating')) {
      const leaving = staying.filter((server) => !server.protectedFromScaleIn).slice(0, -missing);
      for (const server of leaving) this.#terminate(state, servers, server, now);
    }
  }

  #launch(state: State, servers: Server[], name: string, now: Instant): void {
    const launch = this.#life.launch(name, now);
    if ('fails' in launch) {
      state.failure = { at: now, kind: launch.fails, message: launch.message };
      state.retryAt = now + retryLaunchSeconds * 1000;
      return;
    }
    this.#launched++;
    const id = `i-${this.#launched.toString(16).padStart(17, '0')}`;
    state.launchedAt.set(id, now);
    state.inServiceAt.set(id, now + launch.inServiceAfterSeconds * 1000);
    state.healthyAt.set(id, now + launch.healthyAfterSeconds * 1000);
    servers.push(serverNamed(id, 'pending'));
  }

  #terminate(state: State, servers: Server[], server: Server, now: Instant): void {
    const place = servers.indexOf(server);
    state.inServiceAt.delete(server.id);
    state.goneAt.set(server.id, now + this.#life.terminationSeconds(state.snapshot.name) * 1000);
    servers[place] = { ...server, lifecycle: 'leaving' };
  }
}

function arrivedOrGone(state: State, server: Server, now: Instant): Server[] {
  const goneAt = state.goneAt.get(server.id);
  if (goneAt !== undefined && goneAt <= now) {
    state.goneAt.delete(server.id);
    state.healthyAt.delete(server.id);
    state.launchedAt.delete(server.id);
    return [];
  }
  const inServiceAt = state.inServiceAt.get(server.id);
  if (inServiceAt === undefined || inServiceAt > now) return [server];
  state.inServiceAt.delete(server.id);
  // A launch that failed before is past: Auto Scaling has tried again, and this one came.
  if ((state.launchedAt.get(server.id) ?? 0) >= (state.failure?.at ?? 0)) state.failure = null;
  state.launchedAt.delete(server.id);
  return [{ ...server, lifecycle: 'ready' }];
}

function isSame(servers: readonly Server[], before: readonly Server[]): boolean {
  return servers.length === before.length && servers.every((server, index) => server === before[index]);
}

/** A server that was taken away does not arrive, and does not leave. */
function forgetAllBut(
  servers: readonly Server[],
  { inServiceAt, healthyAt, goneAt, launchedAt }: State,
): void {
  const ids = new Set(servers.map(({ id }) => id));
  for (const times of [inServiceAt, healthyAt, goneAt, launchedAt]) {
    for (const id of times.keys()) if (!ids.has(id)) times.delete(id);
  }
}

/** In these a server can be detached, and its protection be changed: it neither comes nor goes. */
const settledLifecycles: readonly Lifecycle[] = ['ready', 'unhealthy', 'standby'];

/** One server that is not so, or not there, has the whole call refused. @throws PortError Invalid */
function assertSettled(what: string, servers: readonly Server[], ids: readonly string[]): void {
  for (const id of ids) {
    const server = servers.find((one) => one.id === id);
    if (!server) throw new PortError('Invalid', `${what}: ${id} is not in it`);
    if (!settledLifecycles.includes(server.lifecycle))
      throw new PortError('Invalid', `${what}: ${id} is ${server.lifecycle}`);
  }
}

function serverNamed(id: string, lifecycle: Lifecycle): Server {
  return { id, lifecycle, protectedFromScaleIn: false, weight: 1 };
}
