import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { reconcile } from '../../shared/engine/reconcile.ts';
import { createScaler, type Scaler } from '../../shared/engine/scaler.ts';
import { sweep } from '../../shared/engine/sweep.ts';
import { type Fleet, fleet as fleetSchema } from '../../shared/fleet/fleet.ts';
import { alarmName, scalingGroupName } from '../../shared/fleet/names.ts';
import type { Clients } from '../../shared/providers/aws/clients.ts';
import { awsPorts } from '../../shared/providers/aws/ports.ts';
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

const perCall = 100;

/**
 * Sweeps of quiet fleets over loopback, each beside the very calls without anything around them, in turns.
 * @param sizes in groups
 * @throws Error when the calls are not the same
 */
export async function sweepCosts(
  sizes: readonly number[],
  rounds: number,
): Promise<{ sweep: Record<number, SweepCost>; look: LookCost }> {
  const sweep: Record<number, SweepCost> = {};
  for (const size of sizes) {
    const fleet = fleetOf(size);
    await using cloud = await LoopbackCloud.open(fleet);
    sweep[size] = await sweepCost(cloud, fleet, rounds);
  }
  const one = fleetOf(1);
  await using cloud = await LoopbackCloud.open(one);
  return { sweep, look: await lookCost(cloud, one, rounds) };
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
  const lunch = { start: '0 11 * * MON-FRI', end: '0 13 * * MON-FRI', scalingAdjustment: 2 };
  const group = (name: string) => ({
    existing: name,
    minSize: 1,
    maxSize: 10,
    schedules: { lunch },
    alarms: { 'cpu-high': alarm },
  });
  const names = Array.from({ length: size }, (_, index) => `g${index}`);
  return fleetSchema.parse({
    name: 'bench',
    groups: Object.fromEntries(names.map((name) => [name, group(name)])),
  });
}

async function sweepCost(cloud: LoopbackCloud, fleet: Fleet, rounds: number): Promise<SweepCost> {
  const scaler = scalerOn(cloud, fleet);
  const full = () => sweep(scaler, () => Number.POSITIVE_INFINITY);
  const bare = () => bareCalls(cloud.clients, fleet);
  // The first sweeps meet the groups, and warm everything up.
  for (let warmUp = 0; warmUp < 3; warmUp++) await inTime(cloud, full);
  const calls = await cloud.callsOf(() => inTime(cloud, full));
  const plain = await cloud.callsOf(() => inTime(cloud, bare));
  if (JSON.stringify(calls) !== JSON.stringify(plain))
    throw new Error(`a sweep calls ${JSON.stringify(calls)}, the bare one ${JSON.stringify(plain)}`);
  return { ...(await inTurns(cloud, full, bare, rounds)), calls };
}

async function lookCost(cloud: LoopbackCloud, fleet: Fleet, rounds: number): Promise<LookCost> {
  const scaler = scalerOn(cloud, fleet);
  const look = () => reconcile(scaler, 'g0', { kind: 'sweep' });
  for (let warmUp = 0; warmUp < 3; warmUp++) await inTime(cloud, look);
  return inTurns(cloud, look, () => bareCalls(cloud.clients, fleet), rounds);
}

function scalerOn(cloud: LoopbackCloud, fleet: Fleet): Scaler {
  const ports = awsPorts(cloud.clients, cloud.settings);
  return createScaler(fleet, { ...ports, clock: { now: () => cloud.now } });
}

/** The same calls in the same order: ledgers, then groups and alarms side by side. */
async function bareCalls({ dynamoDB, autoScaling, cloudWatch }: Clients, fleet: Fleet): Promise<void> {
  const names = Object.keys(fleet.groups);
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
  rounds: number,
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
