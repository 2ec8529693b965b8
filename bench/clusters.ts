import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { GroupsFailed } from '../shared/engine/groups-failed.ts';
import { ManyWorkloads } from './clusters/many-workloads.ts';
import { median } from './functions/median.ts';

const workloads = 100;
const names = ['one', 'two', 'three'];
const rounds = 9;
/** Of each of two namespaces: deployments, StatefulSets, pods, autoscalers, and what pods use. */
const goals = { calls: names.length * 2 * 5, hangSeconds: 5.5, otherSeconds: 2 };

/**
 * `npm run bench -- clusters`: a sweep of 100 quiet workloads of Kubernetes in three clusters, over loopback: its calls and its time, and
 * what a cluster that hangs costs its own groups and the others. Fails where a goal is missed.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'string' } } });
  await using many = await ManyWorkloads.open(workloads, names);
  // The first meets them.
  await many.sweep();
  await many.advance(600);
  const calls = await many.callsOf(() => many.sweep());
  const counted = [...calls.values()].flat().length;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await many.advance(60);
    times.push(await secondsOf(() => many.sweep()));
  }
  const hang = await hanging(many);
  console.log(
    `sweep of ${workloads} workloads in ${names.length} clusters: ${(1000 * median(times)).toFixed(0)} ms, median of ${rounds}`,
  );
  console.log(`calls: ${counted}, ${[...calls.values()].map(({ length }) => length).join(' + ')}`);
  console.log(
    `one cluster hangs: the others were read after ${hang.others.toFixed(1)} s, its own ${hang.failed} groups were given up after ${hang.all.toFixed(1)} s`,
  );
  const isMet = counted <= goals.calls && hang.all <= goals.hangSeconds && hang.others <= goals.otherSeconds;
  console.log(isMet ? 'All within the goals.' : `A goal is missed: ${JSON.stringify(goals)}`);
  if (!isMet) process.exitCode = 1;
  if (values.json) {
    const figures = { calls: counted, ms: 1000 * median(times), hang };
    writeFileSync(values.json, `${JSON.stringify({ clusters: figures }, null, 2)}\n`);
  }
}

/** Seconds until the others' last call, and until all is done. */
async function hanging(many: ManyWorkloads) {
  await many.advance(60);
  const started = performance.now();
  let others = 0;
  for (const [name, endpoint] of many.endpoints) {
    endpoint.disturb = () => {
      if (name === names[0]) return 'hang';
      others = (performance.now() - started) / 1000;
      return undefined;
    };
  }
  let failed = 0;
  const all = await secondsOf(() =>
    many.sweep().catch((error: GroupsFailed) => {
      failed = error.groups.length;
    }),
  );
  return { others, all, failed };
}

async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1000;
}
