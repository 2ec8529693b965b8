import { promise, type Row } from './compete.ts';
import type { Contender } from './contenders.ts';
import type { Knobs } from './knobs.ts';
import { geometricMean, type Standing } from './verdict.ts';

const columns = [
  'policy',
  'knobs',
  'V %',
  'cost÷oracle',
  'θU %',
  'θO %',
  'τU %',
  'τO %',
  'adapt./day',
  'recovery min',
  'in hindsight',
];

/** The grids, so that a reader sees that every search was of comparable size. */
export function gridLines(contenders: Contender[]): string {
  const values = (grid: Knobs[], knob: string) => [...new Set(grid.map((knobs) => knobs[knob]))].join(' ');
  const lines = contenders.map(({ name, grid }) => {
    const knobs = Object.keys(grid[0]!).map((knob) => `${knob} ${values(grid, knob)}`);
    return `  ${name} (${grid.length}): ${knobs.join(' × ')}`;
  });
  return ['Knobs that each policy is tuned over, on the training half:', ...lines].join('\n');
}

/** One case as a table. A policy that breaks the promise on the test half is marked. */
export function caseTable(rows: Row[]): string {
  const { trace, boot, meanDemand, judged } = rows[0]!;
  const title = `${trace}: a launch takes ${boot} min, mean demand ${meanDemand}${judged ? '' : ' (a week or less: not judged)'}`;
  const cells = rows.map((row) => [
    row.policy,
    Object.entries(row.knobs)
      .map(([knob, value]) => `${knob} ${value}`)
      .join(', '),
    `${percent(row.violation)}${row.violation > promise ? ' ✗' : ''}`,
    row.costOverOracle.toFixed(3),
    ...[row.thetaU, row.thetaO, row.tauU, row.tauO].map((value) => (100 * value).toFixed(2)),
    row.adaptationsPerDay.toFixed(0),
    row.recoveryMinutes.toFixed(1),
    row.hindsightCostOverOracle?.toFixed(3) ?? '-',
  ]);
  return [title, ...align([columns, ...cells])].join('\n');
}

/** Where ours stands against the goals. */
export function verdictLines(standings: Standing[]): string {
  const judged = standings.filter((standing) => standing.judged);
  const cells = standings.map(({ ours, rival, ...standing }) => [
    `${ours.trace} B=${ours.boot} mean=${ours.meanDemand}`,
    standing.keepsPromise ? `V ${percent(ours.violation)} %` : `V ${percent(ours.violation)} % ✗`,
    rival ? `${standing.overRival!.toFixed(3)} of ${rival.policy}` : 'no rival keeps the promise',
    standing.overHindsight ? `${standing.overHindsight.toFixed(3)} of the best in hindsight` : '',
    `${standing.overDefault.toFixed(3)} of TT 50 %`,
    standing.calm ? 'calm' : 'more adaptations than TT k=0.9',
    standing.violationOverHpa === undefined
      ? ''
      : `${standing.violationOverHpa.toFixed(2)} × HPA's violation at its cost`,
    standing.judged ? '' : 'not judged',
  ]);
  const mean = (of: (standing: Standing) => number | undefined) =>
    geometricMean(judged.map(of).filter((value) => value !== undefined))?.toFixed(3) ?? '-';
  return [
    'Rushhour against the rivals, cost ÷ cost:',
    ...align(cells),
    `Geometric means over ${judged.length} judged: ${mean((s) => s.overRival)} of the best valid rival (goal 0.94), ` +
      `${mean((s) => s.overHindsight)} of the best in hindsight, ${mean((s) => s.overDefault)} of target tracking at 50 % ` +
      `(${mean((s) => s.overDefaultAtSeventy)} where it scales in at 0.7 of it; goal 0.68).`,
  ].join('\n');
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
