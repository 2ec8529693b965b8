import type { Fleet } from '../shared/fleet/fleet.ts';
import type { FleetWarning } from '../shared/fleet/fleet-warning.ts';
import type { Group } from '../shared/fleet/group.ts';
import { minutesPerDay } from '../shared/units.ts';
import { backtest } from './backtest.ts';
import { dayShape } from './day-shape.ts';
import { flappingOf, flappingSentence } from './flapping.ts';
import { generateLoad } from './world/generator.ts';

const days = 3;
/** The standard deviation of a calm load; few are calmer. */
const leastNoise = 0.05;
/** A rule that takes away above this share of what another adds at is near it. */
const near = 0.7;

/**
 * Groups that would change only to change back, on the day that their `simulation` describes, with noise as loads have it and no
 * crowd. Only those are played of which the file lets one fear it, for a few hundred milliseconds each.
 */
export async function flappingWarnings(fleet: Fleet): Promise<FleetWarning[]> {
  const warnings: FleetWarning[] = [];
  for (const [name, group] of Object.entries(fleet.groups)) {
    const path = suspect(group);
    if (!path || group.follows) continue;
    const shape = {
      ...dayShape(group),
      flashCrowds: [],
      noise: Math.max(leastNoise, group.simulation.noise),
    };
    const load = generateLoad(shape, { seed: fleet.simulation.seed, minutes: days * minutesPerDay });
    const start = Date.parse(`${fleet.simulation.day}T00:00:00Z`);
    const alone = { ...fleet, groups: { [name]: { ...group, schedules: {}, mode: 'active' as const } } };
    const run = (await backtest({ fleet: alone, start, loads: new Map([[name, load]]) })).get(name)!;
    const noise = `with ${Math.round(shape.noise * 100)} % of noise on the day under simulation`;
    for (const flapping of flappingOf(run.activities, days, group))
      warnings.push({ path: `groups.${name}.${path}`, message: `${noise}, ${flappingSentence(flapping)}` });
  }
  return warnings;
}

/** Where the file lets one fear it: a target to the letter, or two rules on one metric that are near each other. */
function suspect({ targets, behavior, alarms, minSize, maxSize }: Group): string | undefined {
  if (minSize === maxSize) return undefined;
  if (targets.some(({ disableScaleIn }) => !disableScaleIn) && !behavior.scaleDown.headroom)
    return 'behavior.scaleDown';
  const rules = Object.entries(alarms);
  const highs = rules.filter(([, { comparisonOperator }]) => comparisonOperator.startsWith('Greater'));
  const tight = rules.find(
    ([, low]) =>
      low.comparisonOperator.startsWith('Less') &&
      highs.some(([, high]) => high.metric === low.metric && low.threshold > near * high.threshold),
  );
  return tight && `alarms.${tight[0]}`;
}
