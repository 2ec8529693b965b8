import { stringify } from 'yaml';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { minutesPerDay } from '../../shared/units.ts';
import { unmeasured } from '../../simulate/measure.ts';
import { percent } from '../percent.ts';
import { table } from '../print.ts';
import { type Assumption, assumptionsText } from '../simulate/assumptions.ts';
import type { LoadHistory } from '../simulate/load-source.ts';
import { observedSentence } from '../simulate/observed-sentence.ts';
import { styled } from '../terminal.ts';
import { promisable } from './promisable.ts';
import { baselineOf, frontOf, type Outcome, type SearchResult, type Tried } from './search.ts';

/** What a search has found. */
export interface Finding {
  readonly fleet: Fleet;
  readonly group: string;
  /** The group as the fleet file has it, without defaults. */
  readonly file: object;
  readonly history: LoadHistory;
  readonly assumed: ReadonlyMap<string, Assumption>;
  readonly result: SearchResult;
  readonly best: Tried;
  /** Share of the demand that may stay unserved. */
  readonly promise: number;
}

/** The front, the choice, its saving and its risk, and its lines for the fleet file. */
export function resultText(finding: Finding): string {
  const { fleet, group, history, assumed, best } = finding;
  const parts = [
    ...[assumptionsText(assumed), historyText(finding), ...history.remarks].map((line) =>
      styled('dim', line),
    ),
    ...(fleet.groups[group]!.mode === 'observe' ? [styled('yellow', `${group}: ${observedSentence}.`)] : []),
    ...unmeasured(fleet.groups[group]!).map((each) =>
      styled('yellow', `As it is: ${each}, which no load tells: here it stays silent.`),
    ),
    ...beyondText(finding),
    ...promisableText(finding),
    '',
    'What nothing else beat at both cost and unserved demand on the days to choose by, and what there is now; then the days that prove it.',
    frontText(finding),
    '',
    verdict(finding),
    '',
    fleetLines(group, finding.file, best),
  ];
  return parts.join('\n').trimEnd();
}

function historyText({ history, result: { tried, split, interrupted } }: Finding): string {
  const days = ({ from, to }: { from: number; to: number }) => ((to - from) / minutesPerDay).toFixed(0);
  const { training, test } = split;
  const parts = `${days({ from: 0, to: training.from })} days to learn from, ${days(training)} to choose by, ${days(test)} to prove it`;
  return `${history.name}: ${parts}; ${tried.length} policies tried${interrupted ? ', then interrupted' : ''}`;
}

function beyondText({ fleet, group, best: { training, rest } }: Finding): string[] {
  const beyond = Math.max(training.beyondMaxSize, rest.beyondMaxSize);
  if (beyond === 0) return [];
  const { maxSize } = fleet.groups[group]!;
  return [
    styled(
      'yellow',
      `Up to ${percent(beyond)} of the demand is beyond maxSize (${maxSize}), whatever the policy.`,
    ),
  ];
}

/** What nobody could promise is said before it is broken. */
function promisableText(finding: Finding): string[] {
  const share = promisableBefore(finding);
  if (share <= finding.promise) return [];
  const wanted = percent(finding.promise);
  return [
    styled(
      'yellow',
      `By the days before the proof no objective can promise ${wanted}, but ${percent(share)}: what comes is faster than a launch.`,
    ),
  ];
}

function promisableBefore({ fleet, group, history, promise, result: { split } }: Finding): number {
  return promisable(fleet, group, history, promise, split.test.from);
}

/** What nothing else beats at both cost and unserved demand, and what there is: where it was chosen, and where it is proved. */
function frontText({ fleet, group, result: { tried }, best, promise }: Finding): string {
  const price = fleet.groups[group]!.pricePerServerHour;
  const shown = [...new Set([...frontOf(tried), baselineOf(tried)])];
  const told = ({ serverHours, unserved }: Outcome) => [
    serverHours.toFixed(0),
    `${percent(unserved)}${unserved > promise ? ' ✗' : ''}`,
  ];
  const rows = shown
    .sort((one, other) => one.training.serverHours - other.training.serverHours)
    .map((one) => [
      one === best ? styled('green', '→') : ' ',
      one.candidate.name,
      ...told(one.training),
      ...told(one.rest),
      (one.rest.serverHours * price).toFixed(2),
      one.rest.changesPerDay.toFixed(0),
    ]);
  const headings = ['server-hours', 'unserved', 'then: server-hours', 'unserved', 'cost', 'changes a day'];
  return table(rows, [' ', 'policy', ...headings]);
}

function verdict({ result: { tried }, best, promise }: Finding): string {
  const baseline = baselineOf(tried);
  if (best === baseline) return 'Leave it as it is: nothing that was tried is cheaper and keeps the promise.';
  const { rest, training, candidate } = best;
  const saved = 1 - rest.serverHours / baseline.rest.serverHours;
  const change = saved >= 0 ? `saves ${percent(saved)}` : `costs ${percent(-saved)} more`;
  const before = percent(baseline.rest.unserved);
  const held = rest.unserved <= promise ? 'It kept the promise' : 'It did not keep the promise';
  return [
    `${styled('bold', candidate.name)} ${change} of the server-hours against the fleet file as it is, which left ${before} unserved.`,
    `${held} on days that it was not chosen by: ${percent(rest.unserved)} unserved (${percent(training.unserved)} where it was chosen), ${percent(rest.worstDay)} on the worst day.`,
  ].join('\n');
}

/**
 * Lines for the fleet file, each in the place of what has its name there; what is there and not named any more is to be taken out.
 * @param file the group as the fleet file has it now
 */
function fleetLines(group: string, file: object, { candidate }: Tried): string {
  const entries = Object.entries(candidate.lines).filter(
    ([key, value]) => value !== undefined || Object.hasOwn(file, key),
  );
  if (entries.length === 0) return '';
  const kept = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const gone = entries.filter(([, value]) => value === undefined).map(([key]) => key);
  const yaml = stringify({ groups: { [group]: kept } }, { lineWidth: 110 }).trimEnd();
  return gone.length > 0 ? `${yaml}\n    # and without: ${gone.join(', ')}` : yaml;
}

/** The same for programs. */
export function resultJson(finding: Finding): object {
  const { fleet, file, group, history, assumed, result, best, promise } = finding;
  const { tried, split, interrupted } = result;
  const shown = ({ candidate: { name, lines }, training, rest }: Tried) => ({ name, lines, training, rest });
  return {
    group,
    load: { name: history.name, start: new Date(history.start).toISOString(), remarks: history.remarks },
    assumed: Object.fromEntries(assumed),
    observed: fleet.groups[group]!.mode === 'observe',
    promise,
    promisable: promisableBefore(finding),
    unmeasured: unmeasured(fleet.groups[group]!),
    minutes: split,
    interrupted,
    recommended: { ...shown(best), fleetFile: fleetLines(group, file, best) },
    asItIs: shown(baselineOf(tried)),
    front: frontOf(tried).map(shown),
    tried: tried.map(shown),
  };
}
