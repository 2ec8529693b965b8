import type { RuleNow } from '../shared/domain/explain.ts';
import { nearingRules } from '../shared/domain/nearing.ts';
import type { GroupState } from '../shared/engine/group-state.ts';
import { readOutlooks } from '../shared/engine/outlooks.ts';
import type { Scaler } from '../shared/engine/scaler.ts';

/** Of each group the rules whose alarms are about to turn red, soonest first. */
export type Nearing = readonly (readonly RuleNow[])[];

/** One call for all groups. Never throws a PortError: what cannot be read nears nothing. */
export async function nearingIn(scaler: Scaler, states: readonly GroupState[]): Promise<Nearing> {
  const groups = states.map(({ group }) => group);
  const seen = new Map(
    states.flatMap(({ group, observation }) =>
      observation.group ? [[group.scalingGroup, observation.group] as const] : [],
    ),
  );
  const at = scaler.ports.clock.now();
  const outlooks = await readOutlooks(scaler, groups, seen, at);
  return states.map(({ group, ledger, observation }) =>
    nearingRules(group.policy, ledger, observation, outlooks.get(group.name) ?? new Map(), at),
  );
}
