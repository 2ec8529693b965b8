import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Activity } from '../../shared/domain/activity.ts';
import { activityJson } from '../../shared/engine/activity-json.ts';
import type { Scaler } from '../../shared/engine/scaler.ts';
import type { Speaker } from '../../shared/sentences/speaker.ts';
import { groupsOf, openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { followHistory } from '../follow-history.ts';
import { type LanguageOptions, speakerFor, withLanguageOption } from '../language.ts';
import { dataText } from '../output-format.ts';
import { type OutputOptions, print, printData, table, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { readAge } from '../read-age.ts';
import { styled } from '../terminal.ts';
import { wallClock } from '../wall-clock.ts';
import { readWatchSeconds } from '../watch.ts';
import { commandWords } from '../words/command-words.ts';

const help = `
Everything that was done to a group and why, newest first: changes, refusals, pauses, and what others did.

  $ rushhour history business --since 24h
  $ rushhour history business --since 7d --limit 1000 --json
  $ rushhour history business --follow

--follow prints them oldest first, and goes on with what is done next, and how it ends, until Ctrl-C; as data, one
document for each.`;

interface HistoryOptions extends CloudOptions, OutputOptions, LanguageOptions {
  /** Seconds. */
  readonly since?: number;
  readonly limit: number;
  /** Seconds between two looks. */
  readonly follow?: number;
}

export function define(command: Command): void {
  withLanguageOption(withJsonOption(takesCloud(command)))
    .argument('<group>', 'the group')
    .addOption(new Option('--since <duration>', 'how far back, like 24h or 7d').argParser(readAge))
    .addOption(new Option('--limit <number>', 'show at most this many').default(50).argParser(readLimit))
    .addOption(
      new Option(
        '--follow [seconds]',
        'keep showing what is done next, looking again after this many seconds',
      )
        .preset(defaultFollowSeconds)
        .argParser(readWatchSeconds),
    )
    .addHelpText('after', help)
    .action(history);
}

const defaultFollowSeconds = 5;

function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100_000)
    throw new InvalidArgumentError('Expected 1 to 100000.');
  return limit;
}

async function history(name: string, options: HistoryOptions): Promise<void> {
  const { scaler } = await inProgress('logging in', openCloud(options));
  const [group] = groupsOf(scaler, name);
  const read = () => readActivities(scaler, group!.name, options);
  if (options.follow !== undefined)
    return followHistory(read, (news) => tell(news, scaler, options), options.follow);
  const activities = await inProgress('reading', read());
  if (options.json) {
    const rows = activities.map((each) => activityJson(each, scaler.english));
    printData({ group: name, activities: rows }, options);
  } else printActivities(scaler, activities, speakerFor(options, scaler.fleet));
}

async function readActivities(
  scaler: Scaler,
  group: string,
  { since, limit }: HistoryOptions,
): Promise<Activity[]> {
  const { activities, clock } = scaler.ports;
  const from = since === undefined ? undefined : clock.now() - since * 1000;
  const found: Activity[] = [];
  let next: string | undefined;
  do {
    const page = await activities.query(group, {
      since: from,
      limit: Math.min(200, limit - found.length),
      next,
    });
    found.push(...page.activities);
    next = page.next;
  } while (next !== undefined && found.length < limit);
  return found;
}

/** One line each, without headings: more may come. */
function tell(news: readonly Activity[], scaler: Scaler, options: HistoryOptions): void {
  const speaker = speakerFor(options, scaler.fleet);
  const { locale } = commandWords(speaker.language);
  const time = wallClock(scaler.fleet.timeZone, scaler.ports.clock.now(), locale);
  if (options.json) for (const activity of news) print(lineOf(activity, scaler, options));
  else print(table(rowsOf(news, time, speaker)));
}

function lineOf(activity: Activity, { english }: Scaler, { output }: HistoryOptions): string {
  const json = activityJson(activity, english);
  return output === 'yaml' ? dataText(json, 'yaml') : JSON.stringify(json);
}

const colours = { Failed: 'red', Cancelled: 'yellow', Successful: 'green' } as const;

function printActivities({ fleet, ports }: Scaler, activities: readonly Activity[], speaker: Speaker): void {
  const words = commandWords(speaker.language);
  if (activities.length === 0) {
    print(words.noRows);
    return;
  }
  const rows = rowsOf(activities, wallClock(fleet.timeZone, ports.clock.now(), words.locale), speaker);
  print(table(rows, [words.when, words.status, words.whatAndWhy]));
}

function rowsOf(
  activities: readonly Activity[],
  time: (instant: number) => string,
  speaker: Speaker,
): string[][] {
  const { frames, message, status } = speaker;
  return activities.map((activity) => {
    const { group, startedAt, endedAt = startedAt, statusCode, detail } = activity;
    const what = message(group, activity, startedAt);
    const colour = statusCode in colours ? colours[statusCode as keyof typeof colours] : 'cyan';
    return [
      time(startedAt),
      styled(colour, status(statusCode)),
      detail ? frames.withDetail(what, speaker.of(group).sentence(detail, endedAt)) : what,
    ];
  });
}
