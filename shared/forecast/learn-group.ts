import type { Instant, ScalingGroup } from '../domain/observation.ts';
import type { Scaler, ScalerGroup } from '../engine/scaler-group.ts';
import { learn } from '../objective/learn.ts';
import { Objective, type SavedObjective } from '../objective/objective.ts';
import { PortError } from '../ports/port-error.ts';
import { minuteMs, minutesPerDay } from '../units.ts';
import { asIfInCharge } from './as-if-in-charge.ts';
import { type LearntBoot, learnBoot } from './boot-time.ts';
import { type ForecastPolicy, forecastPolicy } from './forecast-policy.ts';
import { readLoad } from './read-load.ts';
import { bootOf, modelOf, usableModel } from './saved-model.ts';

/** CloudWatch keeps minutes for 15 days; the hour is for clocks that differ. */
const keptMinutes = 15 * minutesPerDay - 60;

/**
 * Takes in a group's minutes since its model was last written, or all that CloudWatch still has, and writes the model. Safe
 * to be done twice, and to be left out: the next time takes in more. Of a load that is unknown there is nothing to learn, and
 * nothing to save.
 * @returns the minutes that it took in
 * @throws PortError
 */
export async function learnGroup(scaler: Scaler, group: ScalerGroup, now: Instant): Promise<number> {
  const { ports, log } = scaler;
  const [models, scalingGroups] = await Promise.all([
    ports.models.read([group.name]),
    ports.groups.describe([group.scalingGroup]),
  ]);
  const stored = models.get(group.name);
  const boot = await bootTime(scaler, group, scalingGroups.get(group.scalingGroup), bootOf(stored), now);
  const policy = forecastPolicy(group.config, scaler.fleet, boot)!;
  const usable = usableModel(stored, policy);
  const saved = usable && isSound(usable, policy) ? usable : undefined;
  if (usable && !saved) log.warn('the model cannot be restored', { group: group.name });
  const thisMinute = Math.floor(now / minuteMs);
  const oldest = thisMinute - keptMinutes;
  const from = saved ? Math.max(oldest, saved.model.minute + 1) : oldest;
  const loads = await readLoad(
    scaler,
    [[group, policy]],
    scalingGroups,
    from * minuteMs,
    thisMinute * minuteMs,
  );
  const load = loads.get(group.name);
  if (!load) throw new PortError('Unavailable', `the load of ${group.name} cannot be read`);
  const past = known(load.minutes);
  const minutes = saved ? past : asIfInCharge(policy.objective, past);
  const learnt = learn(policy.objective, saved, minutes);
  if (learnt.model.minute < 0 || learnt.model.minute === saved?.model.minute) return 0;
  await ports.models.write(group.name, modelOf(learnt, policy));
  return learnt.model.minute - (saved?.model.minute ?? minutes[0]!.minute - 1);
}

/** Only behind a load balancer is a server known to answer; without one, what is in service may still boot. */
async function bootTime(
  { ports }: Scaler,
  { name }: ScalerGroup,
  seen: ScalingGroup | undefined,
  before: LearntBoot | undefined,
  now: Instant,
): Promise<LearntBoot | undefined> {
  if (!seen || seen.trafficSources.length === 0) return undefined;
  return learnBoot(ports.activities, name, before, now);
}

/** From the first minute that is known to the last: between them an unknown one is a gap, outside of them it is nothing yet. */
function known<T extends { readonly load: number }>(minutes: readonly T[]): readonly T[] {
  const isKnown = ({ load }: T) => Number.isFinite(load);
  const first = minutes.findIndex(isKnown);
  return first < 0 ? [] : minutes.slice(first, minutes.findLastIndex(isKnown) + 1);
}

function isSound(saved: SavedObjective, { objective }: ForecastPolicy): boolean {
  try {
    return Number.isInteger(new Objective(objective, saved).minute);
  } catch {
    return false;
  }
}
