import type { Scaler, ScalerGroup } from './scaler.ts';

/**
 * Scaling policies and scheduled actions of AWS's own fight with ours over the capacity of a group that was taken over:
 * people hear of them when the group is met. @throws PortError
 */
export async function warnOfNativeScaling(
  { fleet, ports }: Scaler,
  { name, scalingGroup, config }: ScalerGroup,
): Promise<void> {
  if (config.existing === undefined && config.ecs === undefined) return;
  const found = (await ports.rivals?.nativeScaling(scalingGroup)) ?? [];
  if (found.length === 0) return;
  const subject = `[${fleet.name}] ${name}: ${scalingGroup} also scales by rules of its own`;
  const message = `${subject}: ${found.join(', ')}. Delete them, or they and Rushhour will undo each other's changes.`;
  await ports.events.publish([{ group: name, at: ports.clock.now(), forPeople: true, subject, message }]);
}
