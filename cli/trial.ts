import { setTimeout } from 'node:timers/promises';
import type { ScalingGroup } from '../shared/domain/observation.ts';
import type { HouseGroup } from '../shared/house.ts';
import type { Ports } from '../shared/ports/ports.ts';

const phases = ['launched', 'in service', 'healthy'] as const;
export type Phase = (typeof phases)[number];

export interface Trial {
  /** undefined: none was launched. */
  readonly serverId: string | undefined;
  /** How long after the beginning each phase was reached. */
  readonly seconds: Readonly<Partial<Record<Phase, number>>>;
  /** undefined: every phase was reached. */
  readonly failure: string | undefined;
}

const lookEveryMs = 2_000;

/**
 * Follows one more server until it is in service and, behind a load balancer, healthy there; no longer than the group's
 * own deadline.
 * @param before the group before the server was asked for
 */
export async function followTrial(
  ports: Ports,
  { scalingGroup, policy }: HouseGroup,
  before: ScalingGroup,
  onPhase: (phase: Phase, seconds: number) => void,
): Promise<Trial> {
  const known = new Set(before.servers.map(({ id }) => id));
  const begin = ports.clock.now();
  const seconds: Partial<Record<Phase, number>> = {};
  let serverId: string | undefined;
  const result = (failure?: string): Trial => ({ serverId, seconds, failure });
  while (ports.clock.now() - begin < policy.deadlineMs) {
    const now = (await ports.groups.describe([scalingGroup])).get(scalingGroup);
    if (!now) return result(`there is no scaling group ${scalingGroup} any more`);
    const server = now.servers.find(({ id }) => !known.has(id));
    serverId = server?.id ?? serverId;
    if (server) reached('launched');
    if (server?.lifecycleState === 'InService') reached('in service');
    if (seconds['in service'] !== undefined && (await isHealthy(ports, now, serverId!))) reached('healthy');
    if (seconds.healthy !== undefined) return result();
    const failed = await ports.groups.launchFailure(scalingGroup, begin);
    if (failed) return result(failed.message);
    await setTimeout(lookEveryMs);
  }
  return result(`it was not ${phases.find((phase) => seconds[phase] === undefined)} in time`);

  function reached(phase: Phase): void {
    if (seconds[phase] !== undefined) return;
    seconds[phase] = Math.round((ports.clock.now() - begin) / 1000);
    onPhase(phase, seconds[phase]);
  }
}

async function isHealthy(
  { groups }: Ports,
  { targetGroups }: ScalingGroup,
  serverId: string,
): Promise<boolean> {
  return targetGroups.length === 0 || (await groups.healthyTargets(targetGroups)).has(serverId);
}
