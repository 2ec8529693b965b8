import { AlibabaCloud } from '@rushhour/local-alibaba';
import { ApiError } from '@rushhour/local-alibaba/api-error';
import type { Lifecycle, ScalingGroup, Suspension } from '../../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../../shared/engine/scaler.ts';
import { alibabaGroupName } from '../../../shared/fleet/alibaba.ts';
import type { Fleet } from '../../../shared/fleet/fleet.ts';
import { AlibabaAccount } from '../../../shared/providers/alibaba/account.ts';
import { AlibabaActivities } from '../../../shared/providers/alibaba/activities.ts';
import { AlibabaHealth } from '../../../shared/providers/alibaba/health.ts';
import { AlibabaKeys } from '../../../shared/providers/alibaba/keys.ts';
import { AlibabaRivals } from '../../../shared/providers/alibaba/rivals.ts';
import { AlibabaScalingGroups } from '../../../shared/providers/alibaba/scaling-groups.ts';
import { hostOf } from '../../../shared/providers/alibaba/services.ts';
import type { HttpAnswer, HttpCall, Via } from '../../../shared/providers/over-http.ts';
import type { Happening } from '../plan.ts';
import { strayServers } from '../stray-servers.ts';
import { Adapters, type Elsewhere, type Offered, Secret, Shown, type Surroundings } from './elsewhere.ts';
import { strayServer } from './fleet-elsewhere.ts';
import { LazyTimeline } from './lazy-timeline.ts';
import { ServerPark } from './server-park.ts';
import { json, type Refusal, type Wire } from './wire.ts';

type Group = ReturnType<AlibabaCloud['group']>;

const words = {
  capacity: {
    code: 'OperationDenied.NoStock',
    message: 'The specified ECS resource is out of stock in this region. Please try again later.',
  },
  quota: { code: 'QuotaExceed.ElasticQuota', message: 'Living instances quota exceeded.' },
  image: { code: 'InvalidImageId.NotFound', message: 'The specified ImageId does not exist.' },
  other: { code: 'InternalError', message: 'The request processing has failed.' },
} as const;

const lifecycles: Readonly<Record<string, Lifecycle>> = {
  Pending: 'pending',
  InService: 'ready',
  Protected: 'ready',
  Removing: 'leaving',
};

/** Scaling groups of Alibaba Cloud, some without a desired capacity, most behind a load balancer. */
export class AlibabaElsewhere implements Elsewhere {
  readonly wire: Wire;
  readonly #around: Surroundings;
  readonly #timeline: LazyTimeline;
  readonly #park: ServerPark;
  readonly #cloud: AlibabaCloud;
  readonly #via: Via;
  readonly #secret: Secret;
  readonly #adapters = new Adapters((fleet) => this.#adapter(fleet));
  readonly #shown = new Shown();
  #key = 'first';

  constructor(around: Surroundings) {
    this.#around = around;
    this.wire = around.wire;
    this.#timeline = new LazyTimeline(around.now);
    this.#park = new ServerPark(around.launches, around.dice, words);
    this.#cloud = new AlibabaCloud(this.#timeline, this.#park);
    this.#cloud.addKey(this.#key, 'secret');
    this.#secret = new Secret({ accessKeyId: this.#key, accessKeySecret: 'secret' });
    this.#via = around.wire.via({ answer: (call) => this.#answer(call), refuse: refused });
  }

  offeredTo(process: string, fleet: Fleet): Offered {
    return this.#adapters.of(process, fleet);
  }

  shown(scalingGroup: string): ScalingGroup {
    this.#timeline.advance();
    const group = this.#group(scalingGroup);
    const { minSize, maxSize, members, classicBalancer } = group;
    return this.#shown.of({
      name: scalingGroup,
      minSize,
      maxSize,
      desired: group.withoutDesired ? wantedOf(group) : group.desired,
      servers: [...members.values()].map(({ id, state }) => ({
        id,
        lifecycle: isServing(state) && !this.#park.reachable(id) ? 'unhealthy' : lifecycles[state]!,
        protectedFromScaleIn: state === 'Protected',
        weight: 1,
      })),
      suspended: suspendedIn(group),
      trafficSources: classicBalancer === undefined ? [] : [`clb/${classicBalancer}`],
    });
  }

  make({ name, config }: ScalerGroup, desired: number): void {
    const { region, scalingGroup: id } = config.alibaba!;
    const draw = this.#around.dice.of(`the group ${name}`);
    const { minSize, maxSize } = config;
    this.#cloud.addGroup({
      ...{ id, region, minSize, maxSize, desired, defaultCooldown: draw.of([60, 300]) },
      ...(draw.chance(0.7) && { classicBalancer: `lb-${name}` }),
      ...(draw.chance(0.4) && { withoutDesired: true }),
    });
    for (const stray of strayServers) {
      const server = strayServer('alibaba', stray);
      if (!this.#park.reachable(server)) this.#cloud.addServer({ region, id }, server);
    }
  }

  do(happening: Happening, { scalingGroup }: ScalerGroup): void {
    this.#timeline.advance();
    const group = this.#group(scalingGroup);
    const until = this.#around.now() + ('seconds' in happening ? happening.seconds : 0) * 1000;
    const { kind, id } = happening;
    if (kind === 'set-desired') setSizes(group, { desired: happening.servers });
    else if (kind === 'set-bounds') setSizes(group, happening);
    else if (kind === 'suspend') this.#suspend(group, happening.process, id);
    else if (kind === 'native-rule') this.#cloud.playNative(group.id, happening.servers, 'Cms');
    else if (kind === 'credentials-end') this.#replaceKey(id);
    else if (kind === 'provider-hangs')
      for (const service of ['ess', 'slb', 'alb'] as const)
        this.wire.hang(hostOf(service, 'cn-hangzhou'), until);
    else if ('nth' in happening) this.#doToServer(group, happening);
  }

  undo({ kind, id }: Happening, { scalingGroup }: ScalerGroup): void {
    const group = this.#group(scalingGroup);
    if (kind === 'suspend') resume(group);
    else if (kind === 'protect') {
      for (const member of group.members.values())
        if (member.state === 'Protected') member.state = 'InService';
    } else if (kind === 'target-unhealthy') this.#park.heal(id);
  }

  renew({ scalingGroup }: ScalerGroup): void {
    const group = this.#group(scalingGroup);
    for (const { id } of group.members.values()) this.#park.stop(id);
    group.members.clear();
    resume(group);
    group.desired = group.minSize;
    endActivities(group, this.#timeline.now());
  }

  calm(): void {
    this.#timeline.advance();
    this.wire.calm();
    const now = this.#timeline.now();
    for (const group of this.#cloud.all()) {
      resume(group);
      for (const { id, state } of group.members.values())
        if (state === 'Pending') {
          group.members.delete(id);
          this.#park.stop(id);
        }
      endActivities(group, now);
    }
    this.#park.calm(now);
  }

  #doToServer(group: Group, happening: Extract<Happening, { readonly nth: number }>): void {
    const members = [...group.members.values()];
    const member = members[happening.nth % members.length];
    if (!member) return;
    const { kind, id } = happening;
    if (kind === 'server-dies' || kind === 'server-lost') this.#cloud.terminate(member.id);
    else if (kind === 'target-unhealthy' || kind === 'server-unhealthy') this.#park.fail(id, member.id);
    else if (kind === 'protect' && member.state === 'InService') member.state = 'Protected';
    else if (kind === 'detach' && member.state === 'InService' && group.desired > group.minSize) {
      group.members.delete(member.id);
      group.desired--;
    }
  }

  #replaceKey(key: string): void {
    this.#cloud.removeKey(this.#key);
    this.#key = key;
    this.#cloud.addKey(key, 'secret');
    this.#secret.replace({ accessKeyId: key, accessKeySecret: 'secret' });
  }

  #adapter(fleet: Fleet): Offered {
    const clock = { now: this.#around.now };
    const settings = Object.values(fleet.groups).map(({ alibaba }) => alibaba!);
    const groups = new Map(settings.map((group) => [alibabaGroupName(group), group]));
    const keys = new AlibabaKeys(this.#secret.reader(), clock, this.#via);
    const account = new AlibabaAccount(groups, keys, clock, this.#via);
    const activities = new AlibabaActivities(account);
    const scaling = new AlibabaScalingGroups(account, activities);
    return {
      ...{ groups: scaling, adopt: scaling, protect: scaling, health: new AlibabaHealth(account) },
      ...{ launchFailures: activities, losses: activities, rivals: new AlibabaRivals(account) },
    };
  }

  #group(scalingGroup: string): Group {
    return this.#cloud.group(scalingGroup.slice(scalingGroup.indexOf('/') + 1));
  }

  /** All of it, or one of its processes. */
  #suspend(group: Group, process: Suspension, why: string): void {
    if (this.#around.dice.of(`suspended ${why}`).chance(0.3)) group.isEnabled = false;
    else group.suspended.add(process === 'launching' ? 'ScaleOut' : 'ScaleIn');
  }

  #answer({ method, url, headers, body = '' }: HttpCall): HttpAnswer {
    this.#timeline.advance();
    try {
      const path = `${url.pathname}${url.search}`;
      return json(200, this.#cloud.answer({ method, path, headers: { ...headers, host: url.host }, body }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return failed(error);
    }
  }
}

/** A group without a desired capacity has the one that its activity is to bring it to, or as many servers as stay. */
function wantedOf({ activities, members }: Group): number {
  const running = activities.find(({ status }) => status === 'InProgress');
  const [, total] = / to "(\d+)"/.exec(running?.cause ?? '') ?? [];
  return total === undefined
    ? [...members.values()].filter(({ state }) => state !== 'Removing').length
    : Number(total);
}

function isServing(state: string): boolean {
  return state === 'InService' || state === 'Protected';
}

function suspendedIn({ isEnabled, suspended }: Group): Suspension[] {
  if (!isEnabled) return ['launching', 'terminating'];
  return [...suspended].map((process) => (process === 'ScaleOut' ? 'launching' : 'terminating'));
}

function resume(group: Group): void {
  group.isEnabled = true;
  group.suspended.clear();
}

/** What a maximum or a minimum does not allow is moved to it. */
function setSizes(
  group: Group,
  {
    minSize,
    maxSize,
    desired,
  }: { readonly minSize?: number; readonly maxSize?: number; readonly desired?: number },
): void {
  group.minSize = minSize ?? group.minSize;
  group.maxSize = maxSize ?? group.maxSize;
  group.desired = Math.max(group.minSize, Math.min(group.maxSize, desired ?? group.desired));
}

function endActivities({ activities }: Group, now: number): void {
  for (const activity of activities)
    if (activity.status === 'InProgress') {
      activity.status = 'Failed';
      activity.endedAt = now;
    }
}

function failed({ code, message, status }: ApiError): HttpAnswer {
  return json(status, { Code: code, Message: message });
}

function refused(how: Refusal): HttpAnswer {
  return how === 'throttled'
    ? failed(new ApiError('Throttling.User', 'Request was denied due to user flow control.'))
    : failed(new ApiError('ServiceUnavailable', 'The request has failed due to a temporary failure.', 503));
}
