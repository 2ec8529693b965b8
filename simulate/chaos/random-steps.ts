import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { AlarmRule } from '../../shared/fleet/rule.ts';
import type { Draw } from './dice.ts';

/** Steps that AWS takes, too: some that do nothing, some in both directions, without a cooldown or with a long one. */
export function withOddSteps(draw: Draw, fleet: Fleet): Fleet {
  const groups = Object.entries(fleet.groups).map(([name, group]) => {
    const rule = group.alarms['cpu-high'];
    if (!rule || draw.chance(0.7)) return [name, group] as const;
    return [name, { ...group, alarms: { ...group.alarms, 'cpu-high': odd(draw, rule) } }] as const;
  });
  return { ...fleet, groups: Object.fromEntries(groups) };
}

function odd(draw: Draw, rule: AlarmRule): AlarmRule {
  const { scalingAdjustment: _, minAdjustmentMagnitude: __, ...others } = rule;
  const bound = draw.between(3, 15);
  const [first, second] = [draw.between(-2, 1), draw.between(1, 4)];
  const percent = draw.chance(0.4);
  return {
    ...others,
    cooldown: draw.of([0, 0, 60, 600]),
    adjustmentType: percent ? 'PercentChangeInCapacity' : 'ChangeInCapacity',
    stepAdjustments: [
      { metricIntervalUpperBound: bound, scalingAdjustment: percent ? 10 * first : first },
      { metricIntervalLowerBound: bound, scalingAdjustment: percent ? 20 * second : second },
    ],
  };
}
