import { describe, expect, it } from 'vitest';
import { lastChangeByHand, oppositeOf, undoIdOf } from '../../../cli/by-hand/last-change.ts';
import type { Activity } from '../../../shared/domain/activity.ts';
import type { Grant, Ledger } from '../../../shared/domain/ledger.ts';

const noon = Date.parse('2026-03-04T12:00:00Z');
const hourMs = 3_600_000;

function activity(requestId: string, changes: Partial<Activity> = {}): Activity {
  return {
    activityId: `web-${requestId}`,
    group: 'web',
    startedAt: noon,
    from: 3,
    to: 5,
    trigger: 'manual',
    reason: 'ManualChange',
    why: { key: 'manualChange', owner: 'alice', reason: 'sale', adjustment: 2 },
    statusCode: 'Successful',
    by: 'alice',
    ...changes,
  };
}

function ledgerWith(grants: readonly Partial<Grant>[], pause?: Ledger['pause']): Ledger {
  return { grants, pause } as unknown as Ledger;
}

describe('the last change by hand', () => {
  const [alarm, second, first] = [
    activity('12-2026', { trigger: 'alarm', reason: 'AlarmScaleOut' }),
    activity('two'),
    activity('one'),
  ];

  it('is the newest that a person made, whatever alarms have done since', () => {
    expect(lastChangeByHand([alarm, second, first])).toBe(second);
    expect(lastChangeByHand([alarm])).toBeUndefined();
  });

  it('is the one before, once it was undone', () => {
    const undo = activity(undoIdOf(second));
    expect(lastChangeByHand([undo, alarm, second, first])).toBe(first);
    expect(lastChangeByHand([activity(undoIdOf(first)), undo, second, first])).toBeUndefined();
  });

  it('counts although its servers were overtaken by another change', () => {
    const overtaken = activity('one', { statusCode: 'Cancelled' });
    expect(lastChangeByHand([overtaken])).toBe(overtaken);
  });

  it('is no end of a bump', () => {
    expect(lastChangeByHand([activity('13-2026', { reason: 'ManualGrantEnded' })])).toBeUndefined();
  });
});

describe('what takes a change back', () => {
  it('is the opposite change, so that what others did meanwhile stays', () => {
    expect(oppositeOf(activity('one'), ledgerWith([]), [], noon)).toEqual({ kind: 'adjust', adjustment: -2 });
    const less = activity('one', { from: 5, to: 3 });
    expect(oppositeOf(less, undefined, [], noon)).toEqual({ kind: 'adjust', adjustment: 2 });
  });

  it('lasts as long as the bump would have: its end then changes nothing', () => {
    const grant = { key: 'bump:one', servers: 2, until: noon + hourMs };
    const opposite = oppositeOf(activity('one'), ledgerWith([grant]), [], noon + hourMs / 2);
    expect(opposite).toEqual({ kind: 'adjust', adjustment: -2, forSeconds: 1800 });
  });

  it.each([
    ['in the ledger still', ledgerWith([{ key: 'bump:one', servers: 0, until: noon }]), []],
    ['in the history alone', ledgerWith([]), [activity('9-2026', { reason: 'ManualGrantEnded' })]],
  ])('is nothing where the bump has ended, which is known %s', (_where, ledger, later) => {
    expect(oppositeOf(activity('one'), ledger, later, noon + hourMs)).toMatchObject({
      kind: 'not undoable',
      message: 'The bump of alice has ended by itself: there is nothing left of it',
    });
  });

  it('of a pause is to resume, while it lasts', () => {
    const pause = activity('one', { reason: 'Paused', from: 3, to: 3 });
    const paused = ledgerWith([], {
      direction: 'both',
      since: noon,
      owner: 'alice',
      reason: 'x',
      until: undefined,
    });
    expect(oppositeOf(pause, paused, [], noon)).toEqual({ kind: 'resume' });
    expect(oppositeOf(pause, ledgerWith([]), [], noon)).toMatchObject({
      message: 'web is not paused any more',
    });
  });

  it.each(['Resumed', 'ServersAdopted'] as const)(
    'cannot be said of %s, but what to do instead can',
    (reason) => {
      const found = oppositeOf(activity('one', { reason, from: 3, to: 3 }), ledgerWith([]), [], noon);
      expect(found).toMatchObject({
        kind: 'not undoable',
        advice: expect.stringMatching(/rushhour pause|detach/),
      });
    },
  );
});
