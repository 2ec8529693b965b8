import type { Server } from '../domain/observation.ts';
import { PortError } from '../ports/port-error.ts';
import { requireCapability } from '../ports/require-capability.ts';
import { cancelOpen } from './cancel-open.ts';
import type { Scaler } from './scaler.ts';
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
/** A description may be late by some seconds; after so many looks it is another reason than a server that has died. */
const refusalsAtMost = 6;
/** Left to tell of it. */
const reserveMs = 10_000;

/** What became of the servers of a group that is about to be deleted. */
export interface Released {
  /** Adopted: out of the group, and alive. */
  readonly released: readonly string[];
  /** The group's own, which somebody had protected from scale-in by hand: they go with the group. */
  readonly unprotected: readonly string[];
}

/**
 * Lets the servers that a group has adopted go, alive, and waits until they are out: they existed before the group, and are
 * not to be terminated with it. The group's own servers lose their protection from scale-in: CloudFormation deletes a group by
 * asking it for none, and would wait for a protected one for ever. What was under way is cancelled in the history, which outlives the
 * stacks: no sweep comes after this that would end it.
 * @param remainingMs time left, as Lambda reports it
 * @throws PortError; Unsettled, when they are still leaving: connection draining takes as long as it is set to
 */
export async function release(
  scaler: Scaler,
  { group, scalingGroup, instances }: Leaving,
  remainingMs: () => number,
): Promise<Released> {
  const { ports } = scaler;
  const ledger = (await ports.ledger.read([group])).get(group);
  // What is to join or to be let go may have done so, or not: nobody has noted it yet.
  const underWay = (ledger?.open ?? []).flatMap(({ attach = [], detach = [] }) => [...attach, ...detach]);
  const known = [...(ledger?.adopted ?? []), ...(ledger?.adoptedByHand ?? [])];
  const ours = new Set([...instances, ...known, ...underWay]);
  const released = new Set<string>();
  const unprotected = new Set<string>();
  for (let looks = 0, refusals = 0; ; looks++) {
    const servers = (await ports.groups.describe([scalingGroup])).get(scalingGroup)?.servers ?? [];
    const adopted = servers.filter(({ id }) => ours.has(id));
    const held = servers.filter(({ id, protectedFromScaleIn }) => protectedFromScaleIn && !ours.has(id));
    const [leaving, free] = [settledOf(adopted), settledOf(held)];
    try {
      if (leaving.length > 0 || (looks === 0 && held.length > 0))
        await requireCapability(ports, 'adopt').detachBeforeDelete(scalingGroup, leaving);
      for (const id of leaving) released.add(id);
      if (free.length > 0) await requireCapability(ports, 'protect').protect(scalingGroup, free, false);
      for (const id of free) unprotected.add(id);
      if (adopted.length === 0 && held.every(({ lifecycle }) => lifecycle !== 'pending')) break;
    } catch (error) {
      // One that has died since it was seen has a call for all of them refused: the others are asked for again.
      if (!(error instanceof PortError) || error.code !== 'Invalid' || ++refusals >= refusalsAtMost)
        throw error;
    }
    const waitsFor = [...adopted, ...held].map(({ id }) => id).join(', ');
    if (remainingMs() < reserveMs) throw new Unsettled(`${scalingGroup}: ${waitsFor} is still leaving`);
    // What was just let go may be out at once.
    if (looks > 0) await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
  await cancelOpen(scaler, ledger, { key: 'groupDeleted' });
  return { released: [...released], unprotected: [...unprotected] };
}

/** One that still boots or leaves already can be neither detached nor lose its protection (DetachInstances, SetInstanceProtection). */
function settledOf(servers: readonly Server[]): string[] {
  const settled = servers.filter(({ lifecycle }) => lifecycle !== 'pending' && lifecycle !== 'leaving');
  return settled.map(({ id }) => id);
}
