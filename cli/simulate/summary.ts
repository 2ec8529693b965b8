import { basename } from 'node:path';
import { unitsOf } from '../../shared/fleet/unit-of.ts';
import { english } from '../../shared/sentences/en.ts';
import { type Speaker, speaker } from '../../shared/sentences/speaker.ts';
import { minuteMs, minutesPerDay } from '../../shared/units.ts';
import { flappingSentence } from '../../simulate/flapping.ts';
import type { Shortage } from '../../simulate/shortages.ts';
import { percent } from '../percent.ts';
import { wallClock } from '../wall-clock.ts';
import { type Assumption, assumptionsText } from './assumptions.ts';
import type { LoadHistory } from './load-source.ts';
import { observedSentence } from './observed-sentence.ts';
import type { GroupStory, Played } from './story.ts';
import type { SummaryPart } from './summary-parts.ts';

const shortagesTold = 3;

/** A simulation in words and tables. */
export function summaryOf(
  played: readonly Played[],
  stories: readonly GroupStory[],
  history: LoadHistory,
  assumed: readonly ReadonlyMap<string, Assumption>[],
): SummaryPart[] {
  const { fleet } = played[0]!;
  const minutes = [...history.loads.values()][0]!.length;
  const { message } = speaker(english, fleet.timeZone, unitsOf(fleet));
  const dated = wallClock(fleet.timeZone, 0);
  const time = minutes > minutesPerDay ? dated : wallClock(fleet.timeZone, history.start);
  const heading = `${history.name}: ${days(minutes)} from ${dated(history.start)} ${fleet.timeZone}`;
  return [
    ...[...assumptionLines(played, assumed), heading, ...history.remarks].map(
      (words): SummaryPart => ({ kind: 'remark', words }),
    ),
    ...stories.flatMap((story) => groupParts(played, story, { time, message })),
  ];
}

/** One line, unless another fleet file assumes otherwise. */
function assumptionLines(
  played: readonly Played[],
  assumed: readonly ReadonlyMap<string, Assumption>[],
): string[] {
  const lines = assumed.map(assumptionsText);
  if (new Set(lines).size === 1) return lines.slice(0, 1);
  return lines.map((line, index) => `${basename(played[index]!.file)}: ${line}`);
}

interface Told {
  readonly time: (instant: number) => string;
  readonly message: Speaker['message'];
}

function groupParts(played: readonly Played[], story: GroupStory, told: Told): SummaryPart[] {
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
  const warnings = [
    ...(story.observed ? [observedSentence] : []),
    ...story.unmeasured.map((each) => `${each}, which no load tells: here it stays silent`),
    ...story.flapping.map(flappingSentence),
  ];
  return [
    { kind: 'group', words: story.group },
    ...warnings.map((words): SummaryPart => ({ kind: 'warning', words })),
    { kind: 'table', rows: facts },
    { kind: 'heading', words: 'What it costs, and what else would' },
    comparison(played, story),
    ...shortageParts(story, maxSize, told),
  ];
}

function comparison(
  played: readonly Played[],
  { group, yardsticks, pricePerServerHour }: GroupStory,
): SummaryPart {
  const own = played.flatMap(({ file, summaries }) => {
    const summary = summaries.get(group);
    return summary ? [{ name: file, ...summary }] : [];
  });
  const others = yardsticks.map((each) => ({ ...each, cost: each.serverHours * pricePerServerHour }));
  const rows = [...own, ...others].map(({ name, serverHours, cost, unserved }, index) => [
    name,
    serverHours.toFixed(0),
    cost.toFixed(2),
    percent(unserved),
    index === 0 ? '' : difference(own[0]!.cost, cost),
  ]);
  const headings = ['policy', 'server-hours', 'cost', 'unserved', `${basename(played[0]!.file)} costs`];
  return { kind: 'table', rows, headings };
}

/** What ours costs against theirs: two fleet files may have servers of different prices. */
function difference(ours: number, theirs: number): string {
  if (theirs === 0) return '';
  const saved = 1 - ours / theirs;
  return saved >= 0 ? `${percent(saved)} less` : `${percent(-saved)} more`;
}

function shortageParts({ shortages, remedies }: GroupStory, maxSize: number, words: Told): SummaryPart[] {
  if (shortages.length === 0) return [];
  const told = shortages.slice(0, shortagesTold);
  const rest = shortages.length - told.length;
  const rows = remedies.map(({ name, unserved, minutesShort, serverHours }) => [
    name,
    percent(unserved),
    String(minutesShort),
    serverHours.toFixed(0),
  ]);
  const headings = [
    'policy',
    'unserved then',
    'minutes short',
    'server-hours from a day before to a day after',
  ];
  return [
    { kind: 'heading', words: `Too few servers${rest > 0 ? `, and ${rest} smaller ones` : ''}` },
    ...told.map((each): SummaryPart => ({ kind: 'line', words: shortageWords(each, maxSize, words) })),
    { kind: 'heading', words: 'What would have changed the worst of it' },
    { kind: 'table', rows, headings },
  ];
}

function shortageWords(
  { from, to, needed, inService, share, answer }: Shortage,
  maxSize: number,
  { time, message }: Told,
): string {
  const lasted = `${time(from)} for ${Math.round((to - from) / minuteMs)} min`;
  const most = inService >= maxSize ? `${inService}, all that maxSize allows` : String(inService);
  const beyond = needed > maxSize && inService < maxSize ? `, more than maxSize ${maxSize} allows,` : '';
  const had = `needed ${needed.toFixed(1)} servers${beyond} and had ${most}, ${percent(share)} was not served in time`;
  const minutes = answer && Math.round((answer.startedAt - from) / minuteMs);
  const answered = answer
    ? `the first answer came after ${minutes} min: ${message(answer.group, answer, answer.startedAt)}`
    : 'nothing answered';
  return `${lasted}: ${had}; ${answered}`;
}

function meanUtilization(utilization: Float64Array): number {
  return utilization.reduce((sum, each) => sum + Math.min(1, each), 0) / utilization.length;
}

function days(minutes: number): string {
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 2880
    ? `${(minutes / 60).toFixed(0)} hours`
    : `${(minutes / minutesPerDay).toFixed(0)} days`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
