import { writeFile } from 'node:fs/promises';
import { wholeCloud } from '@rushhour/local-aws';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { Zone } from '../shared/schedule/zone.ts';
import { dayMs, minuteMs } from '../shared/units.ts';
import { AlibabaGroups } from './alibaba/alibaba-groups.ts';
import { confirmMail } from './confirm-mail.ts';
import { drawDay } from './day/day-picture.ts';
import { recordDay, writeDay } from './day/day-record.ts';
import { FlashCrowds } from './day/flash-crowds.ts';
import { killServer } from './day/kill-server.ts';
import { openConsole } from './day/open-console.ts';
import { DayPlayer } from './day/player.ts';
import type { Playground } from './day/playground.ts';
import type { Elsewhere } from './day/servers-of.ts';
import { Storyteller } from './day/storyteller.ts';
import { traceDay } from './day/trace-day.ts';
import { unplayedMetrics } from './day/unplayed-metrics.ts';
import { deployFleet } from './deploy-fleet.ts';
import { readFleetFile } from './fleet-file.ts';
import { fleetWorld, generatedDay, type Load, provideForFleet } from './fleet-world.ts';
import { Clusters } from './kubernetes/clusters.ts';
import { PodTraffic } from './kubernetes/pod-traffic.ts';
import { onSignal } from './run-program.ts';
import type { StartOptions } from './start-options.ts';
import { TencentGroups } from './tencent/tencent-groups.ts';

/** The fleet is deployed before the day begins. */
const leadMs = 20 * 60 * 1000;
const region = 'us-east-1';

/**
 * Plays a fleet's day, from the synthesized templates to the last server. Where the cloud stays up afterwards, this returns and a signal
 * ends it.
 * @throws InvalidFleet, Error with a sentence
 */
export async function playDay(options: StartOptions): Promise<void> {
  const fleet = await readFleetFile(options.fleet);
  const day = options.day ?? fleet.simulation.day;
  const zone = new Zone(fleet.timeZone);
  const start = zone.instantFrom(Date.parse(`${day}T00:00:00Z`));
  const end = zone.instantFrom(Date.parse(`${day}T00:00:00Z`) + dayMs);
  const loadOf = await loadsOf(fleet, options, start, end);
  const maxSizes = new Map(Object.entries(fleet.groups).map(([name, { maxSize }]) => [name, maxSize]));
  const story = new Storyteller(process.stdout, fleet.timeZone, maxSizes);
  story.say(
    `Fleet ${fleet.name}, ${day} (${fleet.timeZone}), seed ${fleet.simulation.seed}. Synthesizing and deploying …`,
  );
  for (const [name, group] of Object.entries(fleet.groups))
    for (const metric of unplayedMetrics(group))
      story.say(
        `! ${name} goes by ${metric}, which nobody publishes in this day: what goes by it stays silent.`,
      );

  const crowds = new FlashCrowds(loadOf);
  const world = fleetWorld(fleet, (group) => crowds.loadOf(group));
  const traffic = new PodTraffic(world);
  const local = wholeCloud({ start: start - leadMs, region, seed: fleet.simulation.seed }, traffic);
  const clusters = await Clusters.open(local, fleet, traffic, options.autoscaled);
  const tencent = await TencentGroups.open(local, fleet, world);
  const alibaba = await AlibabaGroups.open(local, fleet, world);
  const elsewhere = together(traffic, clusters, [tencent, alibaba]);
  const endpoint = new Endpoint(local.cloud);
  const close = async () => {
    await local.cloud.close();
    await endpoint.close();
    await clusters[Symbol.asyncDispose]();
    await tencent[Symbol.asyncDispose]();
    await alibaba[Symbol.asyncDispose]();
  };
  try {
    provideForFleet(local, fleet);
    const url = await endpoint.listen(options.port);
    await deployFleet(local.cloud, options.fleet);
    await confirmMail(local);
    const playground = { fleet, local, world, crowds, elsewhere };
    if (options.kill) orderDeath(options.kill, playground, start);
    const played = await new DayPlayer(local, fleet, elsewhere, loadOf).play(start, end, story);
    const { name, timeZone, simulation } = fleet;
    const record = recordDay(
      { fleet: name, day, timeZone, seed: simulation.seed },
      played.samples,
      played.activities,
    );
    story.summary(record);
    if (options.json) await writeFile(options.json, writeDay(record));
    if (options.picture) await writeFile(options.picture, drawDay(record, fleet));
    if (!options.once) return await stayUp(playground, url, story, close);
  } catch (error) {
    await close();
    throw error;
  }
  await close();
}

/** Pods and servers of other clouds serve beside those of the local cloud, in one world. */
function together(
  traffic: PodTraffic,
  clusters: Clusters,
  others: readonly (TencentGroups | AlibabaGroups)[],
): Elsewhere {
  const pods = traffic.placements;
  traffic.placements = () => [...pods(), ...others.flatMap((other) => other.placements())];
  traffic.heard = (start, minute) => {
    for (const other of others) other.heard(start, minute);
  };
  const elsewhere = (name: string) => others.map((other) => other.serversOf(name)).find((found) => found);
  return { serversOf: (name) => clusters.serversOf(name) ?? elsewhere(name) };
}

/** @throws Error when the fleet has no such group */
function orderDeath(
  { group, minute }: NonNullable<StartOptions['kill']>,
  playground: Playground,
  start: number,
): void {
  const { fleet, local } = playground;
  if (!Object.hasOwn(fleet.groups, group)) throw new Error(`--kill: the fleet has no group ${group}`);
  local.cloud.eventQueue.at(start + minute * minuteMs, `a server of ${group} dies`, () => {
    killServer(playground, group);
  });
}

/** In real time from now on, with the console, until somebody interrupts. */
async function stayUp(
  playground: Playground,
  url: string,
  story: Storyteller,
  close: () => Promise<void>,
): Promise<void> {
  playground.local.cloud.eventQueue.follow();
  const environment = environmentOf(url, playground);
  Object.assign(process.env, environment);
  const page = await openConsole(playground);
  story.say(afterwards(url, page.url, environment));
  const stop = () => void page.close().then(close);
  onSignal(stop);
}

/** With which any AWS client uses this cloud, and whoever looks from another terminal finds the other clouds of this day. */
function environmentOf(url: string, { local }: Playground): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    // Older AWS CLIs read this one only.
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...local.cloud.functionVariables,
  };
}

async function loadsOf(
  fleet: Fleet,
  { trace, day }: StartOptions,
  start: number,
  end: number,
): Promise<(group: string) => Load> {
  const names = Object.keys(fleet.groups);
  const minutes = (end - start) / minuteMs;
  const loads =
    trace !== undefined
      ? traceDay(trace, day, fleet, start, minutes)
      : new Map(names.map((name) => [name, generatedDay(fleet, name)]));
  return (group) => loads.get(group)!;
}

function afterwards(url: string, consoleUrl: string, environment: Readonly<Record<string, string>>): string {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return [
    '',
    `The console is at ${consoleUrl}`,
    '',
    `The cloud stays up, in real time, at ${url}. In another terminal:`,
    '',
    `  export ${settings.join(' ')}`,
    '  npx rushhour status',
    `  aws --endpoint-url ${url} autoscaling describe-auto-scaling-groups --output table`,
    '',
    'Ctrl-C ends it.',
  ].join('\n');
}
