import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { bundling } from '../infra/bundling.ts';
import { type Fleet, fleet as fleetSchema } from '../shared/fleet/fleet.ts';
import { LoopbackCloud } from './functions/loopback-cloud.ts';
import { median } from './functions/median.ts';
import type { SweepAt, Swept } from './services/sweeper.ts';

const clusters = 20;
const services = 500;
const rounds = 9;
const goals = {
  seconds: 10,
  megabytes: 256,
  describeServices: clusters * Math.ceil(services / clusters / 10),
};

/**
 * `npm run bench -- services`: a sweep of 500 quiet services of ECS in 20 clusters, over loopback against the local cloud: its calls,
 * its time, and the memory of its process. Fails where a goal is missed.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'string' } } });
  const { calls, ms, megabytes } = await measure(fleetOfServices());
  const made = Object.entries(calls).map(([operation, times]) => `${times} ${operation}`);
  console.log(
    `sweep of ${services} services in ${clusters} clusters: ${ms.toFixed(0)} ms, median of ${rounds}`,
  );
  console.log(`calls: ${made.join(', ')}`);
  console.log(`memory of the process, at its most: ${megabytes} MB`);
  const isMet =
    ms <= goals.seconds * 1000 &&
    megabytes <= goals.megabytes &&
    (calls['DescribeServices'] ?? 0) <= goals.describeServices;
  console.log(isMet ? 'All within the goals.' : `A goal is missed: ${JSON.stringify(goals)}`);
  if (!isMet) process.exitCode = 1;
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ services: { calls, ms, megabytes } }, null, 2)}\n`);
}

async function measure(fleet: Fleet) {
  await using cloud = await LoopbackCloud.open(fleet);
  await using sweeper = await Sweeper.start(cloud.url);
  const { settings } = cloud;
  // The first meets the services, and looks at each closely, for they are young.
  await sweeper.sweep({ now: cloud.now, fleet, settings });
  await cloud.advance(3600);
  await sweeper.sweep({ now: cloud.now });
  const calls = await cloud.callsOf(() => sweeper.sweep({ now: cloud.now }));
  const all: Swept[] = [];
  for (let round = 0; round < rounds; round++) {
    await cloud.advance(60);
    all.push(await sweeper.sweep({ now: cloud.now }));
  }
  return { calls, ms: median(all.map(({ ms }) => ms)), megabytes: all.at(-1)!.megabytes };
}

/** The engine and the adapters, bundled as the functions are, in a process of their own. */
class Sweeper implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  static async start(AWS_ENDPOINT_URL: string): Promise<Sweeper> {
    const folder = await mkdtemp(join(tmpdir(), 'rushhour-services-'));
    // Providers are imported late, and lie in a file each beside a function; here they are within.
    const external = ['@smithy/core/event-streams'];
    const entryPoints = ['bench/services/sweeper.ts'];
    await build({ ...bundling, external, entryPoints, outdir: folder });
    const env = { ...process.env, AWS_ENDPOINT_URL };
    return new Sweeper(fork(join(folder, 'sweeper.mjs'), { env, execArgv: [] }), folder);
  }

  async sweep(at: SweepAt): Promise<Swept> {
    const answered = once(this.#child, 'message', { signal: AbortSignal.timeout(120_000) });
    this.#child.send(at);
    return (await answered)[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function fleetOfServices(): Fleet {
  const lunch = { start: '0 11 * * MON-FRI', end: '0 13 * * MON-FRI', scalingAdjustment: 2 };
  const names = Array.from({ length: services }, (_, index) => index);
  return fleetSchema.parse({
    name: 'bench',
    groups: Object.fromEntries(
      names.map((index) => [
        `s${index}`,
        {
          ecs: { cluster: `cluster-${index % clusters}`, service: `s${index}` },
          minSize: 1,
          maxSize: 10,
          schedules: { lunch },
        },
      ]),
    ),
  });
}
