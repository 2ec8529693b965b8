import type { Ledger } from './ledger.ts';
import type { Instant, ScalingGroup, Server } from './observation.ts';

/**
 * Units that must stay: they are protected from scale-in, and nothing would be terminated in their place. What stands by
 * keeps its protection, but desired does not count it. Where the protection ends by itself, none must.
 */
export function protectedCapacity(group: ScalingGroup): number {
  return group.protectionEnds ? 0 : protectedUnits(group);
}

/** Units that a desired capacity of `to` makes superfluous, and that stay until their protection ends. */
export function keptByProtection(group: ScalingGroup, to: number): number {
  return group.protectionEnds ? Math.max(0, protectedUnits(group) - to) : 0;
}

function protectedUnits(group: ScalingGroup): number {
  let units = 0;
  for (const server of group.servers)
    if (server.protectedFromScaleIn && isPresent(server)) units += server.weight;
  return units;
}

/** Units in service. */
export function inServiceCapacity(group: ScalingGroup): number {
  return unitsThat(group, isInService);
}

/**
 * Units in service that nothing keeps from being what an activity has asked for. Of a server that was there before, only
 * that it serves is asked: whether it is well is nothing that the activity could change.
 * @param there short ids of the servers that were there before
 * @param healthy servers that no load balancer in use finds unhealthy; undefined: nobody was asked
 */
export function readyCapacity(
  group: ScalingGroup,
  there: ReadonlySet<string>,
  healthy: ReadonlySet<string> | undefined,
): number {
  let units = 0;
  for (const server of group.servers) {
    if (!isInService(server)) continue;
    const well = server.lifecycle === 'ready' && (healthy === undefined || healthy.has(server.id));
    if (well || there.has(shortId(server.id))) units += server.weight;
  }
  return units;
}

/** A short id that is unique within a group: the ledger is one item. Twelve of EC2's seventeen random digits do; shorter ids stay whole. */
export function shortId(id: string): string {
  return id.slice(-12);
}

/** Units that were taken away since a datapoint began: they carried a part of what it measured. */
export function leftSince(changes: Ledger['changes'], since: Instant): number {
  return leftBetween(changes, since, Number.POSITIVE_INFINITY);
}

/** Units that were taken away after `since`, and no later than `until`. */
export function leftBetween(changes: Ledger['changes'], since: Instant, until: Instant): number {
  let left = 0;
  for (const [at, delta] of changes) if (at > since && at <= until && delta < 0) left -= delta;
  return left;
}

/**
 * Has everything gone that a desired capacity of `to` makes superfluous? What a later scale-in takes out is not waited for.
 * With weights a surplus smaller than the lightest server stays for good.
 */
export function surplusIsGone(group: ScalingGroup, to: number): boolean {
  let present = 0;
  let leaving = 0;
  let lightest = Number.POSITIVE_INFINITY;
  for (const server of group.servers) {
    if (isLeaving(server)) leaving += server.weight;
    if (!isPresent(server)) continue;
    present += server.weight;
    lightest = Math.min(lightest, server.weight);
  }
  return present + leaving <= to || (leaving === 0 && present - lightest < to);
}

/** Is all of the surplus on its way out, so that only time is wanting? */
export function surplusIsLeaving(group: ScalingGroup, to: number): boolean {
  const leaving = group.servers.some(isLeaving);
  return leaving && unitsThat(group, isPresent) <= to;
}

/** Does a termination hook hold a server back? It may, by heartbeats, for 48 hours. */
export function isHeldByHook(group: ScalingGroup): boolean {
  return group.servers.some(({ held }) => held);
}

function unitsThat(group: ScalingGroup, are: (server: Server) => boolean): number {
  let units = 0;
  for (const server of group.servers) if (are(server)) units += server.weight;
  return units;
}

/** Is it in service, whether its health check passes or not? */
export function isInService({ lifecycle }: Server): boolean {
  return lifecycle === 'ready' || lifecycle === 'unhealthy';
}

/** Counted in desired: it serves, or is on its way. */
export function isPresent(server: Server): boolean {
  return server.lifecycle === 'pending' || isInService(server);
}

/** Ids of those that are not on their way out. */
export function stayingIds({ servers }: ScalingGroup): ReadonlySet<string> {
  return new Set(servers.filter((server) => !isLeaving(server)).map(({ id }) => id));
}

function isLeaving({ lifecycle }: Server): boolean {
  return lifecycle === 'leaving';
}
