import { type GroupSettings, TencentCloud } from '@rushhour/local-tencent';
import { ApiError } from '@rushhour/local-tencent/api-error';
import type { Lifecycle } from '../../../shared/domain/observation.ts';
import type { Fleet } from '../../../shared/fleet/fleet.ts';
import { tencentGroupName } from '../../../shared/fleet/tencent.ts';
import type { HttpAnswer, HttpCall } from '../../../shared/providers/over-http.ts';
import { TencentAccount } from '../../../shared/providers/tencent/account.ts';
import { TencentActivities } from '../../../shared/providers/tencent/activities.ts';
import { TencentKeys } from '../../../shared/providers/tencent/keys.ts';
import { TencentRivals } from '../../../shared/providers/tencent/rivals.ts';
import { TencentScalingGroups } from '../../../shared/providers/tencent/scaling-groups.ts';
import type { Draw } from '../dice.ts';
import type { Offered } from './elsewhere.ts';
import type { LazyTimeline } from './lazy-timeline.ts';
import type { ServerPark } from './server-park.ts';
import type { Access, Opening, Vendor } from './vendor.ts';
import { json, type Refusal } from './wire.ts';

type Group = ReturnType<TencentCloud['group']>;
type Member = NonNullable<ReturnType<Group['members']['get']>>;

const lifecycles: Readonly<Record<string, Lifecycle>> = {
  CREATING: 'pending',
  ATTACHING: 'pending',
  IN_SERVICE: 'ready',
  TERMINATING: 'leaving',
  DETACHING: 'leaving',
};

/** Scaling groups of Tencent Cloud, most behind a load balancer. */
class Tencent implements Vendor<Group, Member> {
  readonly provider = 'tencent';
  readonly cloud: TencentCloud;
  readonly hosts = ['as', 'clb'].map((service) => `${service}.tencentcloudapi.com`);
  readonly lifecycles = lifecycles;
  readonly states = { launching: 'CREATING', detachable: 'IN_SERVICE' };
  readonly statuses = { running: 'RUNNING', failed: 'FAILED' };
  readonly #park: ServerPark;

  constructor(timeline: LazyTimeline, park: ServerPark) {
    this.cloud = new TencentCloud(timeline, park);
    this.#park = park;
  }

  credentials(secretId: string, secretKey: string) {
    return { secretId, secretKey };
  }

  settings(name: string, draw: Draw): Partial<GroupSettings> {
    const balancer = { LoadBalancerId: `lb-${name}`, ListenerId: `lbl-${name}` };
    return draw.chance(0.7) ? { balancer } : {};
  }

  seen({ desired, isEnabled, balancer }: Group) {
    return {
      desired,
      suspended: isEnabled ? [] : (['launching', 'terminating'] as const),
      trafficSources: balancer ? [`${balancer.LoadBalancerId}/${balancer.ListenerId}`] : [],
    };
  }

  isProtected({ isProtected }: Member): boolean {
    return isProtected;
  }

  setProtected(member: Member, isProtected: boolean): void {
    member.isProtected = isProtected;
  }

  /** A group is suspended as a whole. */
  suspend(group: Group): void {
    group.isEnabled = false;
  }

  resume(group: Group): void {
    group.isEnabled = true;
  }

  playNative({ id }: Group, servers: number): void {
    this.cloud.playNative(id, servers, 'an alarm policy');
  }

  /** Of a server that somebody terminates the group hears at once. */
  end(group: Group, { id }: Member, kind: 'server-dies' | 'server-lost'): void {
    if (kind === 'server-dies') this.cloud.terminate(group.id, id);
    else this.#park.stop(id);
  }

  adapter(fleet: Fleet, { secrets, clock, via }: Access): Offered {
    const settings = Object.values(fleet.groups).map(({ tencent }) => tencent!);
    const groups = new Map(settings.map((group) => [tencentGroupName(group), group]));
    const keys = new TencentKeys(secrets, clock, via);
    const account = new TencentAccount(groups, keys, clock, via);
    const scaling = new TencentScalingGroups(account);
    const activities = new TencentActivities(account);
    return {
      ...{ groups: scaling, adopt: scaling, protect: scaling, health: scaling },
      ...{ launchFailures: activities, losses: activities, rivals: new TencentRivals(account) },
    };
  }

  answer({ method, url, headers, body = '' }: HttpCall): HttpAnswer {
    const [service] = url.host.split('.');
    try {
      const request = { method, headers: { ...headers, host: url.host }, body };
      return json(200, { Response: this.cloud.answer(request, service!) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return failed(error.code, error.message);
    }
  }

  refuse(how: Refusal): HttpAnswer {
    return how === 'throttled'
      ? failed('RequestLimitExceeded', 'Your current request times exceed the limit.')
      : failed('InternalError', 'An internal error occurred.');
  }
}

/** Errors of the API have the status 200. */
function failed(Code: string, Message: string): HttpAnswer {
  return json(200, { Response: { Error: { Code, Message } } });
}

export const tencent: Opening<Group, Member> = {
  refusedLaunches: {
    capacity: { code: 'ResourceInsufficient.SpecifiedInstanceType', message: '资源售罄' },
    quota: { code: 'LimitExceeded.InstanceQuota', message: '配额不足' },
    image: { code: 'InvalidImageId.NotFound', message: '镜像不存在' },
    other: { code: 'FailedOperation', message: 'The operation failed.' },
  },
  open: (timeline, park) => new Tencent(timeline, park),
};
