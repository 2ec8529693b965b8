import type { SavedObjective } from '../objective/objective.ts';
import type { LearntBoot } from './boot-time.ts';
import type { ForecastPolicy } from './forecast-policy.ts';

/** To be raised whenever what is saved changes its form: older models are then learnt anew. */
const form = 6;

/** One group's model as it is stored: at most 350 kB of JSON, however long the history. */
export interface SavedModel {
  /** What it was learnt from. With another metric, target, boot time or clock its numbers would mean something else. */
  readonly basis: string;
  readonly objective: SavedObjective;
  /** undefined: too few launches were seen. */
  readonly boot?: LearntBoot | undefined;
}

/** What there is to go on from; undefined: nothing, or nothing that still means the same. */
export function usableModel(stored: unknown, policy: ForecastPolicy): SavedObjective | undefined {
  const model = stored as SavedModel | undefined;
  return model?.basis === basisOf(policy) ? model.objective : undefined;
}

/** How long launches take, as far as it is known. */
export function bootOf(stored: unknown): LearntBoot | undefined {
  const boot = (stored as SavedModel | undefined)?.boot;
  return Number.isInteger(boot?.minutes) ? boot : undefined;
}

export function modelOf(objective: SavedObjective, policy: ForecastPolicy): SavedModel {
  return { basis: basisOf(policy), objective, boot: policy.boot };
}

function basisOf({ metric, targetValue, timeZone, objective: { bootMinutes } }: ForecastPolicy): string {
  return JSON.stringify([form, metric, targetValue, bootMinutes, timeZone]);
}
