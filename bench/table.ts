import { promise, type Row } from './compete.ts';
import type { Contender } from './contenders.ts';
import type { Goal } from './goals.ts';
import type { Knobs } from './knobs.ts';
import type { Standing } from './verdict.ts';

const columns = [
  'policy',
  'in hindsight',
  'V %',
  'cost÷oracle',
  'knobs',
  'θU %',
  'θO %',
  'τU %',
  'τO %',
  'adapt./day',
  'recovery min',
];

/** The grids, so that a reader sees that every search was of comparable size. */
export function gridLines(contenders: readonly Contender[]): string {
  const values = (grid: Knobs[], knob: string) => [...new Set(grid.map((knobs) => knobs[knob]))].join(' ');
  const lines = contenders.map(({ name, grid }) => {
    const knobs = Object.keys(grid[0]!).map((knob) => `${knob} ${values(grid, knob)}`);
    return `  ${name} (${grid.length}): ${knobs.join(' × ') || 'tuned to nothing'}`;
  });
  return ['Knobs that each policy is tuned over, on the training half:', ...lines].join('\n');
}

/** One case as a table. A policy that breaks the promise on the test half is marked. */
export function caseTable(rows: Row[]): string {
  const { trace, footing, boot, meanDemand, judged } = rows[0]!;
  const title = `${trace}, ${footing}: a launch takes ${boot} min, mean demand ${meanDemand}${judged ? '' : ' (a week or less: not judged)'}`;
  const cells = rows.map((row) => [
    row.policy,
    row.hindsightCostOverOracle?.toFixed(3) ?? '-',
    `${percent(row.violation)}${row.violation > promise ? ' ✗' : ''}`,
    row.costOverOracle.toFixed(3),
    Object.entries(row.knobs)
      .map(([knob, value]) => `${knob} ${value}`)
      .join(', '),
    ...[row.thetaU, row.thetaO, row.tauU, row.tauO].map((value) => (100 * value).toFixed(2)),
    row.adaptationsPerDay.toFixed(0),
    row.recoveryMinutes.toFixed(1),
  ]);
  return [title, ...align([columns, ...cells])].join('\n');
}

/** Where ours stands on each case, in hindsight first. */
export function standingLines(standings: readonly Standing[]): string {
  const cells = standings.map(({ ours, rival, ...standing }) => [
    `${ours.trace} B=${ours.boot} mean=${ours.meanDemand}`,
    `V ${percent(ours.violation)} %${standing.keepsPromise ? '' : rival ? ' ✗' : ' ✗ as everybody'}`,
    `${standing.overHindsight?.toFixed(3) ?? '-'} of the best in hindsight`,
    rival ? `${standing.overRival!.toFixed(3)} of ${rival.policy}` : 'no rival keeps the promise',
    standing.overDefault ? `${standing.overDefault.toFixed(3)} of TT 50 %` : '',
    `${ours.adaptationsPerDay.toFixed(0)} changes a day (${standing.moreChanges > 0 ? '+' : ''}${standing.moreChanges.toFixed(0)})`,
    standing.violationAtEqualCost === undefined
      ? ''
      : `${standing.violationAtEqualCost.toFixed(2)} × the best rival's V at its cost`,
    `promisable ${percent(standing.promisable)} %`,
    ours.judged ? '' : 'a week or less',
  ]);
  return align(cells).join('\n');
}

/** The goals of the page. */
export function goalLines(goals: readonly Goal[]): string {
  const cells = goals.map(({ goal, wanted, seen, met }) => [
    goal,
    `wanted ${wanted}`,
    seen,
    met === undefined ? 'nothing to judge' : met ? 'met' : 'missed',
  ]);
  return align(cells).join('\n');
}

function percent(share: number): string {
  return (100 * share).toFixed(3);
}

function align(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
}
