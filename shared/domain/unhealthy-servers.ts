import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import type { Lifecycle } from './observation.ts';
import { decided } from './outcome.ts';
import { groupIsUntouchable } from './pause.ts';
import { remark } from './remark.ts';

/**
 * Adopted servers are nobody's to replace: they are left as they are, unless the fleet file says otherwise. Protection from
 * scale-in does not keep a server that fails its health check from being replaced.
 */
export function leaveUnhealthyServers(context: DecisionContext): Decision | undefined {
  const { policy, ledger, group } = context;
  if (!policy.canLeaveUnhealthy) return undefined;
  const adopts = ledger.adopted.length > 0 || ledger.adoptedByHand.length > 0;
  const replace = policy.replaceUnhealthy ?? (adopts ? false : undefined);
  const replaces = !group.suspended.includes('replacing');
  if (replace === undefined || replace === replaces || groupIsUntouchable(context)) return undefined;
  const why = { key: 'unhealthyAreReplaced', replaced: replace } as const;
  return decided(context, { reason: 'ServersAdopted', why, act: { kind: 'replaceUnhealthy', replace } });
}

/** People hear once of an adopted server that fails its health check, for nobody replaces it, and once when it is well. */
export function notifyOfUnhealthyServers(context: DecisionContext): Decision | undefined {
  const { policy, ledger, group } = context;
  const told = ledger.unhealthy ?? [];
  const adopts = ledger.adopted.length > 0 || ledger.adoptedByHand.length > 0;
  const isWell = !group.servers.some(({ lifecycle }) => lifecycle === 'unhealthy');
  if (told.length === 0 && (!adopts || isWell)) return undefined;
  const ours = (id: string) => ledger.adopted.includes(id) || ledger.adoptedByHand.includes(id);
  const idsOf = (wanted: Lifecycle) =>
    policy.replaceUnhealthy
      ? []
      : group.servers.filter(({ id, lifecycle }) => lifecycle === wanted && ours(id)).map(({ id }) => id);
  const unhealthy = idsOf('unhealthy');
  const fallen = unhealthy.filter((id) => !told.includes(id));
  if (fallen.length === 0 && unhealthy.length === told.length) return undefined;
  const recovered = idsOf('ready').filter((id) => told.includes(id));
  const reason = 'ServersUnhealthy';
  const why = { key: 'adoptedServersHealth', unhealthy: fallen, recovered } as const;
  const statusCode = fallen.length > 0 ? 'Failed' : 'Successful';
  const row = remark(context, { reason, why, statusCode, cause: 'external', by: 'instances' });
  return decided(context, { reason, why, ledger: { ...ledger, unhealthy }, activities: [row] });
}
