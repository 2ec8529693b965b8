import type { Ledger } from './ledger.ts';
import type { Instant, ScalingGroup, Server } from './observation.ts';

/** Units that must stay: they are protected from scale-in, and nothing would be terminated in their place. */
export function protectedCapacity(group: ScalingGroup): number {
  let units = 0;
  for (const server of group.servers) {
    if (server.protectedFromScaleIn && !isLeaving(server)) units += server.weight;
  }
  return units;
}

/** Units in service. */
export function inServiceCapacity(group: ScalingGroup): number {
  let units = 0;
  for (const server of group.servers) if (server.lifecycleState === 'InService') units += server.weight;
  return units;
}

/** Units in service whose health check passes, at the load balancer too when `healthy` names those that do. */
export function readyCapacity(group: ScalingGroup, healthy: ReadonlySet<string> | undefined): number {
  let units = 0;
  for (const server of group.servers) {
    const ready = server.lifecycleState === 'InService' && server.healthStatus !== 'Unhealthy';
    if (ready && (healthy === undefined || healthy.has(server.id))) units += server.weight;
  }
  return units;
}

/** Units that were taken away since a datapoint began: they carried a part of what it measured. */
export function leftSince(changes: Ledger['changes'], since: Instant): number {
  let left = 0;
  for (const [at, delta] of changes) if (at > since && delta < 0) left -= delta;
  return left;
}

/**
 * Has everything gone that a desired capacity of `to` makes superfluous? With weights a surplus smaller than the
 * lightest server stays for good.
 */
export function surplusIsGone(group: ScalingGroup, to: number): boolean {
  let units = 0;
  let lightest = Number.POSITIVE_INFINITY;
  for (const server of group.servers) {
    if (isLeaving(server)) return false;
    if (!isPresent(server)) continue;
    units += server.weight;
    lightest = Math.min(lightest, server.weight);
  }
  return units <= to || units - lightest < to;
}

/** `Standby` and `Detached` servers count for nothing. */
function isPresent(server: Server): boolean {
  return server.lifecycleState === 'InService' || server.lifecycleState.startsWith('Pending');
}

function isLeaving(server: Server): boolean {
  return server.lifecycleState.startsWith('Terminating') || server.lifecycleState === 'Detaching';
}
