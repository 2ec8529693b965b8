import type { Ledger } from '../../shared/domain/ledger.ts';
import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { GroupState } from '../../shared/engine/group-state.ts';
import { checkJudgedAtRest } from './check-judged.ts';
import type { Checker } from './checker.ts';
import { goalOf } from './goal.ts';

/** Why a rule does not ask: that keeps nothing from the goal. */
const asksOfRules = new Set(['InCooldown', 'EpisodeAlreadyAnswered', 'AtMinimum', 'AtMaximum']);

/** Two sweeps after the last fault desired equals the goal, or the decision names what is in its way. */
export function checkSettled(checker: Checker, state: GroupState): void {
  const { group, observation, ledger, decision } = state;
  const { world } = checker;
  if (!ledger) {
    checker.violate(3, `${group.name} was never met`);
    return;
  }
  const scalingGroup = observation.group!;
  const leader = group.leader && world.shown(group.leader.scalingGroup);
  const { need } = world.forecastAt(group.name, world.now);
  const goal = goalOf(group, ledger, scalingGroup, group.timetable.openAt(world.now), leader, need);
  // Servers that have just left carried a part of what was measured: until the next datapoint nothing is known.
  const unknown = decision.reason === 'MetricMissing';
  const inTheWay = unknown || decision.blockers.some(({ code }) => !asksOfRules.has(code));
  if (scalingGroup.desired !== goal && !inTheWay && group.config.mode !== 'observe')
    checker.violate(
      3,
      `${group.name} is at ${scalingGroup.desired}, its goal is ${goal}, and it is ${decision.reason}: ${JSON.stringify(decision.why)}`,
    );
  checkReleased(checker, group, ledger, scalingGroup);
  checkJudgedAtRest(checker, state);
  if (ledger.desired !== scalingGroup.desired)
    checker.violate(6, `${group.name} is at ${scalingGroup.desired}, and its ledger says ${ledger.desired}`);
}

/** A server that was taken from the fleet file is let go, or it is known that it is still to be. */
function checkReleased(
  checker: Checker,
  { name, config }: GroupState['group'],
  { adopted, adoptedByHand }: Ledger,
  { servers }: ScalingGroup,
): void {
  const known = new Set([...(config.instances ?? []), ...adopted, ...adoptedByHand]);
  const forgotten = servers.filter(({ id }) => checker.pastOf(name).adopted.has(id) && !known.has(id));
  for (const { id } of forgotten)
    checker.violate(3, `${name}: ${id} is no longer in the fleet file, and nobody will let it go`);
}
