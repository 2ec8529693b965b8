import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import type { Pause } from './ledger.ts';
import { decided } from './outcome.ts';
import { remark } from './remark.ts';

/** Neither direction may be changed, nor anything else in the cloud. */
export function groupIsUntouchable({ policy, ledger }: DecisionContext): boolean {
  return policy.observeOnly || ledger.pause?.direction === 'both';
}

/** "it is paused by alice until 12:30 (release)", "scaling in is paused by alice until …" */
export function pauseSentence(
  { policy, now }: DecisionContext,
  { direction, owner, until, reason }: Pause,
): string {
  const what = direction === 'both' ? 'it' : `scaling ${direction}`;
  const when = until === undefined ? 'somebody resumes it' : policy.formatTime(until, now);
  return `${what} is paused by ${owner} until ${when} (${reason})`;
}

/** Pauses end by themselves. What happened meanwhile is not replayed: windows and alarms are looked at as they are now. */
export function endPause(context: DecisionContext): Decision | undefined {
  const { ledger, now, policy } = context;
  const { pause } = ledger;
  if (pause?.until === undefined || now < pause.until) return undefined;
  const message = `${policy.name} is no longer paused: the pause of ${pause.owner} (${pause.reason}) has ended`;
  return decided(context, {
    reason: 'Resumed',
    message,
    cause: 'manual',
    ledger: { ...ledger, pause: undefined },
    activities: [remark(context, { reason: 'Resumed', cause: 'manual', message, by: pause.owner })],
  });
}
