import type { Act, Decision } from '../domain/decision.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Observation, ScalingGroup } from '../domain/observation.ts';
import type { Manual } from '../domain/person.ts';
import { PortError } from '../ports/port-error.ts';
import { decideWithLookups } from './decide-with-lookups.ts';
import { answers, isQuiet, see } from './reconcile.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** What a person's request would do now. */
export interface Preview {
  /** The step that answers the person: a change, or why there is none. */
  readonly decision: Decision;
  /** The group as it is before anything is done. */
  readonly scalingGroup: ScalingGroup;
  readonly ledger: Ledger | undefined;
}

/** What comes before a person's request at one look: changes from outside, and activities that move on. */
const stepsAtMost = 24;

/**
 * Plays what a request would do now, as the deployed scaler would; nothing is written.
 * @throws PortError
 */
export async function preview(scaler: Scaler, group: ScalerGroup, trigger: Manual): Promise<Preview> {
  const first = await see(scaler, group, trigger);
  const scalingGroup = first.observation.group;
  if (!scalingGroup)
    throw new PortError('NotFound', `${group.name}: there is no scaling group ${group.scalingGroup}`);
  let view = first;
  const done = new Set<string>();
  for (let step = 0; ; step++) {
    const { decision, observation } = await decideWithLookups(scaler, group, view, trigger);
    const act = JSON.stringify(decision.act);
    const isLast = done.has(act) || step === stepsAtMost;
    if (isLast || isQuiet(decision, view) || answers(decision, view.ledger, trigger))
      return { decision, scalingGroup, ledger: first.ledger };
    if (decision.act) done.add(act);
    view = { ...view, ledger: decision.ledger, observation: pretended(observation, decision.act) };
  }
}

/** The group as an act would leave it at once. */
function pretended(observation: Observation, act: Act | undefined): Observation {
  const { group } = observation;
  if (act?.kind !== 'setDesired' || !group) return observation;
  return { ...observation, group: { ...group, desired: act.desired }, set: act.desired };
}
