import type { Instant } from '../domain/observation.ts';
import type { House, HouseGroup } from '../engine/house.ts';
import { learn } from '../objective/learn.ts';
import { asIfInCharge } from './as-if-in-charge.ts';
import { forecastPolicy } from './forecast-policy.ts';
import { readLoad } from './read-load.ts';
import { modelOf, usableModel } from './saved-model.ts';

const minuteMs = 60_000;
/** CloudWatch keeps minutes for 15 days; the hour is for clocks that differ. */
const keptMinutes = 15 * 1440 - 60;

/**
 * Takes in a group's minutes since its model was last written, or all that CloudWatch still has, and writes the model. Safe
 * to be done twice, and to be left out: the next time takes in more.
 * @returns the minutes that it took in
 * @throws PortError
 */
export async function learnGroup({ ports }: House, group: HouseGroup, now: Instant): Promise<number> {
  const policy = forecastPolicy(group.config)!;
  const [models, scalingGroups] = await Promise.all([
    ports.models.read([group.name]),
    ports.groups.describe([group.scalingGroup]),
  ]);
  const saved = usableModel(models.get(group.name), policy);
  const thisMinute = Math.floor(now / minuteMs);
  const oldest = thisMinute - keptMinutes;
  const from = saved ? Math.max(oldest, saved.model.minute + 1) : oldest;
  const loads = await readLoad(ports, [group], scalingGroups, from * minuteMs, thisMinute * minuteMs);
  const past = known(loads.get(group.name) ?? []);
  const minutes = saved ? past : asIfInCharge(policy.objective, past);
  const learnt = learn(policy.objective, saved, minutes);
  if (learnt.model.minute < 0 || learnt.model.minute === saved?.model.minute) return 0;
  await ports.models.write(group.name, modelOf(learnt, policy));
  return learnt.model.minute - (saved?.model.minute ?? minutes[0]!.minute - 1);
}

/** A group's time begins with its first datapoint. */
function known<T extends { readonly load: number }>(minutes: readonly T[]): readonly T[] {
  return minutes.slice(
    Math.max(
      0,
      minutes.findIndex(({ load }) => Number.isFinite(load)),
    ),
  );
}
