import { type CompiledRule, compilePolicy, type Policy } from '../domain/policy.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { hasAlarm } from '../fleet/has-alarm.ts';
import { alarmName, scalingGroupName } from '../fleet/names.ts';
import { providerOf } from '../fleet/provider-kind.ts';
import { isGrantedApart, sourceOf } from '../fleet/source-of.ts';
import { unitsOf } from '../fleet/unit-of.ts';
import { forecastFromModels } from '../forecast/forecaster.ts';
import type { Ports } from '../ports/ports.ts';
import { Timetable } from '../schedule/timetable.ts';
import type { Catalogue } from '../sentences/catalogue.ts';
import { english } from '../sentences/en.ts';
import { speaker } from '../sentences/speaker.ts';
import type { Forecaster, Log, Scaler, ScalerGroup } from './scaler-group.ts';

export type { Log, Scaler, ScalerGroup } from './scaler-group.ts';

/** The fleet has no group of this name. */
export class UnknownGroup extends Error {
  override readonly name = 'UnknownGroup';
}

/** @throws UnknownGroup */
export function groupNamed({ groups }: Scaler, name: string): ScalerGroup {
  const group = groups.get(name);
  if (group) return group;
  const some = [...groups.keys()].slice(0, 10).join(', ');
  throw new UnknownGroup(`the fleet has no group ${name}; it has ${some}${groups.size > 10 ? ', …' : ''}`);
}

const silent: Log = { info() {}, warn() {} };

/** Each once: a rule with steps may scale both ways. */
function rulesOf({ scaleOutRules, scaleInRules }: Policy): CompiledRule[] {
  return [...new Set([...scaleOutRules, ...scaleInRules])];
}

/**
 * Prepares a validated fleet.
 * @param mailCatalogue the language of mail; a function has it laid beside it unless it is English
 * @param forecaster only a backtest has one of its own, which goes on from minute to minute where a function begins anew
 */
export function createScaler(
  fleet: Fleet,
  ports: Ports,
  log: Log = silent,
  forecaster: Forecaster = forecastFromModels,
  mailCatalogue: Catalogue = english,
): Scaler {
  const spoken = speaker(english, fleet.timeZone, unitsOf(fleet));
  const prepared = new Map<string, ScalerGroup>();
  const prepare = (name: string): ScalerGroup => {
    const known = prepared.get(name);
    if (known) return known;
    const config = fleet.groups[name]!;
    const leader = config.follows && prepare(config.follows.group);
    const policy = compilePolicy(name, config, providerOf(config).can.has('replaceUnhealthy'));
    const watched = Object.keys(config.alarms).filter((rule) => hasAlarm(config, config.alarms[rule]!));
    const group: ScalerGroup = {
      name,
      config,
      policy,
      judgedRules: rulesOf(policy).filter((rule) => !watched.includes(rule.name)),
      timetable: new Timetable(config.schedules, fleet.calendars, fleet.timeZone),
      scalingGroup: scalingGroupName(fleet, name),
      source: sourceOf(config),
      isGrantedApart: isGrantedApart(config),
      alarms: watched.map((rule) => [rule, alarmName(fleet, name, rule)]),
      leader,
      depth: leader ? leader.depth + 1 : 0,
    };
    prepared.set(name, group);
    return group;
  };
  const all = Object.keys(fleet.groups).map(prepare);
  const sorted = all.toSorted((one, other) => one.depth - other.depth);
  return {
    fleet,
    ports,
    log,
    forecaster,
    english: spoken,
    mail: mailCatalogue === english ? spoken : speaker(mailCatalogue, fleet.timeZone, unitsOf(fleet)),
    groups: new Map(sorted.map((group) => [group.name, group])),
    byScalingGroup: new Map(sorted.map((group) => [group.scalingGroup, group])),
    byAlarm: new Map(
      sorted.flatMap((group) => group.alarms.map(([rule, alarm]) => [alarm, { group, rule }] as const)),
    ),
  };
}
