import { AlibabaCloud, type GroupSettings } from '@rushhour/local-alibaba';
import { ApiError } from '@rushhour/local-alibaba/api-error';
import type { Lifecycle, Suspension } from '../../../shared/domain/observation.ts';
import { alibabaGroupName } from '../../../shared/fleet/alibaba.ts';
import type { Fleet } from '../../../shared/fleet/fleet.ts';
import { AlibabaAccount } from '../../../shared/providers/alibaba/account.ts';
import { AlibabaActivities } from '../../../shared/providers/alibaba/activities.ts';
import { AlibabaHealth } from '../../../shared/providers/alibaba/health.ts';
import { AlibabaKeys } from '../../../shared/providers/alibaba/keys.ts';
import { AlibabaRivals } from '../../../shared/providers/alibaba/rivals.ts';
import { AlibabaScalingGroups } from '../../../shared/providers/alibaba/scaling-groups.ts';
import { hostOf } from '../../../shared/providers/alibaba/services.ts';
import type { HttpAnswer, HttpCall } from '../../../shared/providers/over-http.ts';
import type { Draw } from '../dice.ts';
import type { Offered } from './elsewhere.ts';
import type { LazyTimeline } from './lazy-timeline.ts';
import type { ServerPark } from './server-park.ts';
import type { Access, Opening, Vendor } from './vendor.ts';
import { json, type Refusal } from './wire.ts';

type Group = ReturnType<AlibabaCloud['group']>;
type Member = NonNullable<ReturnType<Group['members']['get']>>;

const lifecycles: Readonly<Record<string, Lifecycle>> = {
  Pending: 'pending',
  InService: 'ready',
  Protected: 'ready',
  Removing: 'leaving',
};

/** Scaling groups of Alibaba Cloud, some without a desired capacity, most behind a load balancer. */
class Alibaba implements Vendor<Group, Member> {
  readonly provider = 'alibaba';
  readonly cloud: AlibabaCloud;
  readonly hosts = (['ess', 'slb', 'alb'] as const).map((service) => hostOf(service, 'cn-hangzhou'));
  readonly lifecycles = lifecycles;
  readonly states = { launching: 'Pending', detachable: 'InService' };
  readonly statuses = { running: 'InProgress', failed: 'Failed' };

  constructor(timeline: LazyTimeline, park: ServerPark) {
    this.cloud = new AlibabaCloud(timeline, park);
  }

  credentials(accessKeyId: string, accessKeySecret: string) {
    return { accessKeyId, accessKeySecret };
  }

  settings(name: string, draw: Draw): Partial<GroupSettings> {
    return {
      ...(draw.chance(0.7) && { classicBalancer: `lb-${name}` }),
      ...(draw.chance(0.4) && { withoutDesired: true }),
    };
  }

  seen(group: Group) {
    const { withoutDesired, desired, classicBalancer } = group;
    return {
      desired: withoutDesired ? wantedOf(group) : desired,
      suspended: suspendedIn(group),
      trafficSources: classicBalancer === undefined ? [] : [`clb/${classicBalancer}`],
    };
  }

  isProtected({ state }: Member): boolean {
    return state === 'Protected';
  }

  /** Only a server in service is protected, and only a protected one comes back into service. */
  setProtected(member: Member, isProtected: boolean): void {
    const [from, to] = isProtected
      ? (['InService', 'Protected'] as const)
      : (['Protected', 'InService'] as const);
    if (member.state === from) member.state = to;
  }

  /** All of it, or one of its processes. */
  suspend(group: Group, process: Suspension, draw: Draw): void {
    if (draw.chance(0.3)) group.isEnabled = false;
    else group.suspended.add(process === 'launching' ? 'ScaleOut' : 'ScaleIn');
  }

  resume(group: Group): void {
    group.isEnabled = true;
    group.suspended.clear();
  }

  playNative({ id }: Group, servers: number): void {
    this.cloud.playNative(id, servers, 'Cms');
  }

  end(_group: Group, { id }: Member): void {
    this.cloud.terminate(id);
  }

  adapter(fleet: Fleet, { secrets, clock, via }: Access): Offered {
    const settings = Object.values(fleet.groups).map(({ alibaba }) => alibaba!);
    const groups = new Map(settings.map((group) => [alibabaGroupName(group), group]));
    const keys = new AlibabaKeys(secrets, clock, via);
    const account = new AlibabaAccount(groups, keys, clock, via);
    const activities = new AlibabaActivities(account);
    const scaling = new AlibabaScalingGroups(account, activities);
    return {
      ...{ groups: scaling, adopt: scaling, protect: scaling, health: new AlibabaHealth(account) },
      ...{ launchFailures: activities, losses: activities, rivals: new AlibabaRivals(account) },
    };
  }

  answer({ method, url, headers, body = '' }: HttpCall): HttpAnswer {
    try {
      const path = `${url.pathname}${url.search}`;
      return json(200, this.cloud.answer({ method, path, headers: { ...headers, host: url.host }, body }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return failed(error);
    }
  }

  refuse(how: Refusal): HttpAnswer {
    return how === 'throttled'
      ? failed(new ApiError('Throttling.User', 'Request was denied due to user flow control.'))
      : failed(new ApiError('ServiceUnavailable', 'The request has failed due to a temporary failure.', 503));
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

function suspendedIn({ isEnabled, suspended }: Group): Suspension[] {
  if (!isEnabled) return ['launching', 'terminating'];
  return [...suspended].map((process) => (process === 'ScaleOut' ? 'launching' : 'terminating'));
}

function failed({ code, message, status }: ApiError): HttpAnswer {
  return json(status, { Code: code, Message: message });
}

export const alibaba: Opening<Group, Member> = {
  refusedLaunches: {
    capacity: {
      code: 'OperationDenied.NoStock',
      message: 'The specified ECS resource is out of stock in this region. Please try again later.',
    },
    quota: { code: 'QuotaExceed.ElasticQuota', message: 'Living instances quota exceeded.' },
    image: { code: 'InvalidImageId.NotFound', message: 'The specified ImageId does not exist.' },
    other: { code: 'InternalError', message: 'The request processing has failed.' },
  },
  open: (timeline, park) => new Alibaba(timeline, park),
};
