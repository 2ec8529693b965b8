import { describe, expect, test } from 'vitest';
import { changes, LoneGroup, manual, minute } from '../../kit/lone-group.ts';

function met(desired: number, group: object = {}): LoneGroup {
  const lone = new LoneGroup({ minSize: 3, maxSize: 10, ...group }, desired);
  lone.look();
  return lone;
}

describe('first contact', () => {
  test('takes the group as it is', () => {
    const lone = new LoneGroup({ minSize: 3 }, 4);
    expect(lone.decide()).toMatchObject({ to: 4, reason: 'FirstContact', ledger: { version: 1, base: 4 } });
  });

  test('applies the initial capacity', () => {
    const lone = new LoneGroup({ minSize: 3, initialCapacity: 5 }, 3);
    expect(lone.settle()[0]).toMatchObject({ from: 3, to: 5, reason: 'FirstContact' });
    expect(lone.ledger).toMatchObject({ base: 5, desired: 5 });
  });

  test('never shrinks a fleet whose ledger was lost', () => {
    const lone = new LoneGroup({ minSize: 3, initialCapacity: 5 }, 8);
    lone.settle();
    expect(lone.group.desired).toBe(8);
  });
});

describe('a person', () => {
  test('adds servers that stay', () => {
    const lone = met(3);
    const [decision] = lone.settle(manual({ kind: 'adjust', adjustment: 2 }));
    expect(decision).toMatchObject({
      to: 5,
      reason: 'ManualChange',
      cause: 'manual',
      message: 'business 3 → 5: +2 by alice (test)',
    });
    expect(lone.decide().to).toBe(5);
  });

  test('is answered once per request', () => {
    const lone = met(3);
    const trigger = manual({ kind: 'adjust', adjustment: 2 });
    lone.settle(trigger);
    const again = lone.settle(trigger);
    expect(again[0]).toMatchObject({ from: 5, to: 5, reason: 'DuplicateRequest' });
    expect(lone.group.desired).toBe(5);
  });

  test('is held to the bounds, and told so', () => {
    const lone = met(8);
    expect(changes(lone.settle(manual({ kind: 'set', desiredCapacity: 20 })))).toEqual([
      'business 8 → 10: set by alice (test), 20 is out of bounds',
    ]);
    expect(lone.decide(manual({ kind: 'adjust', adjustment: 1 }, 'r2'))).toMatchObject({
      to: 10,
      reason: 'AtMaximum',
      message: 'business stays at 10: alice asks for 11, but maxSize allows at most 10',
    });
    lone.settle(manual({ kind: 'set', desiredCapacity: 0 }, 'r3'));
    expect(lone.group.desired).toBe(3);
    expect(lone.decide(manual({ kind: 'adjust', adjustment: -1 }, 'r4')).reason).toBe('AtMinimum');
  });

  test('is held to the maximum of the fleet file, though the group in AWS would allow more', () => {
    const lone = met(8);
    lone.group = { ...lone.group, maxSize: 20 };
    expect(lone.look(manual({ kind: 'set', desiredCapacity: 15 }))[0]?.to).toBe(10);
  });

  test.each([undefined, 3600])(
    'who asks for more where a window has just lowered the maximum gets nothing, and loses nothing',
    (forSeconds) => {
      const lone = new LoneGroup({ minSize: 3, maxSize: 10 }, 6);
      lone.look();
      lone.windows = [lone.window('freeze', undefined, 1, { maxSize: 4 })];
      expect(lone.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds }))[0]?.message).toBe(
        "business stays at 6: alice asks for 8, but window 'freeze' allows at most 4",
      );
      lone.settle();
      expect(lone.ledger).toMatchObject({ desired: 4, base: 6, grants: [] });
    },
  );

  test('who asks for less where more have just been protected gets nothing, and takes nothing', () => {
    const lone = new LoneGroup({ minSize: 1, maxSize: 10 }, 3);
    lone.look();
    lone.settle(manual({ kind: 'pause', direction: 'out' }, 'r0'));
    lone.group = { ...lone.group, minSize: 5 };
    const ask = manual({ kind: 'adjust', adjustment: -1, forSeconds: 3600 });
    expect(lone.settle(ask)[0]).toMatchObject({ to: 3, reason: 'AtMinimum' });
    expect(lone.ledger?.grants).toEqual([]);
  });

  test('who sets a capacity inside a window is told what it will be afterwards', () => {
    const lone = met(3);
    lone.windows = [lone.window('lunch', 2, 2)];
    lone.settle();
    const [decision] = lone.settle(manual({ kind: 'set', desiredCapacity: 8 }));
    expect(decision?.message).toBe("business 5 → 8: set by alice (test); 6 once window 'lunch' is over");
    expect(lone.decide(manual({ kind: 'set', desiredCapacity: 8 }, 'r2')).message).toBe(
      "business stays at 8: alice asks for 8, but it is there already; 6 once window 'lunch' is over",
    );
    lone.pass(120);
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(6);
  });

  test('who takes servers away takes the newest grant first, then base', () => {
    const lone = met(5);
    lone.windows = [lone.window('lunch', 2, 2)];
    lone.settle();
    lone.settle(manual({ kind: 'adjust', adjustment: -3 }));
    expect(lone.group.desired).toBe(4);
    expect(lone.ledger).toMatchObject({ base: 4, grants: [{ servers: 0 }] });
    lone.settle();
    expect(lone.group.desired).toBe(4);
    lone.pass(120);
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(4);
  });

  test('bumps for a time, and it ends by itself', () => {
    const lone = met(3);
    const [decision] = lone.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 7200 }));
    expect(decision?.message).toBe('business 3 → 5: +2 by alice (test) until 06:00');
    lone.pass(119);
    expect(lone.decide().to).toBe(5);
    lone.pass(1);
    expect(lone.settle()[0]).toMatchObject({
      from: 5,
      to: 3,
      reason: 'ManualGrantEnded',
      cause: 'manual',
      message: 'business 5 → 3: the bump by alice ended (−2)',
    });
  });

  test('whose bump met the maximum is told, and it gives back what there was room for', () => {
    const lone = met(9);
    const [decision] = lone.settle(manual({ kind: 'adjust', adjustment: 3, forSeconds: 3600 }));
    expect(decision?.message).toBe('business 9 → 10: +3 by alice (test) until 05:00, 12 is out of bounds');
    expect(lone.ledger?.grants).toMatchObject([{ servers: 1 }]);
    lone.pass(60);
    expect(changes(lone.settle())).toEqual(['business 10 → 9: the bump by alice ended (−1)']);
  });

  test('is given on top for a time where a floor holds the group up, and the floor stays', () => {
    const lone = met(3);
    lone.windows = [lone.window('sale', undefined, 4, { minSize: 6 })];
    lone.settle();
    const [bumped] = lone.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 3600 }));
    expect(bumped?.message).toBe('business 6 → 8: +2 by alice (test) until 05:00');
    lone.pass(60);
    expect(changes(lone.settle())).toEqual(['business 8 → 6: the bump by alice ended (−2)']);
    lone.pass(180);
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(3);
  });

  test('takes away for a time where a maximum holds the group down', () => {
    const lone = met(8);
    lone.windows = [lone.window('night', undefined, 4, { maxSize: 5 })];
    lone.settle();
    const [bumped] = lone.settle(manual({ kind: 'adjust', adjustment: -2, forSeconds: 3600 }));
    expect(bumped?.message).toBe('business 5 → 3: −2 by alice (test) until 05:00');
    lone.pass(60);
    lone.settle();
    expect(lone.group.desired).toBe(5);
    lone.pass(180);
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(8);
  });

  test('can bump downwards for a time, too', () => {
    const lone = met(6);
    lone.settle(manual({ kind: 'adjust', adjustment: -2, forSeconds: 3600 }));
    expect(lone.group.desired).toBe(4);
    lone.pass(60);
    lone.settle();
    expect(lone.group.desired).toBe(6);
    expect(lone.decide().reason).toBe('AtGoal');
  });

  test('pauses the group, which is then not touched, and the pause ends by itself', () => {
    const lone = met(3);
    const [paused] = lone.look(manual({ kind: 'pause', direction: 'both', forSeconds: 3600 }));
    expect(paused).toMatchObject({
      reason: 'Paused',
      message: 'business: it is paused by alice until 05:00 (test)',
      forgets: [{ statusCode: 'Successful', from: 3, to: 3 }],
    });
    expect(lone.decide()).toMatchObject({ to: 3, reason: 'GroupPaused' });
    lone.windows = [lone.window('lunch', 2, 2)];
    expect(lone.look()[0]).toMatchObject({ to: 3, reason: 'GroupPaused' });
    expect(lone.decide(manual({ kind: 'adjust', adjustment: 1 }, 'r2')).to).toBe(3);
    lone.pass(60);
    const [resumed, opened] = lone.look();
    expect(resumed?.reason).toBe('Resumed');
    expect(opened).toMatchObject({ to: 5, reason: 'WindowOpened' });
  });

  test('pauses one direction only', () => {
    const lone = met(3);
    lone.look(manual({ kind: 'pause', direction: 'in' }));
    lone.settle(manual({ kind: 'adjust', adjustment: 2 }, 'r2'));
    expect(lone.group.desired).toBe(5);
    expect(lone.look(manual({ kind: 'adjust', adjustment: -1 }, 'r3'))[0]).toMatchObject({
      to: 5,
      reason: 'GroupPaused',
      message:
        'business stays at 5: alice asks for 4, but scale-in is paused by alice until somebody resumes it (test)',
    });
    expect(lone.look(manual({ kind: 'resume' }, 'r4')).map(({ reason }) => reason)).toContain('Resumed');
    lone.settle(manual({ kind: 'adjust', adjustment: -1 }, 'r5'));
    expect(lone.group.desired).toBe(4);
  });

  test('is told that a group that is to be resumed was not paused; nothing is written', () => {
    const lone = met(3);
    expect(lone.decide(manual({ kind: 'resume' }))).toMatchObject({
      reason: 'AtGoal',
      message: 'business stays at 3: alice asks to resume it, but it is not paused',
      ledger: lone.ledger,
      activities: [],
      forgets: [],
    });
  });

  test('waits for nobody, neither for launches that fail nor for cooldowns', () => {
    const lone = met(3);
    lone.setDesired(4);
    lone.look();
    lone.fail({ at: lone.now + 1000, kind: 'capacity', message: 'none left' });
    lone.pass(1);
    lone.look();
    lone.look(manual({ kind: 'adjust', adjustment: 1 }));
    expect(lone.group.desired).toBe(5);
  });
});

describe('a person who asks for one more while launches fail, where others ask for eight', () => {
  function held(): LoneGroup {
    const lone = met(8);
    lone.windows = [lone.window('night', undefined, 1, { maxSize: 3 })];
    lone.settle();
    lone.windows = [];
    const launchHold = {
      failedAt: lone.now,
      retryAt: lone.now + 10 * minute,
      failures: 1,
      failure: { key: 'launchesFail', kind: 'capacity', says: 'none' } as const,
    };
    lone.ledger = { ...lone.ledger!, launchHold };
    return lone;
  }

  test.each([
    ['for good', undefined, 'business 3 → 4: +1 by alice (test)', 8],
    ['for a time', 3600, 'business 3 → 4: +1 by alice (test) until 05:00', 9],
  ])('gets one, %s, and the others theirs later', (_, forSeconds, message, later) => {
    const lone = held();
    expect(changes(lone.look(manual({ kind: 'adjust', adjustment: 1, forSeconds })))).toEqual([message]);
    lone.pass(10);
    lone.settle();
    expect(lone.group.desired).toBe(later);
  });
});

describe('the outside', () => {
  test('is recorded and kept', () => {
    const lone = met(3);
    lone.setDesired(6);
    const [noticed] = lone.settle();
    expect(noticed).toMatchObject({
      reason: 'ExternalChange',
      cause: 'external',
      message: 'business: 3 → 6 is under way: changed from outside',
      act: undefined,
      activities: [{ from: 3, to: 6, trigger: 'external' }],
    });
    lone.pass(10);
    expect(lone.decide()).toMatchObject({ to: 6, reason: 'AtGoal' });
    expect([...lone.log.values()].map(({ statusCode }) => statusCode)).toEqual(['Successful']);
  });

  test('that takes servers away takes the newest grant first', () => {
    const lone = met(3);
    lone.windows = [lone.window('lunch', 2, 2)];
    lone.settle();
    lone.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 7200 }));
    lone.setDesired(4);
    lone.settle();
    expect(lone.ledger).toMatchObject({ base: 3, grants: [{ servers: 1 }, { servers: 0 }] });
    lone.pass(120);
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(3);
  });

  test('that raises minSize moves desired, which falls again once minSize is lowered, and both are told', () => {
    const lone = met(4);
    lone.group = { ...lone.group, minSize: 6 };
    lone.setDesired(6);
    const [raised] = lone.settle();
    expect(raised?.message).toBe('business: 4 → 6 is under way: changed from outside, where minSize is 6');
    lone.group = { ...lone.group, minSize: 3 };
    expect(changes(lone.settle())).toEqual(['business 6 → 4: minSize no longer holds it up (−2)']);
  });

  test('that raises minSize inside a window takes nothing of what the window has granted', () => {
    const lone = met(3);
    lone.windows = [lone.window('lunch', 2, 2)];
    lone.settle();
    lone.group = { ...lone.group, minSize: 6 };
    lone.setDesired(6);
    lone.settle();
    expect(lone.group.desired).toBe(8);
    lone.pass(120);
    lone.windows = [];
    expect(changes(lone.settle())).toEqual(["business 8 → 6: window 'lunch' closed (−2)"]);
    lone.group = { ...lone.group, minSize: 1 };
    lone.settle();
    expect(lone.group.desired).toBe(3);
  });

  test('that lowers maxSize moves desired, and raising it again brings nothing back', () => {
    const lone = met(8);
    lone.group = { ...lone.group, maxSize: 5 };
    lone.setDesired(5);
    expect(lone.settle()[0]?.message).toBe(
      'business: 8 → 5 is under way: changed from outside, where maxSize is 5',
    );
    lone.group = { ...lone.group, maxSize: 10 };
    expect(lone.settle()[0]).toMatchObject({ to: 5, reason: 'AtGoal' });
  });

  test('cannot go below what a window asks for at least', () => {
    const lone = met(5);
    lone.windows = [lone.window('gala', undefined, 2, { minSize: 5 })];
    lone.look();
    lone.setDesired(3);
    expect(lone.settle().map(({ reason }) => reason)).toContain('FloorRaised');
    expect(lone.group.desired).toBe(5);
  });
});

describe('a schedule event that comes late', () => {
  test('is recorded once and not obeyed', () => {
    const lone = met(3);
    const late = { kind: 'schedule', window: 'lunch', edge: 'start', at: lone.now - 125 * minute } as const;
    const [stale] = lone.look(late);
    expect(stale).toMatchObject({
      to: 3,
      reason: 'StaleEvent',
      message:
        "business: the start of window 'lunch' at 01:55 was announced 125 minutes late, and is ignored",
    });
    expect(lone.look(late).map(({ reason }) => reason)).toEqual(['AtGoal']);
  });

  test('of a minute is not late', () => {
    const lone = met(3);
    const trigger = { kind: 'schedule', window: 'lunch', edge: 'start', at: lone.now - minute } as const;
    expect(lone.decide(trigger).reason).toBe('AtGoal');
  });
});

describe('timed bumps without end', () => {
  test('are refused before the ledger is too large to be written', () => {
    const lone = met(5);
    const day = 86_400;
    for (let count = 0; count < 50; count++) {
      const adjustment = count % 2 === 0 ? 1 : -1;
      lone.settle(manual({ kind: 'adjust', adjustment, forSeconds: day }, `bump-${count}`));
      lone.now += minute;
    }
    const [decision] = lone.settle(manual({ kind: 'adjust', adjustment: 1, forSeconds: day }, 'one-more'));
    expect(decision).toMatchObject({ from: 5, to: 5, reason: 'TooManyOpenActivities' });
    expect(decision!.message).toContain('50 bumps have not ended yet');
    lone.settle(manual({ kind: 'adjust', adjustment: 1 }, 'to-stay'));
    expect(lone.group.desired).toBe(6);
  });
});
