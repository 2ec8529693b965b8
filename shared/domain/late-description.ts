import type { Ledger } from './ledger.ts';
import type { Instant, ScalingGroup } from './observation.ts';

/** Auto Scaling's descriptions may be so much older than its answers to changes. */
const lateAtMostMs = 15_000;

/**
 * A description that shows desired as it was before a change of the last seconds is taken to be late, not to be somebody's
 * setting it back: whoever has done that is seen by the next sweep. Nor does it prove an act that is to set desired back:
 * its call may still be on the way, and only its caller knows.
 * @param set what the one who looks has set
 */
export function asItWasLeft(
  described: ScalingGroup,
  ledger: Ledger,
  now: Instant,
  set: number | undefined,
): ScalingGroup {
  const { desired } = described;
  if (desired === set || desired === ledger.desired) return described;
  let before = ledger.desired;
  for (let at = ledger.changes.length - 1; at >= 0; at--) {
    const [changedAt, delta] = ledger.changes[at]!;
    if (now - changedAt > lateAtMostMs) return described;
    before -= delta;
    if (desired === before) return { ...described, desired: ledger.desired };
  }
  return described;
}
