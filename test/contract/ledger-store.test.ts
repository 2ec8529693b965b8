import { expect, it } from 'vitest';
import type { Ledger } from '../../shared/domain/ledger.ts';
import { contract } from './contract.ts';

function ledger(version: number, base = 3): Ledger {
  return {
    version,
    base,
    grants: [
      {
        key: 'window:lunch@2026-03-04T03:00:00.000Z',
        name: 'lunch',
        servers: 2,
        base: 3,
        start: 1_772_593_200_000,
        until: 1_772_600_400_000,
        releasing: false,
      },
    ],
    tracked: undefined,
    recommendations: [[1_772_593_200_000, 4.5]],
    changes: [],
    warming: [],
    rules: { 'cpu-high': { lastCompletedAt: 1_772_593_200_000, lastDirection: 'out' } },
    open: [],
    desired: 5,
    adopted: ['i-0123456789abcdef0'],
    adoptedByHand: [],
    seen: [['request-1', 1_772_593_200_000]],
  };
}

contract('The ledger store', (tested) => {
  it('knows nothing of a group that was never written', async () => {
    expect((await tested().ports.ledger.read(['business'])).size).toBe(0);
  });

  it('gives back exactly what was written', async () => {
    const { ledger: store } = tested().ports;
    expect(await store.write('business', ledger(1), 0)).toBe('written');
    expect((await store.read(['business'])).get('business')).toEqual(ledger(1));
  });

  it('lets one of two writers of the same version win, and tells the other', async () => {
    const { ledger: store } = tested().ports;
    await store.write('business', ledger(1), 0);
    const answers = await Promise.all([
      store.write('business', ledger(2, 4), 1),
      store.write('business', ledger(2, 9), 1),
    ]);
    expect(answers.toSorted()).toEqual(['lost', 'written']);
    expect((await store.read(['business'])).get('business')?.base).toBe(answers[0] === 'written' ? 4 : 9);
  });

  it('does not take a first ledger where there is one', async () => {
    const { ledger: store } = tested().ports;
    await store.write('business', ledger(1), 0);
    expect(await store.write('business', ledger(1, 9), 0)).toBe('lost');
  });

  it('does not take a later version where there is none', async () => {
    expect(await tested().ports.ledger.write('business', ledger(8), 7)).toBe('lost');
  });

  it('reads more groups than one request can hold', async () => {
    const { ledger: store } = tested().ports;
    const groups = Array.from({ length: 130 }, (_, index) => `group-${index}`);
    for (const group of groups.slice(0, 110)) await store.write(group, ledger(1), 0);
    const found = await store.read(groups);
    expect([...found.keys()].toSorted()).toEqual(groups.slice(0, 110).toSorted());
  });

  it('does not change what was read when the group is written again', async () => {
    const { ledger: store } = tested().ports;
    await store.write('business', ledger(1), 0);
    const before = await store.read(['business']);
    await store.write('business', ledger(2, 9), 1);
    expect(before.get('business')?.base).toBe(3);
  });
});
