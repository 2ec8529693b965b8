import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readTrace } from '../simulate/world/trace.ts';
import { atEqualCost } from './at-equal-cost.ts';
import { compete, type Row } from './compete.ts';
import { contenders } from './contenders.ts';
import { familyNames, familyRecordings } from './families.ts';
import { goalsOf } from './goals.ts';
import { jsonRows } from './json-rows.ts';
import { picture } from './picture.ts';
import { promisableBefore } from './promisable.ts';
import { prepareCase, type Recording } from './protocol.ts';
import type { Footing } from './service-model.ts';
import { caseTable, goalLines, gridLines, standingLines } from './table.ts';
import { type Standing, standing } from './verdict.ts';

type Pair = readonly [boot: number, mean: number];

/**
 * `npm run bench -- traces [DIR]`: all policies on every CSV of a folder and of those in it, or on generated families of load without
 * one. The full run plays both footings, every boot time at a mean demand of 20 and every mean demand at a boot time of 3 minutes;
 * `--quick` only where they meet. The exit code is 1 where the promise is broken that some rival keeps.
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
      footing: { type: 'string', default: 'late,fresh' },
      family: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const boots = numbers(values.boot ?? (values.quick ? '3' : '1,3,5'), 'boot');
  const means = numbers(values.mean ?? (values.quick ? '20' : '5,20,100'), 'mean');
  const [folder] = positionals;
  const recordings = folder ? readFolder(folder) : familyRecordings(values.family?.split(',') ?? familyNames);
  console.log(`${gridLines(contenders)}\n`);
  const cases = footings(values.footing).flatMap((footing) =>
    playAll(recordings, footing, pairs(boots, means)),
  );
  if (values.json) writeFileSync(values.json, jsonRows(cases.flat()));
  if (values.picture) writeFileSync(values.picture, picture(cases));
}

/** Plays every recording on one footing and prints every case, where ours stands, and the goals. */
function playAll(recordings: readonly Recording[], footing: Footing, played: readonly Pair[]): Row[][] {
  const cases: Row[][] = [];
  const standings: Standing[] = [];
  for (const recording of recordings) {
    for (const [boot, mean] of played) {
      console.error(`${recording.name}, ${footing}, boot ${boot}, mean demand ${mean} …`);
      const workload = prepareCase(recording, boot, mean, footing);
      const rows = compete(workload, contenders);
      console.log(`${caseTable(rows)}\n`);
      cases.push(rows);
      const equalCost = ({ costOverOracle }: Row) =>
        atEqualCost(workload, costOverOracle * workload.oracleCost.test).violation;
      standings.push(standing(rows, equalCost, promisableBefore(workload)));
    }
  }
  console.log(`Rushhour against the rivals, ${footing}, cost ÷ cost:\n${standingLines(standings)}\n`);
  console.log(`The goals, ${footing}, ${standings.length} cases:\n${goalLines(goalsOf(standings))}\n`);
  if (standings.some(({ judged, keepsPromise }) => judged && !keepsPromise)) process.exitCode = 1;
  return cases;
}

function readFolder(folder: string): Recording[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.csv'),
  );
  if (files.length === 0) throw new Error(`${folder}: found no .csv; expected traces "timestamp,<column>"`);
  return files.sort().map((file) => {
    const trace = readTrace(join(folder, file));
    for (const repair of trace.repairs) console.error(`${file}: ${repair}`);
    return { name: basename(file, '.csv'), ...trace };
  });
}

function footings(asked: string): Footing[] {
  return asked.split(',').map((footing) => {
    if (footing === 'late' || footing === 'fresh') return footing;
    throw new Error(`--footing: found "${footing}"; expected late, fresh or both, separated by a comma`);
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
function pairs(boots: number[], means: number[]): Pair[] {
  const middle = (values: number[]) => values[Math.floor((values.length - 1) / 2)]!;
  return boots
    .flatMap((boot) => means.map((mean): Pair => [boot, mean]))
    .filter(([boot, mean]) => boot === middle(boots) || mean === middle(means));
}
