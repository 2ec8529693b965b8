import { expect, it } from 'vitest';
import type { Ledger } from '../../../../shared/domain/ledger.ts';
import type { ScalingGroup } from '../../../../shared/domain/observation.ts';
import { seenIn } from '../../../../simulate/chaos/seen-in.ts';
import type { Write } from '../../../../simulate/chaos/write.ts';

function seen(told: Partial<ScalingGroup>, before: Partial<Ledger> | undefined) {
  const groups = new Map([['asg-web', { minSize: 2, maxSize: 8, ...told }]]);
  const write = { by: { told: { groups } }, group: { scalingGroup: 'asg-web' }, before };
  const { minSize, maxSize } = seenIn(write as unknown as Write);
  return [minSize, maxSize];
}

it('bounds that leave out what the ledger knows are late where the number is', () => {
  expect(seen({ desired: 3 }, { desired: 1 })).toEqual([1, 8]);
  expect(seen({ desired: 3 }, { desired: 9 })).toEqual([2, 9]);
});

it('a group may be below its minimum where it has lost a server, and has no number that is set', () => {
  expect(seen({ desired: 1 }, { desired: 1 })).toEqual([2, 8]);
});

it('bounds of a group that is met for the first time, or again, are as they are told', () => {
  expect(seen({ desired: 1 }, undefined)).toEqual([2, 8]);
  expect(seen({ desired: 3 }, { desired: 1, missing: { state: 'told' } as Ledger['missing'] })).toEqual([
    2, 8,
  ]);
});
