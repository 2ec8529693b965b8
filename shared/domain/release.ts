import { hourMs } from '../units.ts';
import { blockerOf } from './blockers.ts';
import { change } from './change.ts';
import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import { fleetFileAsks } from './fleet-file-asks.ts';
import type { Ledger, OpenActivity } from './ledger.ts';
import type { ScalingGroup, Server } from './observation.ts';
import { stayingIds } from './servers.ts';

/** Its record keeps servers that the provider does not let go from being tried every minute. */
const detachRule = '(detach)';
const betweenTriesMs = hourMs;
/**
 * So many servers a provider takes in one call. An activity that needs several may be cut off between them, and desired would
 * be neither as it was nor as it is to be: our own half would pass for somebody else's change.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachInstances.html
 */
export const inOneCall = 20;

/** Servers that were taken from the fleet file are let go, alive. One that comes or leaves would have the whole call refused. */
export function releaseServers(context: DecisionContext): Decision | undefined {
  const { policy, ledger, group, now } = context;
  const settled = new Set(group.servers.filter(isSettled).map(({ id }) => id));
  const unnamed = ledger.adopted.filter((id) => !policy.instances.includes(id) && settled.has(id));
  const leaving = unnamed.slice(0, inOneCall);
  const refusedAt = ledger.rules[detachRule]?.lastCompletedAt;
  const waits = refusedAt !== undefined && now < refusedAt + betweenTriesMs;
  if (leaving.length === 0 || waits) return undefined;
  const to = group.desired - leaving.length;
  if (to < group.minSize) {
    const request = { by: fleetFileAsks, asker: { kind: 'fleetFile' }, to, cause: 'manual' } as const;
    context.blockers.push(blockerOf(request, 'AtMinimum', { key: 'minSizeIs', servers: group.minSize }));
    return undefined;
  }
  const adopted = ledger.adopted.filter((id) => !leaving.includes(id));
  return change(context, {
    to,
    reason: 'ServersReleased',
    cause: 'manual',
    by: fleetFileAsks,
    why: { key: 'serversLeave', ids: leaving },
    ledger: { ...ledger, adopted },
    detach: leaving,
    rule: detachRule,
    quiet: refusedAt === undefined ? undefined : true,
  });
}

/**
 * Servers that have died or were terminated before they could be let go: that has lowered nothing, and the provider refuses to
 * let the others go in the same call.
 */
export function goneBeforeRelease(
  { from, detach = [] }: OpenActivity,
  group: ScalingGroup,
): readonly string[] {
  if (group.desired !== from) return [];
  const staying = stayingIds(group);
  return detach.filter((id) => !staying.has(id));
}

/** What was not let go is still adopted, and waits to be let go. */
export function withUnreleased(context: DecisionContext, { detach = [] }: OpenActivity): DecisionContext {
  const { ledger, group } = context;
  const left = detach.filter((id) => group.servers.some((server) => server.id === id));
  if (left.length === 0) return context;
  return { ...context, ledger: { ...ledger, adopted: [...new Set([...ledger.adopted, ...left])] } };
}

/** Those that are let go next need not wait for a refusal that is past. */
export function withReleased(ledger: Ledger, { detach }: OpenActivity): Ledger {
  if (!detach) return ledger;
  const { [detachRule]: _, ...rules } = ledger.rules;
  return { ...ledger, rules };
}

function isSettled({ lifecycle }: Server): boolean {
  return lifecycle !== 'pending' && lifecycle !== 'leaving';
}
