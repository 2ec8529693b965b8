import type { Fleet } from '../fleet/fleet.ts';
import type { Group } from '../fleet/group.ts';
import type { Metric } from '../fleet/rule.ts';
import { defaultObjective, type ObjectivePolicy } from '../objective/objective-policy.ts';

import type { LearntBoot } from './boot-time.ts';
import { localTime } from './zone-time.ts';

const fullPercent = 100;

/** What a group's `objective` or `forecast` asks for, worked out. */
export interface ForecastPolicy {
  readonly objective: ObjectivePolicy;
  readonly metric: Metric;
  /** The metric's value at which one server is as full as it should be: a load of 1. */
  readonly targetValue: number;
  readonly timeZone: string;
  /** How long launches take; undefined: nothing is known but `defaultInstanceWarmup`. */
  readonly boot?: LearntBoot | undefined;
}

/**
 * undefined: the group has neither an objective nor a forecast. Its days go by the
 * fleet's clock.
 * @param boot how long its launches take; until that is known, `defaultInstanceWarmup`
 */
export function forecastPolicy(
  group: Group,
  { timeZone, calendars }: Pick<Fleet, 'timeZone' | 'calendars'>,
  boot?: LearntBoot,
): ForecastPolicy | undefined {
  const asked = group.objective ?? group.forecast;
  if (!asked) return undefined;
  const { unserved, metric, targetValue } = asked;
  const bootMinutes = boot?.minutes ?? Math.ceil(group.defaultInstanceWarmup / 60);
  const saturation = isShareOfFull(metric) ? fullPercent / targetValue : undefined;
  const time = localTime(timeZone, asked, calendars);
  const bounds = { maxServers: group.maxSize, saturation, time };
  return {
    objective: { ...defaultObjective, unserved, bootMinutes, ...bounds },
    metric,
    targetValue,
    timeZone,
    boot,
  };
}

/** A gauge in % that cannot say how much a full server turns away. */
function isShareOfFull(metric: Metric): boolean {
  return metric === 'cpu' || metric === 'memory';
}
