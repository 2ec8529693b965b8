import type { Ledger } from './ledger.ts';
import type { Instant, ScalingGroup } from './observation.ts';

/** How far Auto Scaling's descriptions may lag behind its answers to changes. */
export const lateAtMostMs = 15_000;

/** It shows servers attached or let go as they are to be, and what that has made of desired: it is no older than that. */
function isAsAdopted({ desired, servers }: ScalingGroup, { open }: Ledger): boolean {
  const here = new Set(servers.map(({ id }) => id));
  return open.some(
    ({ phase, endedAt, attach, detach, to }) =>
      phase === 'intended' &&
      endedAt === undefined &&
      to === desired &&
      (attach?.every((id) => here.has(id)) || detach?.every((id) => !here.has(id))),
  );
}

/**
 * A description that shows desired as it was before a change of the last seconds counts as late, not as somebody's
 * setting it back; the next sweep sees a change by somebody else. It does not prove an act that sets desired back,
 * either: the call may still be on its way, and only its caller knows.
 * @param seenAt when the look at the group was begun
 * @param set what the one who looks has set
 */
export function correctLateDescription(
  described: ScalingGroup,
  ledger: Ledger,
  seenAt: Instant,
  set: number | undefined,
): ScalingGroup {
  const { desired } = described;
  if (described.neverLate) return described;
  if (desired === set || desired === ledger.desired || isAsAdopted(described, ledger)) return described;
  let before = ledger.desired;
  for (let at = ledger.changes.length - 1; at >= 0; at--) {
    const [changedAt, delta] = ledger.changes[at]!;
    if (seenAt - changedAt > lateAtMostMs) return described;
    before -= delta;
    if (desired === before) return withDesired(described, ledger.desired);
  }
  return described;
}

/**
 * A late description, with desired as it is known to be. Desired is never out of bounds: where those of the description
 * leave it out, they are as old as the rest of it, and nobody must be taken back into them.
 */
export function withDesired(late: ScalingGroup, desired: number): ScalingGroup {
  const { minSize, maxSize } = late;
  return { ...late, desired, minSize: Math.min(minSize, desired), maxSize: Math.max(maxSize, desired) };
}
