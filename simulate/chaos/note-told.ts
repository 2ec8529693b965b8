import type { Ledger } from '../../shared/domain/ledger.ts';
import type {
  AlarmState,
  Instant,
  LaunchFailure,
  LostServer,
  Reading,
  ScalingGroup,
} from '../../shared/domain/observation.ts';
import type { AskedMetric } from '../../shared/ports/metrics.ts';
import type { FunctionRun, Told } from './function-run.ts';
import { isJudged, noteDatapoints } from './note-datapoints.ts';
import { acts, type PortCall } from './port-call.ts';
import { boundsAround } from './seen-in.ts';

/**
 * Calls that may fail without the function failing: a decision can live with an unknown metric, with not knowing what stands before a
 * group, and with not knowing yet what has become of servers: for an hour every look asks again.
 */
const mayFail = new Set(['metrics.latest', 'loadBalancers.standsBehind', 'losses.losses']);
/** So late may a description be. */
const lateAtMostMs = 15_000;
/** Reads of many that are tried again in parts, so that one that cannot be read fails alone. */
const readAgain = new Set(['groups.describe', 'alarms.describe', 'ledger.read']);

/**
 * What has reached the caller.
 * @param asOf what it says was true then
 * @param outside when desired was changed by others, by scaling group
 */
export function noteTold(
  { by, name, args, place }: PortCall,
  answer: unknown,
  asOf: Instant,
  outside: ReadonlyMap<string, readonly Instant[]>,
): void {
  const { told } = by;
  if (readAgain.has(name)) by.reads.told(name, args[0] as readonly string[], numberOf(place));
  if (name === 'ledger.read') noteLedgers(by, answer as ReadonlyMap<string, Ledger>);
  if (name === 'groups.setDesired') noteAct(told, args[0] as string, args[1] as number, asOf);
  // Servers that have joined or left have moved desired too: it may be what it was before it was set.
  if (name === 'adopt.attach' || name === 'adopt.detach') told.acted.delete(args[0] as string);
  if (name === 'groups.describe') {
    for (const group of (answer as Map<string, ScalingGroup>).values())
      noteGroup(told, asItWasSet(told, group, asOf), asOf);
    for (const group of args[0] as string[]) {
      if (!(answer as Map<string, ScalingGroup>).has(group)) forgetGroup(told, group);
      const changes = outside.get(group) ?? [];
      told.outside.set(group, changes.filter((at) => at <= asOf).length);
    }
  }
  if (name === 'alarms.describe')
    for (const [alarm, state] of answer as Map<string, AlarmState>) told.alarms.set(alarm, state);
  if (name === 'metrics.latest')
    for (const [index, { group, use }] of (args[0] as AskedMetric[]).entries())
      told.readings.set(`${group.name} ${use.key}`, (answer as Reading[])[index]!);
  if (name === 'metrics.history')
    noteDatapoints(by, args, answer as readonly (Float64Array | null | undefined)[]);
  if (name === 'refresh.instanceRefresh') told.refreshes.set(args[0] as string, answer as string | null);
  if (name === 'launchFailures.launchFailure')
    told.launchFailures.set(args[0] as string, answer as LaunchFailure | null);
  if (name === 'health.healthy')
    told.healthy.set((args[0] as ScalingGroup).name, answer as ReadonlySet<string>);
  if (name === 'losses.losses') {
    const lost = (answer as LostServer[]).map(({ server }) => server);
    told.losses.set(args[0] as string, lost);
  }
}

/** A call has failed, or got no answer: what it would have told is unknown. */
export function noteRefused({ by, name, args, place }: PortCall): void {
  if (readAgain.has(name)) by.reads.failed(name, args[0] as readonly string[], numberOf(place));
  else if (!mayFail.has(name) && !isOfRules(by, name, args)) by.failed = true;
  if (name === 'metrics.latest')
    for (const { group, use } of args[0] as AskedMetric[])
      by.told.readings.delete(`${group.name} ${use.key}`);
  if (name === 'metrics.history') noteDatapoints(by, args, null);
  if (name === 'health.healthy') by.told.healthy.delete((args[0] as ScalingGroup).name);
  if (name === 'launchFailures.launchFailure') by.told.launchFailures.set(args[0] as string, null);
}

/** Refused for good: servers of the fleet file that may not join or leave are news, and nothing that a function fails by. */
export function noteDenied(call: PortCall): void {
  const { by, args } = call;
  const [scalingGroup, ids] = args as [string, readonly string[]];
  if (!movesServers(call)) noteRefused(call);
  else by.refused.push({ group: by.scaler.byScalingGroup.get(scalingGroup)!.name, ids });
}

/** Before servers are let go their protection is taken from them. */
function movesServers({ name, args }: PortCall): boolean {
  return (
    name === 'adopt.attach' || name === 'adopt.detach' || (name === 'protect.protect' && args[2] === false)
  );
}

/** Datapoints of rules that are judged: one that cannot be read neither scales out nor in, and the next sweep reads it. */
function isOfRules({ scaler }: FunctionRun, name: string, [asked]: readonly unknown[]): boolean {
  if (name !== 'metrics.history') return false;
  return (asked as readonly AskedMetric[]).every(({ group, use }) => {
    const known = scaler.groups.get(group.name);
    return known !== undefined && isJudged(known, use.key);
  });
}

/** A function that reads a ledger, or changes a group, has work on that group until it was described. */
export function noteDue({ by, name, method, args, place }: PortCall): void {
  if (name === 'ledger.read')
    for (const group of args[0] as readonly string[]) {
      const known = by.scaler.groups.get(group);
      if (known) by.reads.due(known.scalingGroup, numberOf(place));
    }
  else if (acts.has(method)) by.reads.due(args[0] as string, numberOf(place));
}

/** Of a call among those of its invocation. */
function numberOf(place: string): number {
  return Number(place.slice(place.lastIndexOf('#') + 1));
}

/** A function that has set desired knows that it is set, whatever a late description says. */
function noteAct(told: Told, name: string, to: number, asOf: Instant): void {
  const known = told.groups.get(name);
  if (!known) return;
  told.acted.set(name, { at: asOf, from: known.desired, to });
  noteGroup(told, { ...known, desired: to }, asOf);
}

function noteGroup({ groups, truest }: Told, group: ScalingGroup, asOf: Instant): void {
  groups.set(group.name, group);
  if (asOf >= (truest.get(group.name)?.asOf ?? 0)) truest.set(group.name, { asOf, group });
}

function forgetGroup({ groups, truest }: Told, name: string): void {
  groups.delete(name);
  truest.delete(name);
}

/** Unless it is so long ago that a description of before cannot be meant. */
function asItWasSet({ acted }: Told, group: ScalingGroup, asOf: Instant): ScalingGroup {
  const act = acted.get(group.name);
  return act?.from === group.desired && asOf < act.at + lateAtMostMs
    ? { ...group, desired: act.to, ...boundsAround(group, act.to) }
    : group;
}

/** What others have decided since, the ledger knows: a group that shows what it was set to before may be right then. */
function noteLedgers({ told, scaler }: FunctionRun, ledgers: ReadonlyMap<string, Ledger>): void {
  for (const [name, { desired }] of ledgers) {
    const scalingGroup = scaler.groups.get(name)?.scalingGroup ?? '';
    if (told.acted.get(scalingGroup)?.to !== desired) told.acted.delete(scalingGroup);
  }
}
