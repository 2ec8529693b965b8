import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { generateLoad, lunchDayShape } from '../local/world/generator.ts';
import { score } from './metrics.ts';
import { play } from './service-model.ts';

const YEAR_MINUTES = 365 * 1440;
const ROUNDS = 20;

/**
 * `npm run bench -- loop`: group-minutes a second on one core for the bare loop, which is the service model under a policy that
 * follows the load without thinking.
 */
export function run(args: string[]): void {
  const { values } = parseArgs({ args, options: { json: { type: 'string' } } });
  const groupMinutesPerSecond = { bare: bareRate() };
  console.log(`bare loop: ${(groupMinutesPerSecond.bare / 1e6).toFixed(1)} million group-minutes a second`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ groupMinutesPerSecond }, null, 2)}\n`);
}

function bareRate(): number {
  const load = generateLoad(lunchDayShape, { seed: 1, minutes: YEAR_MINUTES }).map(
    (requests) => requests / 2000,
  );
  const workload = { load, bootMinutes: 3 };
  const follow = () =>
    play(workload, (fleet) => (fleet.visible < 0 ? fleet.desired : Math.ceil(load[fleet.visible]! * 1.5)));
  const span = { from: 0, to: YEAR_MINUTES };
  score(load, follow(), span);
  const started = performance.now();
  for (let round = 0; round < ROUNDS; round++) follow();
  return Math.round((ROUNDS * YEAR_MINUTES * 1000) / (performance.now() - started));
}
