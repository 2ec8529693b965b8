import { minuteMs } from '../units.ts';
import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import { decided } from './outcome.ts';
import { remark } from './remark.ts';

/** EventBridge Scheduler is precise to a minute, and retries for a day. */
const lateAfterMs = 5 * minuteMs;

/** A schedule's event that comes late is recorded, once, and not obeyed: windows are looked at as they are now. */
export function noteStaleEvent(context: DecisionContext): Decision | undefined {
  const { trigger, ledger, policy, now } = context;
  if (trigger.kind !== 'schedule' || now - trigger.at <= lateAfterMs) return undefined;
  const { window, edge, at } = trigger;
  const key = `${window}-${edge}-${new Date(at).toISOString()}`;
  if (ledger.seen.some(([id]) => id === key)) return undefined;
  const minutes = Math.round((now - at) / minuteMs);
  const why = { key: 'eventTooLate', window, edge, at, minutes } as const;
  const activityId = `${policy.name}-${key}`;
  const said = { reason: 'StaleEvent', cause: 'schedule', why } as const;
  return decided(context, {
    ...said,
    ledger: { ...ledger, seen: [...ledger.seen, [key, now]] },
    // Before the commit, after which nobody would write it any more.
    forgets: [remark(context, { ...said, by: window, statusCode: 'Cancelled', activityId })],
  });
}
