import type { Lifecycle, ScalingGroup } from '../../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../../shared/engine/scaler.ts';
import type { Fleet } from '../../../shared/fleet/fleet.ts';
import type { HttpCall } from '../../../shared/providers/over-http.ts';
import type { Happening } from '../plan.ts';
import { strayServers } from '../stray-servers.ts';
import {
  Adapters,
  type Elsewhere,
  type Offered,
  Secret,
  Shown,
  type Surroundings,
  untilReplacedMs,
} from './elsewhere.ts';
import { strayServer } from './fleet-elsewhere.ts';
import { LazyTimeline } from './lazy-timeline.ts';
import { ServerPark } from './server-park.ts';
import type { Group, Member, Opening, Sizes, Vendor } from './vendor.ts';
import type { Wire } from './wire.ts';

/** Scaling groups of another cloud. */
export class ScalingGroupsElsewhere<G extends Group<M>, M extends Member> implements Elsewhere {
  readonly wire: Wire;
  readonly #around: Surroundings;
  readonly #timeline: LazyTimeline;
  readonly #park: ServerPark;
  readonly #vendor: Vendor<G, M>;
  readonly #secret: Secret;
  readonly #adapters: Adapters;
  readonly #shown = new Shown();
  /** How often somebody has been at the cloud from outside: a call of its API, or whatever people do. */
  #touched = 0;
  /** As each group was shown last, and how much had happened until then. */
  readonly #last = new Map<string, { readonly moment: number; readonly group: ScalingGroup }>();
  #key = 'first';

  constructor(around: Surroundings, { refusedLaunches, open }: Opening<G, M>) {
    this.#around = around;
    this.wire = around.wire;
    this.#timeline = new LazyTimeline(around.now);
    this.#park = new ServerPark(around.launches, around.dice, refusedLaunches);
    const vendor = open(this.#timeline, this.#park);
    this.#vendor = vendor;
    vendor.cloud.addKey(this.#key, 'secret');
    this.#secret = new Secret(vendor.credentials(this.#key, 'secret'), around.now);
    const answer = (call: HttpCall) => {
      this.#timeline.advance();
      this.#touched++;
      return vendor.answer(call);
    };
    const via = around.wire.via({ answer, refuse: (how) => vendor.refuse(how) });
    const clock = { now: around.now };
    this.#adapters = new Adapters((fleet) =>
      vendor.adapter(fleet, { secrets: this.#secret.reader(), clock, via }),
    );
  }

  offeredTo(process: string, fleet: Fleet): Offered {
    return this.#adapters.of(process, fleet);
  }

  shown(scalingGroup: string): ScalingGroup {
    this.#timeline.advance();
    const moment = this.#timeline.happened + this.#touched;
    const last = this.#last.get(scalingGroup);
    if (last?.moment === moment) return last.group;
    const group = this.#seen(scalingGroup);
    this.#last.set(scalingGroup, { moment, group });
    return group;
  }

  #seen(scalingGroup: string): ScalingGroup {
    const group = this.#group(scalingGroup);
    const { minSize, maxSize, members } = group;
    return this.#shown.of({
      name: scalingGroup,
      minSize,
      maxSize,
      servers: [...members.values()].map((member) => ({
        id: member.id,
        lifecycle: this.#lifecycleOf(member),
        protectedFromScaleIn: this.#vendor.isProtected(member),
        weight: 1,
      })),
      ...this.#vendor.seen(group),
    });
  }

  make({ name, config }: ScalerGroup, desired: number): void {
    this.#touched++;
    const { provider, cloud } = this.#vendor;
    const { region, scalingGroup: id } = config[provider]!;
    const draw = this.#around.dice.of(`the group ${name}`);
    const { minSize, maxSize } = config;
    cloud.addGroup({
      ...{ id, region, minSize, maxSize, desired, defaultCooldown: draw.of([60, 300]) },
      ...this.#vendor.settings(name, draw),
    });
    for (const stray of strayServers) {
      const server = strayServer(provider, stray);
      if (!this.#park.reachable(server)) cloud.addServer({ region, id }, server);
    }
  }

  do(happening: Happening, { scalingGroup }: ScalerGroup): void {
    this.#timeline.advance();
    this.#touched++;
    const group = this.#group(scalingGroup);
    const { kind, id } = happening;
    if (kind === 'set-desired') setSizes(group, { desired: happening.servers });
    else if (kind === 'set-bounds') setSizes(group, happening);
    else if (kind === 'suspend')
      this.#vendor.suspend(group, happening.process, this.#around.dice.of(`suspended ${id}`));
    else if (kind === 'native-rule') this.#vendor.playNative(group, happening.servers);
    else if (kind === 'credentials-end') this.#replaceKey(id);
    else if (kind === 'provider-hangs') {
      const until = this.#around.now() + happening.seconds * 1000;
      for (const host of this.#vendor.hosts) this.wire.hang(host, until);
    } else if ('nth' in happening) this.#doToServer(group, happening);
  }

  undo({ kind, id }: Happening, { scalingGroup }: ScalerGroup): void {
    this.#touched++;
    const group = this.#group(scalingGroup);
    if (kind === 'suspend') this.#vendor.resume(group);
    else if (kind === 'protect')
      for (const member of group.members.values()) this.#vendor.setProtected(member, false);
    else if (kind === 'target-unhealthy') this.#park.heal(id);
  }

  renew({ scalingGroup }: ScalerGroup): void {
    this.#touched++;
    const group = this.#group(scalingGroup);
    for (const { id } of group.members.values()) this.#park.stop(id);
    group.members.clear();
    this.#vendor.resume(group);
    group.desired = group.minSize;
    this.#endActivities(group);
  }

  calm(): void {
    this.#timeline.advance();
    this.#touched++;
    this.wire.calm();
    this.#secret.calm();
    for (const group of this.#vendor.cloud.all()) {
      this.#vendor.resume(group);
      for (const { id, state } of group.members.values())
        if (state === this.#vendor.states.launching) {
          group.members.delete(id);
          this.#park.stop(id);
        }
      this.#endActivities(group);
    }
    this.#park.calm(this.#timeline.now());
  }

  #doToServer(group: G, happening: Extract<Happening, { readonly nth: number }>): void {
    const members = [...group.members.values()];
    const member = members[happening.nth % members.length];
    if (!member) return;
    const { kind, id } = happening;
    const isDetachable = member.state === this.#vendor.states.detachable && group.desired > group.minSize;
    if (kind === 'server-dies' || kind === 'server-lost') this.#vendor.end(group, member, kind);
    else if (kind === 'target-unhealthy' || kind === 'server-unhealthy') this.#park.fail(id, member.id);
    else if (kind === 'protect') this.#vendor.setProtected(member, true);
    else if (kind === 'detach' && isDetachable) {
      group.members.delete(member.id);
      group.desired--;
    }
  }

  #lifecycleOf({ id, state }: M): Lifecycle {
    const lifecycle = this.#vendor.lifecycles[state]!;
    return lifecycle === 'ready' && !this.#park.reachable(id) ? 'unhealthy' : lifecycle;
  }

  #replaceKey(key: string): void {
    const { cloud } = this.#vendor;
    cloud.removeKey(this.#key);
    this.#key = key;
    cloud.addKey(key, 'secret');
    const ms = untilReplacedMs(this.#around.dice.of(`secret ${key}`));
    this.#secret.replace(this.#vendor.credentials(key, 'secret'), this.#around.now() + ms);
  }

  #group(scalingGroup: string): G {
    return this.#vendor.cloud.group(scalingGroup.slice(scalingGroup.indexOf('/') + 1));
  }

  #endActivities({ activities }: G): void {
    const { running, failed } = this.#vendor.statuses;
    for (const activity of activities)
      if (activity.status === running) {
        activity.status = failed;
        activity.endedAt = this.#timeline.now();
      }
  }
}

/** What a maximum or a minimum does not allow is moved to it. */
function setSizes(group: Sizes, { minSize, maxSize, desired }: Readonly<Partial<Sizes>>): void {
  group.minSize = minSize ?? group.minSize;
  group.maxSize = maxSize ?? group.maxSize;
  group.desired = Math.max(group.minSize, Math.min(group.maxSize, desired ?? group.desired));
}
