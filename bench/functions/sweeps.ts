import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { type Clients, makeClients } from '../../shared/aws/clients.ts';
import { awsPorts } from '../../shared/aws/ports.ts';
import { type Fleet, fleet as fleetSchema } from '../../shared/fleet/fleet.ts';
import { alarmName, scalingGroupName } from '../../shared/fleet/names.ts';
import { type House, openHouse } from '../../shared/house.ts';
import { reconcile } from '../../shared/reconcile.ts';
import { sweep } from '../../shared/sweep.ts';
import { LoopbackCloud } from './loopback-cloud.ts';
import { median } from './median.ts';

/** One quiet sweep beside the calls alone; medians. */
export interface SweepCost {
  readonly ms: number;
  readonly bareMs: number;
  /** Of one sweep, by operation. */
  readonly calls: Readonly<Record<string, number>>;
}

/** A warm look at one quiet group beside the calls alone; medians. */
export interface LookCost {
  readonly ms: number;
  readonly bareMs: number;
}

const sizes = [50, 100, 200, 500];
const rounds = 15;
const perCall = 100;

/** Sweeps of quiet fleets over loopback, each beside the very calls without anything around them, in turns. */
export async function sweepCosts(): Promise<{ sweep: Record<number, SweepCost>; look: LookCost }> {
  const largest = fleetOf(sizes.at(-1)!);
  const cloud = await LoopbackCloud.open(largest);
  try {
    const clients = makeClients({ endpoint: cloud.url });
    const costs: Record<number, SweepCost> = {};
    for (const groups of sizes) costs[groups] = await sweepCost(cloud, clients, fleetOf(groups));
    return { sweep: costs, look: await lookCost(cloud, clients) };
  } finally {
    await cloud.close();
  }
}

function fleetOf(size: number): Fleet {
  const alarm = {
    metric: 'cpu',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 70,
    period: 300,
    evaluationPeriods: 3,
    scalingAdjustment: 2,
  };
  const group = (name: string) => ({
    existing: name,
    minSize: 1,
    maxSize: 10,
    alarms: { 'cpu-high': alarm },
  });
  const names = Array.from({ length: size }, (_, index) => `g${index}`);
  return fleetSchema.parse({
    name: 'bench',
    groups: Object.fromEntries(names.map((name) => [name, group(name)])),
  });
}

async function sweepCost(cloud: LoopbackCloud, clients: Clients, fleet: Fleet): Promise<SweepCost> {
  const house = houseOn(cloud, clients, fleet);
  const endless = () => Number.POSITIVE_INFINITY;
  // The first sweeps meet the groups, and warm everything up.
  for (let warmUp = 0; warmUp < 3; warmUp++) await inTime(cloud, () => sweep(house, endless));
  const calls = await countedCalls(clients, () => inTime(cloud, () => sweep(house, endless)));
  const names = Object.keys(fleet.groups);
  const { ms, bareMs } = await inTurns(
    cloud,
    () => sweep(house, endless),
    () => bareCalls(clients, fleet, names),
  );
  return { ms, bareMs, calls };
}

async function lookCost(cloud: LoopbackCloud, clients: Clients): Promise<LookCost> {
  const fleet = fleetOf(1);
  const house = houseOn(cloud, clients, fleet);
  const look = () => reconcile(house, 'g0', { kind: 'sweep' });
  return inTurns(cloud, look, () => bareCalls(clients, fleet, ['g0']));
}

function houseOn(cloud: LoopbackCloud, clients: Clients, fleet: Fleet): House {
  const ports = awsPorts(clients, cloud.settings);
  return openHouse(fleet, { ...ports, clock: { now: () => cloud.now } });
}

/** The same calls in the same order: ledgers, then groups and alarms side by side. */
async function bareCalls(
  { dynamoDB, autoScaling, cloudWatch }: Clients,
  fleet: Fleet,
  names: readonly string[],
): Promise<void> {
  for (let start = 0; start < names.length; start += perCall) {
    const batch = names.slice(start, start + perCall);
    const Keys = batch.map((group) => ({ group: { S: group } }));
    await dynamoDB.send(
      new BatchGetItemCommand({ RequestItems: { ledger: { Keys, ConsistentRead: true } } }),
    );
    await Promise.all([
      autoScaling.send(
        new DescribeAutoScalingGroupsCommand({
          AutoScalingGroupNames: batch.map((name) => scalingGroupName(fleet, name)),
          MaxRecords: perCall,
        }),
      ),
      cloudWatch.send(
        new DescribeAlarmsCommand({
          AlarmNames: batch.map((name) => alarmName(fleet, name, 'cpu-high')),
          MaxRecords: perCall,
        }),
      ),
    ]);
  }
}

async function inTurns(
  cloud: LoopbackCloud,
  full: () => Promise<unknown>,
  bare: () => Promise<unknown>,
): Promise<LookCost> {
  const times = { full: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.full.push(await inTime(cloud, full));
    times.bare.push(await inTime(cloud, bare));
  }
  return { ms: median(times.full), bareMs: median(times.bare) };
}

/** Milliseconds of the machine; between two measurements a minute of the cloud's time passes, as in production. */
async function inTime(cloud: LoopbackCloud, task: () => Promise<unknown>): Promise<number> {
  await cloud.advance(60);
  const started = performance.now();
  await task();
  return performance.now() - started;
}

async function countedCalls(clients: Clients, task: () => Promise<unknown>): Promise<Record<string, number>> {
  const calls: Record<string, number> = {};
  const name = 'count-calls';
  for (const client of Object.values(clients)) {
    client.middlewareStack.add(
      (next: (args: object) => Promise<object>, context: { commandName?: string }) => (args: object) => {
        const operation = context.commandName!.replace(/Command$/, '');
        calls[operation] = (calls[operation] ?? 0) + 1;
        return next(args);
      },
      { step: 'deserialize', name },
    );
  }
  await task();
  for (const client of Object.values(clients)) client.middlewareStack.remove(name);
  return calls;
}
