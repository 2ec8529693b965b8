import type { Group } from '../../shared/fleet/group.ts';
import { minuteMs } from '../../shared/units.ts';
import { Dice, type Draw } from './dice.ts';
import type { Happening, Plan } from './plan.ts';
import { strayServers } from './stray-servers.ts';

/** Happenings that hardly ever come together by chance, and matter when they do. Most plans stay as they are. */
export function withCoincidences(plan: Plan): Plan {
  const dice = new Dice(plan.seed);
  return withRelease(dice.of('release'), withBriefCrowd(dice.of('brief crowd'), plan));
}

/** A crowd that has gone again when the news of it arrives. */
function withBriefCrowd(draw: Draw, plan: Plan): Plan {
  if (!draw.chance(0.08)) return plan;
  const group = draw.of(Object.keys(plan.fleet.groups));
  const comes = draw.between(plan.start, plan.calmAt);
  const goes = comes + draw.between(1, 4) * minuteMs;
  const seconds = draw.between(300, 900);
  return withHappenings(plan, [
    { id: 'b0', at: comes, group, kind: 'news-held', seconds },
    { id: 'b1', at: comes, group, kind: 'load', load: draw.between(300, 900) },
    { id: 'b2', at: goes, group, kind: 'load', load: draw.between(0, 200) },
  ]);
}

/** Several servers are taken from the fleet file, and one of them dies about when they are let go, while much fails. */
function withRelease(draw: Draw, plan: Plan): Plan {
  if (plan.provider !== 'auto-scaling' || !draw.chance(0.15)) return plan;
  const instances = strayServers.slice(0, draw.between(2, 3));
  const at = draw.between(plan.start + 3 * minuteMs, plan.calmAt - 3 * minuteMs);
  const dies = at + draw.between(20, 120) * 1000;
  const group = 'business';
  const deployed = withHappenings(plan, [
    { id: 'r0', at, group, kind: 'deploy', fleet: 'later' },
    { id: 'r1', at: dies, group, kind: 'server-dies', nth: 0, server: draw.of(instances) },
  ]);
  return {
    ...deployed,
    fleet: withBusiness(plan.fleet, { instances }),
    laterFleet: withBusiness(plan.laterFleet, { instances: [] }),
    faultRate: 0.04,
  };
}

function withBusiness(fleet: Plan['fleet'], changed: Partial<Group>): Plan['fleet'] {
  const { business, ...others } = fleet.groups;
  return { ...fleet, groups: { business: { ...business!, mode: 'active', ...changed }, ...others } };
}

function withHappenings(plan: Plan, happenings: readonly Happening[]): Plan {
  return {
    ...plan,
    happenings: [...plan.happenings, ...happenings.filter(({ at }) => at < plan.calmAt)],
  };
}
