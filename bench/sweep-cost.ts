import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clients } from '../shared/aws/clients.ts';
import { tableName } from '../shared/fleet/names.ts';
import type { House } from '../shared/house.ts';
import { sweep } from '../shared/sweep.ts';
import { interleaved } from './interleaved.ts';
import { type SweepStage, sweepStage } from './sweep-stage.ts';

/** Medians, in milliseconds, and how often each operation was called in one sweep. */
export interface SweepCost {
  readonly ms: number;
  readonly bareMs: number;
  readonly calls: Calls;
}

type Calls = Readonly<Record<string, number>>;

/**
 * A sweep over a fleet at rest, and the same requests without it.
 * @throws Error when they are not the same
 */
export async function sweepCost(groups: number, rounds: number): Promise<SweepCost> {
  await using stage = await sweepStage(groups);
  const { house, clients } = stage;
  await bringToRest(stage);
  const own = () => sweep(house, () => Number.POSITIVE_INFINITY);
  const bare = () => bareSweep(house, clients);
  const ownCalls = await callsOf(stage, own);
  const bareCalls = await callsOf(stage, bare);
  if (JSON.stringify(ownCalls) !== JSON.stringify(bareCalls))
    throw new Error(`a sweep calls ${JSON.stringify(ownCalls)}, the bare one ${JSON.stringify(bareCalls)}`);
  const timed = (run: () => Promise<unknown>) => async () => {
    await stage.rest();
    const started = performance.now();
    await run();
    return performance.now() - started;
  };
  const { ms, bareMs } = await interleaved(rounds, { ms: timed(own), bareMs: timed(bare) });
  return { ms, bareMs, calls: ownCalls };
}

/** The first sweep meets every group; once one does nothing more, all is known. */
async function bringToRest({ house, rest }: SweepStage): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await rest();
    const { activities } = await sweep(house, () => Number.POSITIVE_INFINITY);
    if (activities === 0) return;
  }
  throw new Error('the fleet does not come to rest');
}

async function callsOf({ calls, rest }: SweepStage, run: () => Promise<unknown>): Promise<Calls> {
  await rest();
  calls.clear();
  await run();
  return Object.fromEntries([...calls].sort(([one], [other]) => one.localeCompare(other)));
}

/** What anybody must ask who wants to know how these groups are, a hundred a call, and no more than that. */
async function bareSweep({ fleet, groups }: House, clients: Clients): Promise<void> {
  const all = [...groups.values()];
  for (let start = 0; start < all.length; start += 100) {
    const batch = all.slice(start, start + 100);
    const Keys = batch.map(({ name }) => ({ group: { S: name } }));
    const RequestItems = { [tableName(fleet, 'ledger')]: { Keys, ConsistentRead: true } };
    await clients.dynamoDB.send(new BatchGetItemCommand({ RequestItems }));
    const AutoScalingGroupNames = batch.map(({ scalingGroup }) => scalingGroup);
    const AlarmNames = batch.flatMap(({ alarms }) => alarms.map(([, alarm]) => alarm));
    await Promise.all([
      clients.autoScaling.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames, MaxRecords: 100 }),
      ),
      clients.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames, MaxRecords: 100 })),
    ]);
  }
}
