import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import type { Pause } from './ledger.ts';
import type { Instant } from './observation.ts';
import { decided } from './outcome.ts';
import { remark } from './remark.ts';
import type { Sentence } from './sentence.ts';

/** Neither direction may change, and nothing else in the cloud. */
export function groupIsUntouchable({ policy, ledger }: DecisionContext): boolean {
  return policy.observeOnly || ledger.pause?.direction === 'both';
}

/** Does it hold back changes in this direction? */
export function holdsBack({ direction }: Pause, out: boolean): boolean {
  return direction === 'both' || (direction === 'out') === out;
}

/** "it is paused by alice until 12:30 (release)", "scale-in is paused by alice until …" */
export function pauseSentence({ direction, owner, until, reason }: Pause): Sentence {
  return { key: 'paused', direction, owner, reason, until };
}

export function isPauseOver({ until }: Pause, now: Instant): boolean {
  return until !== undefined && now >= until;
}

/** Pauses end by themselves. What happened meanwhile is not replayed: windows and alarms are looked at as they are now. */
export function endPause(context: DecisionContext): Decision | undefined {
  const { ledger, now } = context;
  const { pause } = ledger;
  if (!pause || !isPauseOver(pause, now)) return undefined;
  const { owner, reason } = pause;
  const said = { reason: 'Resumed', cause: 'manual', why: { key: 'pauseEnded', owner, reason } } as const;
  return decided(context, {
    ...said,
    ledger: { ...ledger, pause: undefined },
    activities: [remark(context, { ...said, by: owner })],
  });
}
