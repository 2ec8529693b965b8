import { PortError } from '../../ports/port-error.ts';
import { batches } from '../aws/batches.ts';
import type { Dimensions } from '../measured.ts';
import type { TencentAccount } from './account.ts';
import type { BalancerRecord, HealthRecord } from './records.ts';

/** What of a load balancer a group stands behind, as the monitor measures it. */
export interface Standing {
  /**
   * `location`: one of several at its listener, which shares the listener's requests with others. `requests`: a whole listener of HTTP.
   * `connections`: one of the fourth layer, which knows no requests.
   */
  readonly kind: 'location' | 'requests' | 'connections';
  readonly isPublic: boolean;
  readonly dimensions: Dimensions;
}

const balancersAtOnce = 20;
const ofRequests = new Set(['HTTP', 'HTTPS']);

/** CLB (负载均衡): where in it groups stand. */
export class TencentBalancers {
  readonly #account: TencentAccount;

  constructor(account: TencentAccount) {
    this.#account = account;
  }

  /**
   * @param group whose account is asked
   * @param sources `lb-1/lbl-2/loc-3` each; a listener of the fourth layer has no location
   * @throws PortError `NotFound` for one that is not there any more
   */
  async standings(group: string, sources: readonly string[]): Promise<Standing[]> {
    const ids = [...new Set(sources.map((source) => source.split('/')[0]!))];
    const balancers: BalancerRecord[] = [];
    const healths: HealthRecord[] = [];
    for (const LoadBalancerIds of batches(ids, balancersAtOnce)) {
      const place = this.#account.groupOf(group);
      const what = `look up ${LoadBalancerIds.join(', ')}`;
      const asked = { what, service: 'clb', input: { LoadBalancerIds } } as const;
      const { LoadBalancerSet = [] } = await this.#account.ask<{ LoadBalancerSet?: BalancerRecord[] }>(
        place,
        { ...asked, action: 'DescribeLoadBalancers' },
      );
      const { LoadBalancers = [] } = await this.#account.ask<{ LoadBalancers?: HealthRecord[] }>(place, {
        ...asked,
        action: 'DescribeTargetHealth',
      });
      balancers.push(...LoadBalancerSet);
      healths.push(...LoadBalancers);
    }
    return sources.map((source) => standingOf(source, balancers, healths));
  }
}

function standingOf(
  source: string,
  balancers: readonly BalancerRecord[],
  healths: readonly HealthRecord[],
): Standing {
  const [id, listenerId, locationId] = source.split('/');
  const balancer = balancers.find(({ LoadBalancerId }) => LoadBalancerId === id);
  const health = healths.find(({ LoadBalancerId }) => LoadBalancerId === id);
  const listener = health?.Listeners?.find(({ ListenerId }) => ListenerId === listenerId);
  if (!balancer || !listener) throw new PortError('NotFound', `there is no listener ${id}/${listenerId}`);
  const { LoadBalancerType, LoadBalancerVips, NumericalVpcId } = balancer;
  const vip = LoadBalancerVips?.[0];
  if (!vip)
    throw new PortError(
      'Invalid',
      `${id} has no address of its own (域名化): name its metric in the fleet file, as { namespace: QCE/LB_PUBLIC, metricName: TotalReq, dimensions: … }`,
    );
  const isPublic = LoadBalancerType !== 'INTERNAL';
  const ofListener = {
    vip,
    // Addresses within private networks may be there twice.
    ...(isPublic ? {} : { vpcId: `${NumericalVpcId}` }),
    loadBalancerPort: `${listener.Port}`,
    protocol: `${listener.Protocol}`.toLowerCase(),
  };
  if (!ofRequests.has(`${listener.Protocol}`))
    return { kind: 'connections', isPublic, dimensions: ofListener };
  const rules = listener.Rules ?? [];
  const rule = rules.find(({ LocationId }) => LocationId === locationId);
  if (rules.length <= 1 || !rule) return { kind: 'requests', isPublic, dimensions: ofListener };
  const dimensions = { ...ofListener, domain: `${rule.Domain}`, url: `${rule.Url}` };
  return { kind: 'location', isPublic, dimensions };
}
