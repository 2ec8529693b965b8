import type { Command } from 'commander';
import type { Activity } from '../../shared/domain/activity.ts';
import type { RuleNow } from '../../shared/domain/explain.ts';
import { lostLately } from '../../shared/domain/lost-servers.ts';
import { decisionNow, wantsMore } from '../../shared/domain/nearing.ts';
import { isInService } from '../../shared/domain/servers.ts';
import { activityJson } from '../../shared/engine/activity-json.ts';
import { type GroupState, groupStatesApart, type StatesApart } from '../../shared/engine/group-state.ts';
import { limitConcurrency } from '../../shared/engine/limit-concurrency.ts';
import { sizesOf } from '../../shared/engine/sizes-of.ts';
import { windowEffect } from '../../shared/schedule/window-effect.ts';
import type { Speaker } from '../../shared/sentences/speaker.ts';
import { type FleetInCloud, groupsOf, openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { exitCodes } from '../failure.ts';
import { type LanguageOptions, speakerFor, withLanguageOption } from '../language.ts';
import { fleetSources } from '../live/fleet-sources.ts';
import { canRunLive, runLive } from '../live/run-live.ts';
import { deafAddresses, deafness } from '../mail-addresses.ts';
import { missingAdvice } from '../missing-advice.ts';
import { type Nearing, nearingIn } from '../nearing.ts';
import { isObserved, observeBanner, observedRows, othersDid, wouldDo } from '../observing.ts';
import { type OutputOptions, print, printData, table, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { serverWords } from '../server-words.ts';
import { saidJson, stateJson } from '../state-json.ts';
import { styled } from '../terminal.ts';
import { wallClock } from '../wall-clock.ts';
import { takesWatch, type WatchOptions, watched } from '../watch.ts';
import { commandWords, countIn } from '../words/command-words.ts';
import type { CommandWords } from '../words/en.ts';

const help = `
Shows each group: its servers, the layers that make up their number, windows open and next, alarms, the last activity.

  $ rushhour status
  $ rushhour status --watch
  $ rushhour status --json | jq '.groups[] | {name, desired}'

On a terminal --watch is a table of all groups: arrows choose one, Enter explains it, / leaves those that contain a text,
q ends it. Elsewhere it prints again and again.

Exit codes: 0 all groups are there, 1 one is missing or cannot be read.`;

type StatusOptions = CloudOptions & OutputOptions & WatchOptions & LanguageOptions;

export function define(command: Command): void {
  takesWatch(withLanguageOption(withJsonOption(takesCloud(command))))
    .argument('[group]', 'only this group')
    .addHelpText('after', help)
    .action(status);
}

async function status(name: string | undefined, options: StatusOptions): Promise<void> {
  const cloud = await inProgress('logging in', openCloud(options));
  const groups = groupsOf(cloud.scaler, name);
  if (options.watch !== undefined && !options.json && canRunLive())
    return runLive(fleetSources(cloud, groups, speakerFor(options, cloud.scaler.fleet)), options.watch);
  await watched(options, async () => {
    const { states, failures } = await inProgress('looking', groupStatesApart(cloud.scaler, groups));
    // What fails for every group is said as every command says it.
    if (states.length === 0) throw [...failures.values()][0];
    const last = await lastActivities(cloud, states);
    const nearing = await nearingIn(cloud.scaler, states);
    const deaf = await whoIsDeaf(cloud);
    if (failures.size > 0 || states.some(({ observation }) => !observation.group))
      process.exitCode = exitCodes.failed;
    return () =>
      options.json
        ? printData(statusJson(cloud, states, failures, last, nearing, deaf), options)
        : printStatus(cloud, states, failures, last, nearing, deaf, speakerFor(options, cloud.scaler.fleet));
  });
}

/** One query for each, some at a time. */
async function lastActivities({ scaler }: FleetInCloud, states: readonly GroupState[]): Promise<Last> {
  const last = new Map<GroupState, readonly Activity[]>();
  await limitConcurrency(states, queriesAtOnce, async (state) => {
    const limit = isObserved(state.group) ? observedRows : 1;
    const { activities } = await scaler.ports.activities.query(state.group.name, { limit });
    last.set(state, activities);
  });
  return states.map((state) => last.get(state) ?? []);
}

const queriesAtOnce = 16;

/** Without permission to ask SNS, the groups are shown all the same. */
async function whoIsDeaf(cloud: FleetInCloud): Promise<readonly string[]> {
  try {
    return (await deafAddresses(cloud))?.map(deafness) ?? [];
  } catch (error) {
    return [`whether mail arrives could not be seen: ${(error as Error).message}`];
  }
}

/** Of each group, newest first; of one that is only observed, enough to see what others have done. */
type Last = readonly (readonly Activity[])[];

function statusJson(
  { account, region, scaler }: FleetInCloud,
  states: readonly GroupState[],
  failures: StatesApart['failures'],
  last: Last,
  nearing: Nearing,
  mail: readonly string[],
): object {
  const groups = states.map((state, index) => ({
    ...stateJson({ ...state, decision: decisionNow(state.decision, nearing[index]!) }, scaler.english),
    nearing: nearing[index]!.map((rule) => saidJson(rule, state.at, scaler.english)),
    lastActivity: last[index]![0] && activityJson(last[index]![0], scaler.english),
  }));
  const unread = [...failures].map(([name, { message }]) => ({ name, message }));
  return { fleet: scaler.fleet.name, account, region, mail, groups, unread };
}

function printStatus(
  { account, region, scaler }: FleetInCloud,
  states: readonly GroupState[],
  failures: StatesApart['failures'],
  last: Last,
  nearing: Nearing,
  deaf: readonly string[],
  speaker: Speaker,
): void {
  const { name, timeZone } = scaler.fleet;
  const now = scaler.ports.clock.now();
  const words = commandWords(speaker.language);
  const time = wallClock(timeZone, now, words.locale);
  print(styled('dim', words.where(name, account, region, `${time(now)} ${timeZone}`)));
  for (const sentence of deaf) print(styled('yellow', sentence));
  for (const [index, state] of states.entries()) {
    print(`\n${heading(state, speaker)}`);
    if (state.observation.group) print(table(rows(state, last[index]!, nearing[index]!, time, speaker)));
  }
  for (const [name, { message }] of failures) print(`\n${styled('red', words.unread(name, message))}`);
  const missing = states.filter(({ observation }) => !observation.group);
  for (const advice of new Set(missing.map(({ group }) => missingAdvice(group, words)))) print(`\n${advice}`);
}

/** The lines of a group, by their labels. */
type StatusLine = keyof Pick<
  CommandWords,
  | 'now'
  | 'would'
  | 'was'
  | 'servers'
  | 'layers'
  | 'paused'
  | 'lost'
  | 'windows'
  | 'alarms'
  | 'forecast'
  | 'last'
>;

/** More would hide the rest; explain and JSON name all. */
const serversNamed = 8;

function heading({ group, at, observation, decision }: GroupState, { language, message }: Speaker): string {
  const words = commandWords(language);
  if (!observation.group) return styled('red', message(group.name, decision, at));
  const only = isObserved(group) ? `  ${observeBanner(words)}` : '';
  const name = `${styled('bold', group.name)}${only}`;
  const { desired, servers } = observation.group;
  const { minSize, maxSize } = sizesOf(group.config, observation.group);
  const inService = servers.filter(isInService).length;
  const count = (servers: number) => countIn(words, servers);
  const serving = words.inService(count(inService));
  const behind = inService < desired ? styled('yellow', serving) : serving;
  const bounds = words.bounds(count(minSize), count(maxSize));
  return `${name}  ${words.desired(count(desired))}, ${behind}, ${bounds}`;
}

function rows(
  state: GroupState,
  lately: readonly Activity[],
  nearing: readonly RuleNow[],
  time: (instant: number) => string,
  speaker: Speaker,
): string[][] {
  const [last] = lately;
  const was = isObserved(state.group) ? othersDid(lately) : undefined;
  const { group, at, ledger, observation, next } = state;
  const { forecast } = observation;
  const { language, message, sentence, status } = speaker.of(state.group.name);
  const words = commandWords(language);
  const lost = ledger && lostLately(ledger, at);
  const layers = state.layers.map(
    ({ layer, by, servers }) => `${words[layer]} ${by} ${countIn(words, servers)}`,
  );
  const open = observation.windows.map((window) =>
    words.openUntil(window.name, sentence(windowEffect(window), at), time(window.end)),
  );
  const coming =
    next && words.next(words[next.edge === 'start' ? 'opens' : 'closes'](next.window.name, time(next.at)));
  const pause = ledger?.pause;
  const all: [StatusLine, string | undefined][] = [
    ['now', nowWords(state, nearing, speaker)],
    ['would', wouldDo(state, speaker)],
    ['was', was && `${time(was.startedAt)} ${message(group.name, was, was.startedAt)}`],
    ['servers', serverWords(observation.group?.servers ?? [], words, serversNamed)],
    ['layers', layers.join(', ')],
    [
      'paused',
      pause && words.pausedBy(pause.owner, pause.until ? time(pause.until) : undefined, pause.reason),
    ],
    ['lost', lost && sentence(lost, at)],
    ['windows', [...open, ...(coming ? [coming] : [])].join('; ')],
    ['alarms', alarmWords(state, nearing, time, speaker)],
    ['forecast', forecast && sentence(forecast.why, at)],
    [
      'last',
      last &&
        `${time(last.startedAt)} ${status(last.statusCode)}: ${message(group.name, last, last.startedAt)}`,
    ],
  ];
  return all
    .filter(([, text]) => text)
    .map(([label, text]) => [`  ${styled('dim', words[label])}`, text ?? '']);
}

/** Amber while an alarm is about to turn red for want of servers. */
function nowWords(
  { group, at, decision }: GroupState,
  nearing: readonly RuleNow[],
  { message }: Speaker,
): string {
  const shown = decisionNow(decision, nearing);
  const words = message(group.name, shown, at);
  return shown === decision ? words : styled('yellow', words);
}

function alarmWords(
  { group, at, alarms, decision }: GroupState,
  nearing: readonly RuleNow[],
  time: (instant: number) => string,
  speaker: Speaker,
): string {
  const { language, sentence } = speaker.of(group.name);
  const { missing, since } = commandWords(language);
  return alarms
    .map(({ rule, state }) => {
      if (!state) return `${rule} ${styled('red', missing)}`;
      const words = since(state.value, time(state.since));
      const near = nearing.find((each) => each.rule === rule);
      if (state.value === 'ALARM') return `${rule} ${styled('red', words)}`;
      return near && wantsMore(near, decision.from)
        ? styled('yellow', sentence(near.why, at))
        : `${rule} ${words}`;
    })
    .join(', ');
}
