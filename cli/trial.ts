import { setTimeout } from 'node:timers/promises';
import type { ScalingGroup } from '../shared/domain/observation.ts';
import { inServiceCapacity, isInService, surplusIsGone } from '../shared/domain/servers.ts';
import type { ScalerGroup } from '../shared/engine/scaler.ts';
import type { Ports } from '../shared/ports/ports.ts';
import { Failure } from './failure.ts';
import { missingAdvice } from './missing-advice.ts';
import { englishWords } from './words/en.ts';

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
 * Waits until no server comes or is about to go: one that comes afterwards is the one that was asked for. No longer than the
 * group's own deadline.
 * @returns the group at rest
 * @throws Failure when there is no such group, when its launches fail, or when it does not come to rest in time
 */
export async function awaitRest(
  ports: Ports,
  { scalingGroup, policy, config }: ScalerGroup,
): Promise<ScalingGroup> {
  const begin = ports.clock.now();
  for (;;) {
    const now = (await ports.groups.describe([scalingGroup])).get(scalingGroup);
    if (!now)
      throw new Failure(`There is no scaling group ${scalingGroup}.`, {
        advice: missingAdvice({ config }, englishWords),
      });
    if (isAtRest(now)) return now;
    const advice = `rushhour explain ${policy.name} says what it waits for.`;
    const failed = await ports.launchFailures?.launchFailure(scalingGroup, begin);
    if (failed) throw new Failure(`${policy.name} cannot grow: ${failed.message}`, { advice });
    if (ports.clock.now() - begin >= policy.launchDeadlineMs) {
      const seconds = Math.round(policy.launchDeadlineMs / 1000);
      throw new Failure(`Servers of ${policy.name} have come and gone for ${seconds} s.`, { advice });
    }
    await setTimeout(lookEveryMs);
  }
}

/** As many servers in service as desired, and none on its way; one that drains has left already. */
function isAtRest(group: ScalingGroup): boolean {
  const staying = group.servers.filter(({ lifecycle }) => lifecycle !== 'leaving');
  return (
    inServiceCapacity(group) >= group.desired && surplusIsGone({ ...group, servers: staying }, group.desired)
  );
}

/**
 * Follows one more server until it is in service and, behind a load balancer, healthy there; no longer than the group's
 * own deadline.
 * @param before the group at rest, before the server was asked for
 */
export async function followTrial(
  ports: Ports,
  { scalingGroup, policy }: ScalerGroup,
  before: ScalingGroup,
  onPhase: (phase: Phase, seconds: number) => void,
): Promise<Trial> {
  const known = new Set(before.servers.map(({ id }) => id));
  const begin = ports.clock.now();
  const seconds: Partial<Record<Phase, number>> = {};
  let serverId: string | undefined;
  const result = (failure?: string): Trial => ({ serverId, seconds, failure });
  while (ports.clock.now() - begin < policy.launchDeadlineMs) {
    const now = (await ports.groups.describe([scalingGroup])).get(scalingGroup);
    if (!now) return result(`there is no scaling group ${scalingGroup} any more`);
    const server = now.servers.find(({ id }) => !known.has(id));
    serverId = server?.id ?? serverId;
    if (server) reached('launched');
    if (server && isInService(server)) reached('in service');
    if (seconds['in service'] !== undefined && (await isHealthy(ports, now, serverId!))) reached('healthy');
    if (seconds.healthy !== undefined) return result();
    const failed = await ports.launchFailures?.launchFailure(scalingGroup, begin);
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

async function isHealthy({ health }: Ports, group: ScalingGroup, serverId: string): Promise<boolean> {
  if (!health || group.trafficSources.length === 0) return true;
  return (await health.healthy(group)).has(serverId);
}
