import { describe, expect, test } from 'vitest';
import type { Manual } from '../../../shared/domain/person.ts';
import { type Answer, answerOf, toldOf, wasDone } from '../../../shared/engine/answer.ts';
import { reconcile } from '../../../shared/engine/reconcile.ts';
import { bump, metStage, watched } from './reconcile-stage.ts';

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

describe('a person whose wish somebody else has overtaken', () => {
  const id = 'i-0123456789abcdef0';
  const asks = {
    'a bump': bump(4),
    'an adoption': { ...bump(1), request: { kind: 'adopt', serverIds: [id] } },
  } as const;

  async function asked(trigger: Manual, maxSize: number): Promise<Answer> {
    let hasCome = false;
    const stage = await metStage((ports) =>
      watched(ports, (call) => {
        const acts = call === 'groups.setDesired' || call === 'adopt.attach';
        if (acts && !hasCome) ports.groups.put({ ...ports.groups.get('my-group'), maxSize });
        hasCome ||= acts;
      }),
    );
    return answerOf(stage.scaler, await reconcile(stage.scaler, 'business', trigger));
  }

  test.each(Object.entries(asks))('hears that %s was given up, and why', async (_, trigger) => {
    const answer = await asked(trigger, 2);
    expect(wasDone(answer)).toBe(false);
    const given = toldOf(answer).find(({ reason }) => reason === 'ActivityEnded');
    expect(given?.message).toMatch(/cancelled.*2…2/);
    expect(wasDone(await asked(trigger, 10))).toBe(true);
  });
});
