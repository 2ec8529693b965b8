import type { Forecaster } from '../engine/scaler-group.ts';
import { advise } from '../objective/advise.ts';
import { forecastOf } from '../objective/explain-advice.ts';
import type { Advice, LoadMinute, SavedObjective } from '../objective/objective.ts';
import { minuteMs } from '../units.ts';
import { type ForecastPolicy, forecastPolicy } from './forecast-policy.ts';
import { readLoad } from './read-load.ts';
import { bootOf, usableModel } from './saved-model.ts';

/** Models are an hour old, and a little older when they were learnt late; a group without one goes by these hours alone. */
const lookBackMinutes = 180;

/** Forecasts from what `learn` has saved and the minutes since: three to five metrics and one item per group. */
export const forecastFromModels: Forecaster = async (scaler, groups, scalingGroups, now) => {
  const { ports, log, fleet } = scaler;
  const thisMinute = Math.floor(now / minuteMs);
  const [from, to] = [(thisMinute - lookBackMinutes) * minuteMs, thisMinute * minuteMs];
  try {
    // First the models: they know how long launches take, and by that which servers serve.
    const models = await ports.models.read(groups.map(({ name }) => name));
    const policies = groups.map(
      (group) => [group, forecastPolicy(group.config, fleet, bootOf(models.get(group.name)))!] as const,
    );
    const loads = await readLoad(scaler, policies, scalingGroups, from, to);
    return new Map(
      policies.map(([{ name, policy }, asked]) => {
        const saved = usableModel(models.get(name), asked);
        const load = loads.get(name);
        if (!load) log.warn('the load cannot be read', { groups: [name] });
        const advice = adviceOn(asked, saved, load?.minutes ?? [], thisMinute, (error) =>
          log.warn('the model cannot be restored', { group: name, error }),
        );
        return [name, forecastOf(advice, policy.forecast ?? 'floor', load?.metricsOff, asked.boot)];
      }),
    );
  } catch (error) {
    log.warn('the load cannot be read', { groups: groups.map(({ name }) => name), error });
    return new Map(groups.map(({ name }) => [name, forecastOf(undefined, 'floor')]));
  }
};

/** A model that cannot be restored counts as none: the hours at hand are gone by alone, until `learn` makes a new one. */
function adviceOn(
  { objective }: ForecastPolicy,
  saved: SavedObjective | undefined,
  minutes: readonly LoadMinute[],
  thisMinute: number,
  broken: (error: unknown) => void,
): Advice | undefined {
  try {
    return advise(objective, saved, minutes, thisMinute);
  } catch (error) {
    if (!saved) throw error;
    broken(error);
    return advise(objective, undefined, minutes, thisMinute);
  }
}
