import type { Forecast, Instant, ScalingGroup } from '../shared/domain/observation.ts';
import type { ScalerGroup } from '../shared/engine/scaler.ts';
import type { Forecaster } from '../shared/engine/scaler-group.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { forecastPolicy } from '../shared/forecast/forecast-policy.ts';
import { isMeasuredByServers, type LoadReader, loadReader } from '../shared/forecast/load-reader.ts';
import { staleMinutes } from '../shared/objective/advise.ts';
import { forecastOf } from '../shared/objective/explain-advice.ts';
import { Objective } from '../shared/objective/objective.ts';
import { minuteMs } from '../shared/units.ts';
import { type GroupPast, visibilityDelayMinutes } from './group-past.ts';
import { type Measure, measureOf } from './measure.ts';

/**
 * Forecasts by the objective of production, taking each minute in once: a function restores what was saved and repeats the
 * minutes since, which says the same and takes a hundred times as long.
 * @param pasts by group name
 */
export function onwardForecaster(pasts: ReadonlyMap<string, GroupPast>, start: Instant): Forecaster {
  const onwards = new Map<string, Onward>();
  return async ({ fleet }, groups, scalingGroups) => {
    const forecasts = new Map<string, Forecast>();
    for (const group of groups) {
      let onward = onwards.get(group.name);
      if (!onward) {
        onward = new Onward(group, fleet, pasts.get(group.name)!, start / minuteMs);
        onwards.set(group.name, onward);
      }
      forecasts.set(group.name, onward.forecast(scalingGroups.get(group.scalingGroup)));
    }
    return forecasts;
  };
}

/** One group's objective and how far it has come. */
class Onward {
  readonly #as: 'tracks' | 'floor';
  readonly #objective: Objective;
  readonly #past: GroupPast;
  readonly #firstMinute: number;
  readonly #measure: Measure | undefined;
  readonly #summed: boolean;
  readonly #loadOf: LoadReader;
  #load = Number.NaN;
  #next = 0;
  #forecast = forecastOf(undefined, 'floor');

  constructor({ config, policy }: ScalerGroup, fleet: Fleet, past: GroupPast, firstMinute: number) {
    const asked = forecastPolicy(config, fleet)!;
    this.#as = policy.forecast ?? 'floor';
    this.#objective = new Objective(asked.objective);
    this.#past = past;
    this.#firstMinute = firstMinute;
    this.#measure = measureOf(asked.metric);
    this.#summed = isMeasuredByServers(asked.metric);
    this.#loadOf = loadReader(asked);
  }

  forecast(group: ScalingGroup | undefined): Forecast {
    const visible = this.#past.minutes - visibilityDelayMinutes;
    for (; this.#next < visible; this.#next++) this.#takeIn(this.#next, group?.desired ?? 0);
    const age = this.#firstMinute + this.#past.minutes - this.#objective.minute;
    return age > staleMinutes ? forecastOf(undefined, this.#as) : this.#forecast;
  }

  /** What is unknown is left out, as it may be on its way: the objective bridges it when the next minute is known. */
  #takeIn(index: number, desired: number): void {
    const warm = this.#past.servers(index, index + 1);
    const running = this.#past.running(index, index + 1);
    const value = this.#measure?.(this.#past, index, index + 1) ?? Number.NaN;
    const load = this.#loadOf(this.#summed ? value * running : value, warm, running, this.#load);
    this.#load = load;
    if (!Number.isFinite(load)) return;
    const minute = this.#firstMinute + index;
    const cpu = this.#summed ? undefined : this.#past.cpu(index, index + 1);
    const advice = this.#objective.step({ minute, load, inService: warm, desired, cpu });
    this.#forecast = forecastOf(advice, this.#as);
  }
}
