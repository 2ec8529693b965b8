import type { Decision } from './decision.ts';
import type { SickTarget } from './ledger.ts';
import type { ScalingGroup } from './observation.ts';
import { decided, undecided } from './outcome.ts';
import { remark } from './remark.ts';
import type { Scene } from './scene.ts';
import { shortId } from './servers.ts';

/** Where the group is kept from registering servers, no load balancer will ever find them healthy. */
export function areTargetsInUse({ targetGroups, suspended }: ScalingGroup): boolean {
  return targetGroups.length > 0 && !suspended.includes('registering');
}

/**
 * Servers that serve, but fail the check of their load balancer, while no activity waits for them. An activity that looked at
 * the targets finds them; whoever fails for longer than a server may take to start is told of, once, and once when it is well.
 * They are looked at for as long as there are any, so that a group whose targets are well costs no call.
 */
export function tellOfSickTargets(scene: Scene): Decision | undefined {
  const { ledger, group, observation } = scene;
  const known = ledger.sickTargets ?? [];
  if (!areTargetsInUse(group)) return known.length === 0 ? undefined : noted(scene, [], [], []);
  if (observation.healthy === undefined) return known.length === 0 ? undefined : undecided(scene, 'healthy');
  if (observation.healthy === null) return undefined;
  const sick = sickNow(scene, observation.healthy);
  const next = sick.map((id) =>
    afterALook(
      scene,
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
  return noted(scene, next, told, recovered);
}

/** In service, and nothing that an open activity has asked for; Auto Scaling takes care of those that it finds unhealthy itself. */
function sickNow({ ledger, group }: Scene, healthy: ReadonlySet<string>): string[] {
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

function afterALook({ now, policy }: Scene, id: string, known: SickTarget | undefined): SickTarget {
  const since = known?.since ?? now;
  return { id, since, told: now - since >= policy.graceMs };
}

function noted(
  scene: Scene,
  sickTargets: readonly SickTarget[],
  told: readonly SickTarget[],
  recovered: readonly SickTarget[],
): Decision {
  const { ledger, policy } = scene;
  const news = [
    ...(told.length > 0
      ? [`${ids(told)} fails the health check of its load balancer; no activity waits for it`]
      : []),
    ...(recovered.length > 0 ? [`${ids(recovered)} is healthy again`] : []),
  ];
  const reason = 'ServersUnhealthy';
  const message = `${policy.name}: ${news.join('; ') || `${sickTargets.length} unhealthy target(s) are looked at again`}`;
  // Nothing that was asked for has failed.
  const row = remark(scene, { reason, message, cause: 'external', by: 'targets' });
  const next = { ...ledger, sickTargets: sickTargets.length === 0 ? undefined : sickTargets };
  return decided(scene, { reason, message, ledger: next, activities: news.length === 0 ? [] : [row] });
}

function ids(targets: readonly SickTarget[]): string {
  return targets.map(({ id }) => id).join(', ');
}
