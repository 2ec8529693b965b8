import { parseArgs } from 'node:util';
import { drawPlan } from './chaos/plan.ts';
import { play } from './chaos/play.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
});
const t = Date.now();
let steps = 0,
  v = 0;
const kinds = new Map<string, number>();
for (let i = 0; i < Number(values.runs); i++) {
  const seed = Number(values.seed) + i;
  const played = await play(drawPlan(seed));
  steps += played.steps;
  if (played.violations.length) {
    v++;
    const x = played.violations[0]!;
    if (v < 15) console.log(seed, x.invariant, new Date(x.at).toISOString(), x.message);
    const k =
      x.invariant +
      ' ' +
      x.message
        .replace(/[\d]+/g, 'N')
        .replace(/\w+ N → N/, '')
        .slice(-70);
    kinds.set(k, (kinds.get(k) ?? 0) + 1);
  }
}
console.log([...kinds].sort((a, b) => b[1] - a[1]).slice(0, 25));
console.log(`${values.runs} runs, ${steps} steps, ${v} violations`, (Date.now() - t) / 1000);
