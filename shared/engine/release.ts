import type { House } from './house.ts';
import { requireCapability } from './require-capability.ts';
import { Unsettled } from './unsettled.ts';

/** A scaling group that is about to be deleted. */
export interface Leaving {
  /** Its name in the fleet file, which may have forgotten it by now. */
  readonly group: string;
  readonly scalingGroup: string;
  /** Servers that the fleet file listed when the group was deployed. */
  readonly instances: readonly string[];
}

const lookAgainMs = 5_000;
/** Left to tell of it. */
const reserveMs = 10_000;

/**
 * Lets the servers that a group has adopted go, alive, and waits until they are out: they existed before the group, and are
 * not to be terminated with it.
 * @param remainingMs time left, as Lambda tells it
 * @returns their ids
 * @throws PortError; Unsettled, when they are still leaving: connection draining takes as long as it is set to
 */
export async function release(
  { ports }: House,
  { group, scalingGroup, instances }: Leaving,
  remainingMs: () => number,
): Promise<readonly string[]> {
  const ledger = (await ports.ledger.read([group])).get(group);
  const ours = new Set([...instances, ...(ledger?.adopted ?? []), ...(ledger?.adoptedByHand ?? [])]);
  const present = async () => {
    const servers = (await ports.groups.describe([scalingGroup])).get(scalingGroup)?.servers ?? [];
    return servers.filter(({ id }) => ours.has(id));
  };
  const staying = (await present()).filter(({ lifecycle }) => lifecycle !== 'leaving');
  const ids = staying.map(({ id }) => id);
  if (ids.length > 0) await requireCapability(ports, 'adopt').letGo(scalingGroup, ids);
  while ((await present()).length > 0) {
    if (remainingMs() < reserveMs) throw new Unsettled(`${scalingGroup}: ${ids.join(', ')} is still leaving`);
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
  return ids;
}
