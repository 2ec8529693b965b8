import { expect, test } from 'vitest';
import { toldOf } from '../../../shared/engine/answer.ts';

const ended = {
  from: 4,
  to: 4,
  reason: 'ActivityEnded',
  message: 'web: the way to 4 is Successful',
} as const;
const refused = { from: 4, to: 4, reason: 'GroupPaused', message: 'web stays at 4: it is paused' } as const;
const changed = { from: 4, to: 5, reason: 'ManualChange', message: 'web 4 → 5: +1 by ann (sale)' } as const;

test('a person who is refused hears why, and not how older activities fared', () => {
  expect(toldOf({ decisions: [ended, refused] })).toEqual([refused.message]);
});

test('a person whose wish was done hears of that alone', () => {
  expect(toldOf({ decisions: [ended, changed, { ...changed, from: 5 }] })).toEqual([changed.message]);
});
