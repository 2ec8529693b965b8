import { TencentCloud } from '@rushhour/local-tencent';
import { ApiError } from '@rushhour/local-tencent/api-error';
import type { Lifecycle, ScalingGroup } from '../../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../../shared/engine/scaler.ts';
import type { Fleet } from '../../../shared/fleet/fleet.ts';
import { tencentGroupName } from '../../../shared/fleet/tencent.ts';
import type { HttpAnswer, HttpCall, Via } from '../../../shared/providers/over-http.ts';
import { TencentAccount } from '../../../shared/providers/tencent/account.ts';
import { TencentActivities } from '../../../shared/providers/tencent/activities.ts';
import { TencentKeys } from '../../../shared/providers/tencent/keys.ts';
import { TencentRivals } from '../../../shared/providers/tencent/rivals.ts';
import { TencentScalingGroups } from '../../../shared/providers/tencent/scaling-groups.ts';
import type { Happening } from '../plan.ts';
import { strayServers } from '../stray-servers.ts';
import { Adapters, type Elsewhere, type Offered, Secret, Shown, type Surroundings } from './elsewhere.ts';
import { strayServer } from './fleet-elsewhere.ts';
import { LazyTimeline } from './lazy-timeline.ts';
import { ServerPark } from './server-park.ts';
import { json, type Refusal, type Wire } from './wire.ts';

type Group = ReturnType<TencentCloud['group']>;

const words = {
  capacity: { code: 'ResourceInsufficient.SpecifiedInstanceType', message: '资源售罄' },
  quota: { code: 'LimitExceeded.InstanceQuota', message: '配额不足' },
  image: { code: 'InvalidImageId.NotFound', message: '镜像不存在' },
  other: { code: 'FailedOperation', message: 'The operation failed.' },
} as const;

const lifecycles: Readonly<Record<string, Lifecycle>> = {
  CREATING: 'pending',
  ATTACHING: 'pending',
  IN_SERVICE: 'ready',
  TERMINATING: 'leaving',
  DETACHING: 'leaving',
};

/** Scaling groups of Tencent Cloud, each behind a load balancer. */
export class TencentElsewhere implements Elsewhere {
  readonly wire: Wire;
  readonly #around: Surroundings;
  readonly #timeline: LazyTimeline;
  readonly #park: ServerPark;
  readonly #cloud: TencentCloud;
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
    this.#cloud = new TencentCloud(this.#timeline, this.#park);
    this.#cloud.addKey(this.#key, 'secret');
    this.#secret = new Secret({ secretId: this.#key, secretKey: 'secret' });
    this.#via = around.wire.via({ answer: (call) => this.#answer(call), refuse: refused });
  }

  offeredTo(process: string, fleet: Fleet): Offered {
    return this.#adapters.of(process, fleet);
  }

  shown(scalingGroup: string): ScalingGroup {
    this.#timeline.advance();
    const { minSize, maxSize, desired, members, isEnabled, balancer } = this.#group(scalingGroup);
    return this.#shown.of({
      name: scalingGroup,
      minSize,
      maxSize,
      desired,
      servers: [...members.values()].map(({ id, state, isProtected }) => ({
        id,
        lifecycle: state === 'IN_SERVICE' && !this.#park.reachable(id) ? 'unhealthy' : lifecycles[state]!,
        protectedFromScaleIn: isProtected,
        weight: 1,
      })),
      suspended: isEnabled ? [] : ['launching', 'terminating'],
      trafficSources: balancer ? [`${balancer.LoadBalancerId}/${balancer.ListenerId}`] : [],
    });
  }

  make({ name, config }: ScalerGroup, desired: number): void {
    const { region, scalingGroup: id } = config.tencent!;
    const draw = this.#around.dice.of(`the group ${name}`);
    const balancer = { LoadBalancerId: `lb-${name}`, ListenerId: `lbl-${name}` };
    const { minSize, maxSize } = config;
    this.#cloud.addGroup({
      ...{ id, region, minSize, maxSize, desired, defaultCooldown: draw.of([60, 300]) },
      ...(draw.chance(0.7) && { balancer }),
    });
    for (const stray of strayServers) {
      const server = strayServer('tencent', stray);
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
    else if (kind === 'suspend') group.isEnabled = false;
    else if (kind === 'native-rule') this.#cloud.playNative(group.id, happening.servers, 'an alarm policy');
    else if (kind === 'credentials-end') this.#replaceKey(id);
    else if (kind === 'provider-hangs')
      for (const service of ['as', 'clb']) this.wire.hang(`${service}.tencentcloudapi.com`, until);
    else if ('nth' in happening) this.#doToServer(group, happening);
  }

  undo({ kind, id }: Happening, { scalingGroup }: ScalerGroup): void {
    const group = this.#group(scalingGroup);
    if (kind === 'suspend') group.isEnabled = true;
    else if (kind === 'protect') for (const member of group.members.values()) member.isProtected = false;
    else if (kind === 'target-unhealthy') this.#park.heal(id);
  }

  renew({ scalingGroup }: ScalerGroup): void {
    const group = this.#group(scalingGroup);
    for (const { id } of group.members.values()) this.#park.stop(id);
    group.members.clear();
    group.isEnabled = true;
    group.desired = group.minSize;
    endActivities(group, this.#timeline.now());
  }

  calm(): void {
    this.#timeline.advance();
    this.wire.calm();
    const now = this.#timeline.now();
    for (const group of this.#cloud.all()) {
      group.isEnabled = true;
      for (const { id, state } of group.members.values())
        if (state === 'CREATING') {
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
    if (kind === 'server-dies') this.#cloud.terminate(group.id, member.id);
    else if (kind === 'server-lost') this.#park.stop(member.id);
    else if (kind === 'target-unhealthy' || kind === 'server-unhealthy') this.#park.fail(id, member.id);
    else if (kind === 'protect') member.isProtected = true;
    else if (kind === 'detach' && member.state === 'IN_SERVICE' && group.desired > group.minSize) {
      group.members.delete(member.id);
      group.desired--;
    }
  }

  #replaceKey(key: string): void {
    this.#cloud.removeKey(this.#key);
    this.#key = key;
    this.#cloud.addKey(key, 'secret');
    this.#secret.replace({ secretId: key, secretKey: 'secret' });
  }

  #adapter(fleet: Fleet): Offered {
    const clock = { now: this.#around.now };
    const settings = Object.values(fleet.groups).map(({ tencent }) => tencent!);
    const groups = new Map(settings.map((group) => [tencentGroupName(group), group]));
    const keys = new TencentKeys(this.#secret.reader(), clock, this.#via);
    const account = new TencentAccount(groups, keys, clock, this.#via);
    const scaling = new TencentScalingGroups(account);
    const activities = new TencentActivities(account);
    return {
      ...{ groups: scaling, adopt: scaling, protect: scaling, health: scaling },
      ...{ launchFailures: activities, losses: activities, rivals: new TencentRivals(account) },
    };
  }

  #group(scalingGroup: string): Group {
    return this.#cloud.group(scalingGroup.slice(scalingGroup.indexOf('/') + 1));
  }

  #answer({ method, url, headers, body = '' }: HttpCall): HttpAnswer {
    this.#timeline.advance();
    const [service] = url.host.split('.');
    try {
      const request = { method, headers: { ...headers, host: url.host }, body };
      return json(200, { Response: this.#cloud.answer(request, service!) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return failed(error.code, error.message);
    }
  }
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
    if (activity.status === 'RUNNING') {
      activity.status = 'FAILED';
      activity.endedAt = now;
    }
}

/** Errors of the API have the status 200. */
function failed(Code: string, Message: string): HttpAnswer {
  return json(200, { Response: { Error: { Code, Message } } });
}

function refused(how: Refusal): HttpAnswer {
  return how === 'throttled'
    ? failed('RequestLimitExceeded', 'Your current request times exceed the limit.')
    : failed('InternalError', 'An internal error occurred.');
}
