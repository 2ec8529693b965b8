import type { Ledger } from '../../shared/domain/ledger.ts';
import type { OpenWindow, ScalingGroup } from '../../shared/domain/observation.ts';
import { isInService, isPresent } from '../../shared/domain/servers.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';

/** Never fewer than that: the file's minimum, the group's, and what is protected. */
export function minimumOf({ config }: ScalerGroup, { minSize, maxSize, servers }: ScalingGroup): number {
  const kept = servers.filter((server) => server.protectedFromScaleIn && isPresent(server));
  return Math.max(Math.min(config.minSize, maxSize), minSize, kept.length);
}

/**
 * The formula of the design, written down once more and independently of the engine:
 * goal = min( max( own + Σ granted, tracked, floors ) + lifted, maxima )
 */
export function goalOf(
  group: ScalerGroup,
  ledger: Ledger,
  scalingGroup: ScalingGroup,
  windows: readonly OpenWindow[],
  leader: ScalingGroup | undefined,
  forecast: number | undefined,
): number {
  const minimum = minimumOf(group, scalingGroup);
  const granted = grantedBy(ledger);
  const floors = windows.map(({ minSize }) => minSize ?? 0);
  if (group.config.forecast) floors.push(forecast ?? 0);
  if (group.config.follows && leader) {
    const inService = leader.servers.filter(isInService).length;
    floors.push(Math.ceil(Math.max(leader.desired, inService) * group.config.follows.ratio));
  }
  const asked = [Math.max(ledger.base, minimum) + granted, ledger.tracked?.servers ?? 0, minimum];
  const wanted = Math.max(...asked, ...floors) + (ledger.lifted ?? 0);
  return Math.min(wanted, maximumOf(group, scalingGroup, windows));
}

/** The narrowest maximum, but never below what must stay. */
export function maximumOf(
  group: ScalerGroup,
  scalingGroup: ScalingGroup,
  windows: readonly OpenWindow[],
): number {
  const maxima = windows.map(({ maxSize }) => maxSize ?? Number.POSITIVE_INFINITY);
  const maximum = Math.min(group.config.maxSize, scalingGroup.maxSize, ...maxima);
  return Math.max(maximum, minimumOf(group, scalingGroup));
}

export function grantedBy({ grants }: Ledger): number {
  return grants.reduce((sum, { servers }) => sum + servers, 0);
}

/** What alarms, people and the outside have made of a group: base, but never less than the minimum, and `lifted`. */
export function ownOf({ base, lifted = 0 }: Ledger, minimum: number): number {
  return Math.max(base, minimum) + lifted;
}
