import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Shortage } from '../../local/simulate/shortages.ts';
import type { GroupStory, Played } from '../commands/simulate.ts';
import { percent } from '../percent.ts';
import { styled, table } from '../print.ts';
import { wallClock } from '../wall-clock.ts';
import type { LoadHistory } from './load-source.ts';

const minuteMs = 60_000;
const shortagesTold = 3;

/** A simulation in words, for a terminal and for a page. */
export function summaryText(
  played: readonly Played[],
  stories: readonly GroupStory[],
  history: LoadHistory,
): { readonly styled: string; readonly plain: string } {
  const { fleet } = played[0]!;
  const minutes = [...history.loads.values()][0]!.length;
  const dated = wallClock(fleet.timeZone, 0);
  const time = minutes > 1440 ? dated : wallClock(fleet.timeZone, history.start);
  const heading = `${history.name}: ${days(minutes)} from ${dated(history.start)} ${fleet.timeZone}`;
  const parts = stories.map((story) => groupText(played, story, time));
  const text = [
    styled('dim', heading),
    ...history.remarks.map((remark) => styled('dim', remark)),
    ...parts,
  ].join('\n');
  return { styled: text, plain: stripVTControlCharacters(text) };
}

type Clock = (instant: number) => string;

function groupText(played: readonly Played[], story: GroupStory, time: Clock): string {
  const [{ fleet, summaries, result }] = played as [Played];
  const { maxSize } = fleet.groups[story.group]!;
  const summary = summaries.get(story.group)!;
  const run = result.get(story.group)!;
  const busiest = run.needed.reduce((most, each) => Math.max(most, each), 0);
  const carried =
    run.load.reduce((sum, each) => sum + each, 0) - run.unserved.reduce((sum, each) => sum + each, 0);
  const facts = [
    [
      'servers',
      `${summary.minServers} to ${summary.maxServers} desired, of at most ${maxSize}; the load needed up to ${busiest.toFixed(1)}`,
    ],
    ['utilization', `${percent(meanUtilization(run.utilization))} in the mean minute`],
    ['changes', `${summary.adaptations}, ${summary.adaptationsPerDay.toFixed(1)} a day`],
    [
      'unserved',
      `${percent(summary.unserved)} of the demand (${count(carried)} requests were served in time)`,
    ],
  ];
  return [
    `\n${styled('bold', story.group)}`,
    ...story.unmeasured.map((each) =>
      styled('yellow', `  ${each}, which no load tells: here it stays silent`),
    ),
    table(facts.map(([label, words]) => [`  ${styled('dim', label!)}`, words!])),
    '',
    comparison(played, story),
    ...shortageLines(story, maxSize, time),
  ].join('\n');
}

function comparison(
  played: readonly Played[],
  { group, yardsticks, pricePerServerHour }: GroupStory,
): string {
  const own = played.flatMap(({ file, summaries }) => {
    const summary = summaries.get(group);
    return summary ? [{ name: file, serverHours: summary.serverHours, unserved: summary.unserved }] : [];
  });
  const ours = own[0]!.serverHours;
  const rows = [...own, ...yardsticks].map(({ name, serverHours, unserved }, index) => [
    `  ${name}`,
    serverHours.toFixed(0),
    (serverHours * pricePerServerHour).toFixed(2),
    percent(unserved),
    index === 0 ? '' : difference(ours, serverHours),
  ]);
  return table(rows, ['  policy', 'server-hours', 'cost', 'unserved', `${basename(played[0]!.file)} uses`]);
}

/** What ours uses against theirs. */
function difference(ours: number, theirs: number): string {
  if (theirs === 0) return '';
  const saved = 1 - ours / theirs;
  return saved >= 0 ? `${percent(saved)} less` : `${percent(-saved)} more`;
}

function shortageLines({ shortages, remedies }: GroupStory, maxSize: number, time: Clock): string[] {
  if (shortages.length === 0) return [];
  const told = shortages
    .slice(0, shortagesTold)
    .map((shortage) => `  ${shortageWords(shortage, maxSize, time)}`);
  const rest = shortages.length - told.length;
  const rows = remedies.map(({ name, unserved, minutesShort, serverHours }) => [
    `  ${name}`,
    percent(unserved),
    String(minutesShort),
    serverHours.toFixed(0),
  ]);
  const columns = [
    '  policy',
    'unserved then',
    'minutes short',
    'server-hours from a day before to a day after',
  ];
  return [
    `\n  ${styled('yellow', 'Too few servers')}${rest > 0 ? `, and ${rest} smaller ones` : ''}`,
    ...told,
    `\n  ${styled('dim', 'What would have changed the worst of it')}`,
    table(rows, columns),
  ];
}

function shortageWords(
  { from, to, needed, inService, share, answer }: Shortage,
  maxSize: number,
  time: Clock,
): string {
  const lasted = `${time(from)} for ${Math.round((to - from) / minuteMs)} min`;
  const most = inService >= maxSize ? `${inService}, all that maxSize allows` : String(inService);
  const beyond = needed > maxSize && inService < maxSize ? `, more than maxSize ${maxSize} allows,` : '';
  const had = `needed ${needed.toFixed(1)} servers${beyond} and had ${most}, ${percent(share)} was not served in time`;
  const minutes = answer && Math.round((answer.startedAt - from) / minuteMs);
  const answered = answer
    ? `the first answer came after ${minutes} min: ${answer.message}`
    : 'nothing answered';
  return `${lasted}: ${had}; ${answered}`;
}

function meanUtilization(utilization: Float64Array): number {
  return utilization.reduce((sum, each) => sum + Math.min(1, each), 0) / utilization.length;
}

function days(minutes: number): string {
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 2880 ? `${(minutes / 60).toFixed(0)} hours` : `${(minutes / 1440).toFixed(0)} days`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
