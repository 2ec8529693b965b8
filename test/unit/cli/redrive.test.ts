import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../cli/dead-letters.ts';
import { redriveAll } from '../../../cli/redrive-all.ts';
import { handle as bump } from '../../../functions/bump.ts';
import { metStage } from '../functions/fleet.ts';

const stage = await metStage();
const { fleet } = stage.house;

function letterFor(name: string, payload: unknown, more: Partial<DeadLetter> = {}): DeadLetter {
  const functionName = `${fleet.name}-${name}`;
  return {
    id: 'm-1',
    requestId: 'r-1',
    functionName,
    payload,
    error: undefined,
    receiptHandle: 'h',
    ...more,
  };
}

/** A queue that hands the letters out once, and those again that were not removed, as if minutes had passed. */
function queueOf(...letters: DeadLetter[]) {
  const left = new Set(letters);
  return {
    left,
    take: async () => [...left],
    remove: async (letter: DeadLetter) => void left.delete(letter),
  };
}

describe('redriving dead letters', () => {
  it('does not do a second time what the failed attempts have done', async () => {
    const event = { group: 'business', adjustment: 1, reason: 'sale' };
    const invocation = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 60_000 };
    await bump(event, stage.house, invocation);
    const desired = stage.desired('business');
    const again = async (_fleet: unknown, _name: string, payload: object) =>
      bump(payload, stage.house, { ...invocation, awsRequestId: 'another' });
    const results = await redriveAll(fleet, queueOf(letterFor('bump', event)), again);
    expect(results).toMatchObject([{ done: true }]);
    expect(stage.desired('business')).toBe(desired);
  });

  it("leaves a request's own id, and events of which no id is known", async () => {
    const payloads: object[] = [];
    const invoke = async (_fleet: unknown, _name: string, payload: object) => void payloads.push(payload);
    const own = letterFor('bump', { requestId: 'own' }, { id: 'm-2' });
    await redriveAll(fleet, queueOf(own, letterFor('on-schedule', { group: 'business' })), invoke);
    expect(payloads).toEqual([{ requestId: 'own' }, { group: 'business' }]);
  });

  it('removes what succeeds, says why it had failed, and tries the rest once though it comes back', async () => {
    let tries = 0;
    const invoke = async (_fleet: unknown, name: string) => {
      if (name !== 'sweep') return;
      tries++;
      throw new Error('still not allowed');
    };
    const queue = queueOf(
      letterFor('on-alarm', {}, { id: 'm-1', error: 'not allowed' }),
      letterFor('sweep', {}, { id: 'm-2' }),
      letterFor('', {}, { id: 'm-3', functionName: undefined }),
    );
    expect(await redriveAll(fleet, queue, invoke)).toEqual([
      { function: `${fleet.name}-on-alarm`, done: true, message: 'done; it had failed with: not allowed' },
      { function: `${fleet.name}-sweep`, done: false, message: 'still not allowed' },
      { function: undefined, done: false, message: expect.stringContaining('for nobody') },
    ]);
    expect(tries).toBe(1);
    expect([...queue.left].map(({ id }) => id)).toEqual(['m-2', 'm-3']);
  });
});
