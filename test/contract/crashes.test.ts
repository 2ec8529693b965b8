import { expect, it } from 'vitest';
import type { Trigger } from '../../shared/domain/trigger.ts';
import { reconcile } from '../../shared/engine/reconcile.ts';
import { createScaler } from '../../shared/engine/scaler.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { faultyPorts } from '../kit/faulty-ports.ts';
import { capacityContract } from './contract.ts';
import type { UnderTest } from './implementation.ts';

const fleet = readFleet(`
name: lunch
groups:
  business: { existing: business, minSize: 1, maxSize: 6 }
`);

const bump: Trigger = {
  kind: 'manual',
  requestId: 'request-1',
  request: { kind: 'adjust', adjustment: 1 },
  reason: 'test',
  owner: 'ada',
};

/** From the `deadly`-th call on nothing comes through; that call itself is done, but its answer is lost. */
function dyingAt(deadly: number, { ports, now }: UnderTest): { ports: Ports; calls: () => number } {
  let calls = 0;
  const mortal = faultyPorts({ ...ports, clock: { now } }, async (_, carryOut) => {
    if (++calls > deadly) throw new Error('the process is dead');
    const answer = await carryOut();
    if (calls >= deadly) throw new Error('the answer was lost');
    return answer;
  });
  return { ports: mortal, calls: () => calls };
}

/** Sweeps every minute, as the schedule does. */
async function sweepFor(minutes: number, world: UnderTest): Promise<void> {
  const scaler = createScaler(fleet, { ...world.ports, clock: { now: world.now } });
  for (let minute = 0; minute < minutes; minute++) {
    await world.advance(60);
    await reconcile(scaler, 'business', { kind: 'sweep' });
  }
}

capacityContract('A change of capacity', [], (tested) => {
  // Look (describe, ledger), commit, act, record, publish, look, commit, record, publish.
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('that dies at call %i is made once, and ends', async (deadly) => {
    const world = tested();
    await world.makeGroup({ name: 'business', minSize: 1, maxSize: 6, desired: 2 });
    await sweepFor(3, world);
    const { ports, calls } = dyingAt(deadly, world);
    const died = reconcile(createScaler(fleet, ports), 'business', bump);
    await expect(died).rejects.toThrow(/the process is dead|the answer was lost/);
    expect(calls()).toBeGreaterThanOrEqual(deadly);
    await world.advance(60);
    await reconcile(createScaler(fleet, { ...world.ports, clock: { now: world.now } }), 'business', bump);
    await sweepFor(6, world);
    const group = (await world.ports.groups.describe(['business'])).get('business')!;
    expect(group.desired).toBe(3);
    const { activities } = await world.ports.activities.query('business', { limit: 20 });
    const changes = activities.filter(({ from, to }) => from !== to);
    expect(changes.map(({ from, to, statusCode }) => ({ from, to, statusCode }))).toEqual([
      { from: 2, to: 3, statusCode: 'Successful' },
    ]);
  });
});
