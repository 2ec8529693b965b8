import {
  type Activity,
  type Group,
  isActive,
  isPresent,
  isServing,
  type Member,
  worldName,
} from './group.ts';
import type { ServerWorld } from './server-world.ts';
import type { Timeline } from './timeline.ts';

/** The least that an activity takes. */
const activityMs = 45_000;
/** The load balancer stops forwarding, and the server stops. */
const leavingMs = 30_000;
const lookMs = 10_000;

/** How ids are made. */
export type NewId = (prefix: string) => string;

/** Brings groups to the number that they should have, one activity a group at a time, and takes out what is unhealthy. */
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

  /** A group without a desired capacity is only kept within its minimum and maximum. */
  look(group: Group): void {
    if (!group.isEnabled || isActive(group)) return;
    const present = [...group.members.values()].filter(isPresent);
    const gone = present.filter(
      (member) => member.state === 'InService' && !this.#world.reachable(member.id, this.#now()),
    );
    if (gone.length > 0 && !group.suspended.has('HealthCheck')) {
      this.#removeUnhealthy(group, gone);
      return;
    }
    const { minSize, maxSize, withoutDesired } = group;
    const wanted = withoutDesired
      ? Math.min(maxSize, Math.max(minSize, present.length))
      : Math.min(maxSize, Math.max(minSize, group.desired));
    this.bring(group, wanted, 'Ess', 'Auto Scaling adjusts the group to its expected number of instances');
  }

  /** Begins the activity that makes it so many. @returns undefined: there are so many, or it is suspended */
  bring(group: Group, wanted: number, trigger: Activity['trigger'], why: string): Activity | undefined {
    const present = [...group.members.values()].filter(isPresent);
    const cause = `${why}, changing the Total Capacity from "${present.length}" to "${wanted}".`;
    if (present.length < wanted && !group.suspended.has('ScaleOut'))
      return this.#scaleOut(group, wanted - present.length, trigger, cause);
    if (present.length > wanted && !group.suspended.has('ScaleIn'))
      return this.#scaleIn(group, present, wanted, trigger, cause);
    return undefined;
  }

  /** A server joins: it runs already. */
  attach(group: Group, ids: readonly string[]): Activity {
    const from = [...group.members.values()].filter(isPresent).length;
    const cause = `A user requests to attach instances, changing the Total Capacity from "${from}" to "${from + ids.length}".`;
    const activity = this.#begin(group, 'Api', `Attach "${ids.length}" ECS instance`, cause);
    for (const id of ids) this.#add(group, id, 'Attached');
    group.desired += ids.length;
    this.#later(activityMs, `attached to ${group.id}`, () => {
      for (const id of ids) setState(group, id, 'InService');
      this.#end(group, activity);
    });
    return activity;
  }

  /** A server leaves alive. */
  detach(group: Group, ids: readonly string[], lowersDesired: boolean): Activity {
    const from = [...group.members.values()].filter(isPresent).length;
    const cause = `A user requests to detach instances, changing the Total Capacity from "${from}" to "${from - ids.length}".`;
    const activity = this.#begin(group, 'Api', `Detach "${ids.length}" ECS instance`, cause);
    for (const id of ids) setState(group, id, 'Removing');
    if (lowersDesired) group.desired -= ids.length;
    this.#later(activityMs, `detached from ${group.id}`, () => {
      for (const id of ids) group.members.delete(id);
      this.#end(group, activity);
    });
    return activity;
  }

  /**
   * A rule of the group's own wants another capacity. While an activity runs, or within the cooldown, it is rejected, and nobody
   * tries it again.
   */
  native(group: Group, wanted: number, trigger: 'Cms' | 'Ess'): Activity {
    const why =
      trigger === 'Cms'
        ? 'An alarm task executes a scaling rule'
        : 'A scheduled task executes a scaling rule';
    const isTooEarly = this.#now() < group.cooledAt + (group.defaultCooldown ?? 300) * 1000;
    const total = Math.min(group.maxSize, Math.max(group.minSize, wanted));
    const begun = isActive(group) || isTooEarly ? undefined : this.bring(group, total, trigger, why);
    if (begun) {
      group.desired = total;
      return begun;
    }
    const activity = this.#begin(group, trigger, '', `${why}.`);
    activity.status = 'Rejected';
    activity.endedAt = this.#now();
    return activity;
  }

  #scaleOut(group: Group, count: number, trigger: Activity['trigger'], cause: string): Activity {
    const activity = this.#begin(group, trigger, `Add "${count}" ECS instance`, cause);
    const request = {
      imageId: 'm-00000000000000000000',
      instanceType: 'ecs.c7.xlarge',
      availabilityZone: `${group.region}-h`,
      group: worldName(group),
    };
    let readyAt = this.#now() + activityMs;
    for (let made = 0; made < count; made++) {
      const refusal = this.#world.refusal(request, this.#now());
      if (refusal) {
        activity.failures.push({ Code: refusal.code, Message: refusal.message });
        continue;
      }
      const { id } = this.#add(group, this.#newId('i'), 'AutoCreated');
      activity.created.push(id);
      readyAt = Math.max(readyAt, this.#world.start(id, request, this.#now()));
    }
    this.#later(readyAt - this.#now(), `scaled out ${group.id}`, () => {
      for (const id of activity.created) setState(group, id, 'InService');
      this.#end(group, activity);
    });
    return activity;
  }

  /** The oldest leave first (`OldestInstance`), never those that are protected. */
  #scaleIn(
    group: Group,
    present: readonly Member[],
    wanted: number,
    trigger: Activity['trigger'],
    cause: string,
  ): Activity | undefined {
    const leaving = present
      .filter(({ state }) => state !== 'Protected')
      .sort((one, other) => one.addedAt - other.addedAt)
      .slice(0, present.length - wanted);
    if (leaving.length === 0) return undefined;
    const activity = this.#begin(group, trigger, `Remove "${leaving.length}" ECS instance`, cause);
    this.#terminate(group, activity, leaving);
    return activity;
  }

  #removeUnhealthy(group: Group, gone: readonly Member[]): void {
    const cause = 'The health check found unhealthy ECS instances, which are removed from the scaling group.';
    this.#terminate(group, this.#begin(group, 'Ess', `Remove "${gone.length}" ECS instance`, cause), gone);
  }

  #terminate(group: Group, activity: Activity, leaving: readonly Member[]): void {
    for (const member of leaving) {
      member.state = 'Removing';
      activity.destroyed.push(member.id);
    }
    this.#later(leavingMs, `removed from ${group.id}`, () => {
      for (const { id, creation } of leaving) {
        group.members.delete(id);
        // One that was attached is only removed, and runs on.
        if (creation === 'AutoCreated') this.#world.stop(id, this.#now());
      }
      this.#end(group, activity);
    });
  }

  #add(group: Group, id: string, creation: Member['creation']): Member {
    const member: Member = { id, addedAt: this.#now(), creation, state: 'Pending' };
    group.members.set(id, member);
    return member;
  }

  #begin(group: Group, trigger: Activity['trigger'], description: string, cause: string): Activity {
    const activity: Activity = {
      id: this.#newId('asa'),
      trigger,
      description,
      cause,
      startedAt: this.#now(),
      created: [],
      destroyed: [],
      status: 'InProgress',
      endedAt: undefined,
      failures: [],
    };
    group.activities.unshift(activity);
    return activity;
  }

  #end(group: Group, activity: Activity): void {
    const { failures, created } = activity;
    activity.status = failures.length === 0 ? 'Successful' : created.length > 0 ? 'Warning' : 'Failed';
    activity.endedAt = this.#now();
    group.cooledAt = this.#now();
    // What is still missing is begun at the next look.
  }

  #now() {
    return this.#timeline.now();
  }

  #later(ms: number, label: string, task: () => void): void {
    this.#timeline.at(this.#now() + ms, label, task);
  }
}

function setState(group: Group, id: string, state: Member['state']): void {
  const member = group.members.get(id);
  if (member && !(state === 'InService' && isServing(member))) member.state = state;
}
