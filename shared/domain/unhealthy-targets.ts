import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import type { UnhealthyTarget } from './ledger.ts';
import type { ScalingGroup } from './observation.ts';
import { decided, undecided } from './outcome.ts';
import { remark } from './remark.ts';
import { shortId } from './servers.ts';

/** Where the group is kept from registering servers, no load balancer will ever find them healthy. */
export function areTargetsInUse({ trafficSources, suspended }: ScalingGroup): boolean {
  return trafficSources.length > 0 && !suspended.includes('registering');
}

/**
 * Servers that serve, but fail the check of their load balancer, while no activity waits for them. An activity that looked at
 * the targets finds them. A target that fails for longer than a server may take to start is reported once, and once when it is healthy.
 * They are looked at for as long as there are any, so that a group whose targets are well costs no call.
 */
export function notifyOfUnhealthyTargets(context: DecisionContext): Decision | undefined {
  const { ledger, group, observation } = context;
  const known = ledger.unhealthyTargets ?? [];
  if (!areTargetsInUse(group)) return known.length === 0 ? undefined : noted(context, [], [], []);
  if (observation.healthy === undefined)
    return known.length === 0 ? undefined : undecided(context, 'healthy');
  if (observation.healthy === null) return undefined;
  const unhealthy = unhealthyNow(context, observation.healthy);
  const next = unhealthy.map((id) =>
    afterALook(
      context,
      id,
      known.find((each) => each.id === id),
    ),
  );
  const told = next.filter(({ id, told }) => told && !known.find((each) => each.id === id)?.told);
  const recovered = known.filter(({ id, told }) => told && observation.healthy!.has(id));
  const same =
    next.length === known.length &&
    next.every(({ id, told }, at) => known[at]!.id === id && known[at]!.told === told);
  if (same) return undefined;
  return noted(context, next, told, recovered);
}

/** In service, and nothing that an open activity has asked for; Auto Scaling takes care of those that it finds unhealthy itself. */
function unhealthyNow({ ledger, group }: DecisionContext, healthy: ReadonlySet<string>): string[] {
  const awaiting = ledger.open.filter(({ from, to, endedAt }) => to > from && endedAt === undefined);
  return group.servers
    .filter(
      ({ id, lifecycle }) =>
        lifecycle === 'ready' &&
        !healthy.has(id) &&
        awaiting.every(({ there }) => there.includes(shortId(id))),
    )
    .map(({ id }) => id);
}

function afterALook(
  { now, policy }: DecisionContext,
  id: string,
  known: UnhealthyTarget | undefined,
): UnhealthyTarget {
  const since = known?.since ?? now;
  return { id, since, told: now - since >= policy.graceMs };
}

function noted(
  context: DecisionContext,
  unhealthyTargets: readonly UnhealthyTarget[],
  told: readonly UnhealthyTarget[],
  recovered: readonly UnhealthyTarget[],
): Decision {
  const { ledger } = context;
  const reason = 'ServersUnhealthy';
  const health = { unhealthy: ids(told), recovered: ids(recovered), watched: unhealthyTargets.length };
  const why = { key: 'targetsHealth', ...health } as const;
  // Nothing that was asked for has failed.
  const row = remark(context, { reason, why, cause: 'external', by: 'targets' });
  const isNews = told.length > 0 || recovered.length > 0;
  const next = { ...ledger, unhealthyTargets: unhealthyTargets.length === 0 ? undefined : unhealthyTargets };
  return decided(context, { reason, why, ledger: next, activities: isNews ? [row] : [] });
}

function ids(targets: readonly UnhealthyTarget[]): string[] {
  return targets.map(({ id }) => id);
}
