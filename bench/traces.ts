import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readTrace } from '../simulate/world/trace.ts';
import { atEqualCost } from './at-equal-cost.ts';
import { compete, type Row } from './compete.ts';
import { type Contender, contenders, ourName } from './contenders.ts';
import { generatedRecordings } from './generated.ts';
import { jsonRows } from './json-rows.ts';
import { picture } from './picture.ts';
import { type Case, prepareCase, type Recording } from './protocol.ts';
import { caseTable, gridLines, verdictLines } from './table.ts';
import { type Standing, standing } from './verdict.ts';

/**
 * `npm run bench -- traces [DIR]`: all policies on every CSV of a folder, or on generated days without one. The full run plays
 * every boot time at a mean demand of 20 and every mean demand at a boot time of 3 minutes; `--quick` only
 * where they meet, over thinner grids.
 */
export function run(args: string[]): void {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      picture: { type: 'string' },
      boot: { type: 'string' },
      mean: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const boots = numbers(values.boot ?? (values.quick ? '3' : '1,3,5'), 'boot');
  const means = numbers(values.mean ?? (values.quick ? '20' : '5,20,100'), 'mean');
  const field = contenders(values.quick);
  const ours = field.find(({ name }) => name.startsWith(ourName))!;
  const recordings = positionals[0] ? readFolder(positionals[0]) : generatedRecordings();
  console.log(`${gridLines(field)}\n`);
  const cases: Row[][] = [];
  const standings: Standing[] = [];
  for (const recording of recordings) {
    for (const [boot, mean] of pairs(boots, means)) {
      console.error(`${recording.name}, boot ${boot}, mean demand ${mean} …`);
      const workload = prepareCase(recording, boot, mean);
      const rows = compete(workload, field);
      console.log(`${caseTable(rows)}\n`);
      cases.push(rows);
      standings.push(standing(rows, (rival) => oursAtCostOf(rival, ours, workload)));
    }
  }
  console.log(verdictLines(standings));
  if (values.json) writeFileSync(values.json, jsonRows(cases.flat()));
  if (values.picture) writeFileSync(values.picture, picture(cases));
}

function oursAtCostOf(rival: Row, { grid }: Contender, workload: Case): number {
  const { oracleCost } = workload;
  return atEqualCost(workload, grid, {
    training: rival.training.costOverOracle * oracleCost.training,
    test: rival.costOverOracle * oracleCost.test,
  }).violation;
}

function readFolder(folder: string): Recording[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.csv'));
  if (files.length === 0) throw new Error(`${folder}: found no .csv; expected traces "timestamp,<column>"`);
  return files.sort().map((file) => {
    const trace = readTrace(join(folder, file));
    for (const repair of trace.repairs) console.error(`${file}: ${repair}`);
    return { name: basename(file, '.csv'), ...trace };
  });
}

function numbers(list: string, option: string): number[] {
  const found = list.split(',').map(Number);
  if (found.some((value) => !Number.isInteger(value) || value < 1)) {
    throw new Error(`--${option}: found "${list}"; expected whole numbers from 1, separated by commas`);
  }
  return found;
}

/** Every boot time at the middle mean, every mean at the middle boot time. */
function pairs(boots: number[], means: number[]): [boot: number, mean: number][] {
  const middle = (values: number[]) => values[Math.floor((values.length - 1) / 2)]!;
  return boots
    .flatMap((boot) => means.map((mean): [number, number] => [boot, mean]))
    .filter(([boot, mean]) => boot === middle(boots) || mean === middle(means));
}
