import type { GroupRecord } from './records.ts';

type SourceKind = 'clb' | 'alb' | 'nlb';

/**
 * What stands before a group: `clb/lb-bp1…`, `alb/sgp-…`, `nlb/sgp-…`. What a classic balancer forwards to in its groups of servers is
 * healthy or not at the balancer itself. Application balancers are told twice, and once is enough.
 */
export function sourcesOf(record: GroupRecord): string[] {
  const { LoadBalancerIds, VServerGroups, AlbServerGroups, ServerGroups } = record;
  const classic = [
    ...(LoadBalancerIds ?? []),
    ...(VServerGroups ?? []).map(({ LoadBalancerId }) => LoadBalancerId),
  ];
  const groups = [
    ...(AlbServerGroups ?? []).map(({ AlbServerGroupId }) => `alb/${AlbServerGroupId}`),
    ...(ServerGroups ?? []).map(({ ServerGroupId, Type }) => `${Type.toLowerCase()}/${ServerGroupId}`),
  ];
  return [...new Set([...classic.map((id) => `clb/${id}`), ...groups])];
}

/** The ids of one kind. */
export function sourcesAt(sources: readonly string[], kind: SourceKind): string[] {
  const prefix = `${kind}/`;
  return sources.flatMap((source) => (source.startsWith(prefix) ? source.slice(prefix.length) : []));
}
