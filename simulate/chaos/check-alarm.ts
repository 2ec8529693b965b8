import type { OpenActivity } from '../../shared/domain/ledger.ts';
import type { Instant } from '../../shared/domain/observation.ts';
import type { HouseGroup } from '../../shared/engine/house.ts';
import type { Write } from './check-write.ts';
import type { Witness } from './witness.ts';

/** Fresh news is believed for a minute, and takes its time to get there. */
const believedMs = 80_000;
const skewMs = 5_000;

/** A rule acts while its alarm is red, after its cooldown, and once per episode unless it repeats. */
export function checkAlarm(
  witness: Witness,
  { group, by, before }: Write,
  { message, rule, startedAt }: OpenActivity,
): void {
  const past = witness.pastOf(group.name);
  const config = group.config.alarms[rule!]!;
  const doneAt = past.completed.get(rule!) ?? Number.NEGATIVE_INFINITY;
  if (startedAt < doneAt + config.cooldown * 1000) witness.violate(5, `${message}: inside its cooldown`);
  if (before?.open.some((other) => other.rule === rule && other.endedAt === undefined))
    witness.violate(5, `${message}: its last activity has not ended`);
  const episode = redSince(witness, group, rule!, by.startedAt - believedMs, startedAt + skewMs);
  if (episode === undefined) {
    witness.violate(5, `${message}: its alarm was not in ALARM`);
    return;
  }
  const repeats = config.repeat ?? config.metric !== 'requestsPerSecond';
  if (!repeats && past.answered.get(rule!) === episode)
    witness.violate(2, `${message}: a second time in one episode`);
  past.answered.set(rule!, episode);
}

/** When the newest episode in ALARM began that touches `[from, to]`. */
function redSince(
  witness: Witness,
  group: HouseGroup,
  rule: string,
  from: Instant,
  to: Instant,
): Instant | undefined {
  const alarm = group.alarms.find(([name]) => name === rule)![1];
  const transitions = witness.world.transitions.get(alarm) ?? [];
  const touching = transitions.filter(
    ({ value, since }, index) =>
      value === 'ALARM' && since <= to && (transitions[index + 1]?.since ?? to) >= from,
  );
  return touching.at(-1)?.since;
}

/** Nothing that is missing, empty or failed scales in. */
export function checkData(
  witness: Witness,
  { group, by }: Write,
  { message, reason, rule }: OpenActivity,
): void {
  const { scaleOutRules, scaleInRules, targets } = group.policy;
  for (const { name, silenceIsFine } of scaleOutRules) {
    const value = by.told.alarms.get(group.alarms.find(([one]) => one === name)![1])?.value;
    if (value !== 'OK' && !(silenceIsFine && value !== 'ALARM'))
      witness.violate(5, `${message}: scales in though ${name} is ${value ?? 'not there'}`);
  }
  const keys =
    reason === 'AlarmScaleIn'
      ? scaleInRules.filter(({ name }) => name === rule).map(({ metricKey }) => metricKey)
      : targets.map(({ metricKey }) => metricKey);
  for (const key of keys) {
    if (!by.told.readings.get(`${group.name} ${key}`)?.known)
      witness.violate(5, `${message}: scales in though ${key} is unknown`);
  }
}
