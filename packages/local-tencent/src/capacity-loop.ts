import { type Activity, type Group, heldBy, isActive, type Member, worldName } from './group.ts';
import type { ServerWorld } from './server-world.ts';
import type { Timeline } from './timeline.ts';

/** The least that an activity takes. */
const activityMs = 45_000;
/** A server leaves its load balancer and stops. */
const leavingMs = 30_000;
const lookMs = 10_000;

/** How ids are made: letters and digits, eight of them. */
export type NewId = (prefix: string) => string;

/** Brings groups to their desired capacity, one activity a group at a time, and replaces what is unhealthy. */
export class CapacityLoop {
  readonly #timeline: Timeline;
  readonly #world: ServerWorld;
  readonly #newId: NewId;

  constructor(timeline: Timeline, world: ServerWorld, newId: NewId) {
    this.#timeline = timeline;
    this.#world = world;
    this.#newId = newId;
  }

  /** Looks at a group from now on. */
  watch(group: Group): void {
    this.#later(lookMs, `look at ${group.id}`, () => {
      this.look(group);
      this.watch(group);
    });
  }

  look(group: Group): void {
    if (!group.isEnabled || isActive(group)) return;
    const present = [...group.members.values()].filter(isPresent);
    const gone = present.filter(
      ({ id, state }) => state === 'IN_SERVICE' && !this.#world.reachable(id, this.#now()),
    );
    if (gone.length > 0) this.#replace(group, gone);
    else if (present.length < group.desired) this.#scaleOut(group, group.desired - present.length);
    else if (present.length > group.desired) this.#scaleIn(group, present);
  }

  /** A server joins: it runs already. */
  attach(group: Group, ids: readonly string[]): Activity {
    const activity = this.#begin(group, 'ATTACH_INSTANCES', 'attach instances', ids);
    for (const id of ids) this.#add(group, id, 'MANUAL_ATTACHING', 'ATTACHING');
    group.desired += ids.length;
    this.#later(activityMs, `attached to ${group.id}`, () => {
      for (const id of ids) setState(group, id, 'IN_SERVICE');
      this.#end(group, activity, 'SUCCESSFUL');
    });
    return activity;
  }

  /** A server leaves alive. */
  detach(group: Group, ids: readonly string[]): Activity {
    const activity = this.#begin(group, 'DETACH_INSTANCES', 'detach instances', ids);
    for (const id of ids) setState(group, id, 'DETACHING');
    group.desired -= ids.length;
    this.#later(activityMs, `detached from ${group.id}`, () => {
      for (const id of ids) group.members.delete(id);
      this.#end(group, activity, 'SUCCESSFUL');
    });
    return activity;
  }

  /**
   * A rule of the group's own wants another capacity. While an activity runs, or within its cooldown, its activity is cancelled,
   * and nobody tries it again.
   */
  native(
    group: Group,
    desired: number,
    cause: string,
    cooldownSeconds = group.defaultCooldown ?? 300,
  ): Activity {
    const isTooEarly = this.#now() < group.cooledAt + cooldownSeconds * 1000;
    if (isActive(group) || isTooEarly) {
      const activity = this.#begin(group, desired > group.desired ? 'SCALE_OUT' : 'SCALE_IN', cause, []);
      this.#end(group, activity, 'CANCELLED');
      return activity;
    }
    group.desired = Math.min(group.maxSize, Math.max(group.minSize, desired));
    this.look(group);
    return group.activities[0]!;
  }

  /** Somebody has terminated a server in the console of CVM. */
  terminated(group: Group, id: string): void {
    group.members.delete(id);
    this.#world.stop(id, this.#now());
    const activity = this.#begin(group, 'TERMINATE_INSTANCES_UNEXPECTEDLY', 'instance terminated in CVM', [
      id,
    ]);
    this.#end(group, activity, 'SUCCESSFUL');
  }

  #scaleOut(group: Group, count: number): void {
    const activity = this.#begin(group, 'SCALE_OUT', 'desired capacity above instance count', []);
    const request = {
      imageId: 'img-00000000',
      instanceType: 'S5.MEDIUM4',
      availabilityZone: `${group.region}-1`,
      group: worldName(group),
    };
    let readyAt = this.#now() + activityMs;
    for (let made = 0; made < count; made++) {
      const refusal = this.#world.refusal(request, this.#now());
      if (refusal) {
        activity.failures.push({ Code: refusal.code, Message: refusal.message });
        continue;
      }
      const { id } = this.#add(group, this.#newId('ins'), 'AUTO_CREATION', 'CREATING');
      activity.servers.push(id);
      readyAt = Math.max(readyAt, this.#world.start(id, request, this.#now()));
    }
    this.#later(readyAt - this.#now(), `scaled out ${group.id}`, () => this.#launched(group, activity));
  }

  /** They are there: hooks hold them, and then let them serve or give them up. */
  #launched(group: Group, activity: Activity): void {
    const { ms, isAbandoned } = heldBy(group, 'INSTANCE_LAUNCHING');
    const end = () => {
      for (const id of activity.servers) setState(group, id, 'IN_SERVICE');
      const isPart = activity.servers.length > 0;
      const partly = isPart ? 'PARTIALLY_SUCCESSFUL' : 'FAILED';
      this.#end(group, activity, activity.failures.length === 0 ? 'SUCCESSFUL' : partly);
    };
    if (ms === 0 || activity.servers.length === 0) {
      end();
      return;
    }
    for (const id of activity.servers) setState(group, id, 'IN_LAUNCHING_HOOK');
    this.#later(ms, `hook of ${group.id}`, () => {
      for (const id of isAbandoned ? activity.servers.splice(0) : []) {
        group.members.delete(id);
        this.#world.stop(id, this.#now());
        activity.failures.push({ Code: 'LifecycleHookAbandon', Message: `${id}: 生命周期挂钩超时` });
      }
      end();
    });
  }

  /** The oldest leave first (`OLDEST_INSTANCE`), never those that are protected. */
  #scaleIn(group: Group, present: readonly Member[]): void {
    const count = present.length - group.desired;
    const leaving = present
      .filter(({ isProtected }) => !isProtected)
      .sort((one, other) => one.addedAt - other.addedAt)
      .slice(0, count);
    if (leaving.length === 0) return;
    this.#terminate(
      group,
      this.#begin(group, 'SCALE_IN', 'desired capacity below instance count', leaving.map(idOf)),
    );
  }

  #replace(group: Group, gone: readonly Member[]): void {
    const replaceable = gone.filter(({ isProtected }) => !isProtected);
    if (replaceable.length === 0) return;
    this.#terminate(
      group,
      this.#begin(group, 'REPLACE_UNHEALTHY_INSTANCE', 'instance unhealthy', replaceable.map(idOf)),
    );
  }

  #terminate(group: Group, activity: Activity): void {
    const { ms } = heldBy(group, 'INSTANCE_TERMINATING');
    for (const id of activity.servers) setState(group, id, ms > 0 ? 'IN_TERMINATING_HOOK' : 'TERMINATING');
    this.#later(ms, `hook of ${group.id}`, () => {
      for (const id of activity.servers) setState(group, id, 'TERMINATING');
      this.#later(leavingMs, `terminated in ${group.id}`, () => {
        for (const id of activity.servers) {
          group.members.delete(id);
          this.#world.stop(id, this.#now());
        }
        this.#end(group, activity, 'SUCCESSFUL');
      });
    });
  }

  #add(group: Group, id: string, creation: Member['creation'], state: Member['state']): Member {
    const member: Member = { id, addedAt: this.#now(), creation, state, isProtected: false };
    group.members.set(id, member);
    return member;
  }

  #begin(group: Group, type: string, cause: string, servers: readonly string[]): Activity {
    const activity: Activity = {
      id: this.#newId('asa'),
      type,
      cause,
      startedAt: this.#now(),
      servers: [...servers],
      status: 'RUNNING',
      endedAt: undefined,
      failures: [],
    };
    group.activities.unshift(activity);
    return activity;
  }

  #end(group: Group, activity: Activity, status: Activity['status']): void {
    activity.status = status;
    activity.endedAt = this.#now();
    if (status !== 'CANCELLED') group.cooledAt = this.#now();
    // What is still missing is begun at the next look.
  }

  #now() {
    return this.#timeline.now();
  }

  #later(ms: number, label: string, task: () => void): void {
    this.#timeline.at(this.#now() + ms, label, task);
  }
}

function isPresent({ state }: Member): boolean {
  return state !== 'IN_TERMINATING_HOOK' && state !== 'TERMINATING' && state !== 'DETACHING';
}

function idOf({ id }: Member): string {
  return id;
}

function setState(group: Group, id: string, state: Member['state']): void {
  const member = group.members.get(id);
  if (member) member.state = state;
}
