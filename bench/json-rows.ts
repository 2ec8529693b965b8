import type { Row } from './compete.ts';

/** The keys of a row in the JSON file, as the benchmark documents them. Readers rely on these and no others. */
const keys = [
  'trace',
  'footing',
  'boot',
  'meanDemand',
  'policy',
  'knobs',
  'violation',
  'costOverOracle',
  'thetaU',
  'thetaO',
  'tauU',
  'tauO',
  'adaptationsPerDay',
  'recoveryMinutes',
  'hindsightCostOverOracle',
] as const satisfies (keyof Row)[];

/** Rows as the text of the JSON file: without what only the verdict needs. */
export function jsonRows(rows: Row[]): string {
  const documented = rows.map((row) => Object.fromEntries(keys.map((key) => [key, row[key]])));
  return `${JSON.stringify(documented, null, 2)}\n`;
}
