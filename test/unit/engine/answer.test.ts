import { expect, test } from 'vitest';
import { toldOf } from '../../../shared/engine/answer.ts';

const ended = {
  from: 4,
  to: 4,
  reason: 'ActivityEnded',
  why: { key: 'activitiesForgotten', ended: [{ to: 4, status: 'Successful' }] },
  message: 'web: the change to 4 has succeeded',
} as const;
const refused = {
  from: 4,
  to: 4,
  reason: 'GroupPaused',
  why: { key: 'paused', direction: 'both', owner: 'ann', reason: 'release' },
  message: 'web stays at 4: it is paused by ann until somebody resumes it (release)',
} as const;
const changed = {
  from: 4,
  to: 5,
  reason: 'ManualChange',
  why: { key: 'manualChange', owner: 'ann', reason: 'sale', adjustment: 1 },
  message: 'web 4 → 5: +1 by ann (sale)',
} as const;

test('a person who is refused hears why, and not how older activities fared', () => {
  expect(toldOf({ decisions: [ended, refused] })).toEqual([refused]);
});

test('a person whose wish was done hears of that alone', () => {
  expect(toldOf({ decisions: [ended, changed, { ...changed, from: 5 }] })).toEqual([changed]);
});
