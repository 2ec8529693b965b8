import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import type { FailedRollout } from './observation.ts';
import { decided } from './outcome.ts';
import { remark } from './remark.ts';
import type { Sentence } from './sentence.ts';

export function rolloutFailed({ says, rolledBack }: FailedRollout): Sentence {
  return { key: 'rolloutFailed', says, rolledBack };
}

/** People hear once of each rollout that the provider has given up. It is no reason not to scale. */
export function noteFailedRollout(context: DecisionContext): Decision | undefined {
  const { ledger, group } = context;
  const { failedRollout: failed } = group;
  if (!failed || failed.id === ledger.failedRollout) return undefined;
  const said = { reason: 'RolloutFailed', why: rolloutFailed(failed) } as const;
  const row = remark(context, { ...said, cause: 'external', statusCode: 'Failed' });
  return decided(context, { ...said, ledger: { ...ledger, failedRollout: failed.id }, activities: [row] });
}
