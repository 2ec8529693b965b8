import { describe, expect, test } from 'vitest';
import { changes, manual, minute, Stage } from './stage.ts';

function met(desired: number, group: object = {}): Stage {
  const stage = new Stage({ minSize: 3, maxSize: 10, ...group }, desired);
  stage.look();
  return stage;
}

describe('first contact', () => {
  test('takes the group as it is', () => {
    const stage = new Stage({ minSize: 3 }, 4);
    expect(stage.decide()).toMatchObject({ to: 4, reason: 'FirstContact', ledger: { version: 1, base: 4 } });
  });

  test('applies the initial capacity', () => {
    const stage = new Stage({ minSize: 3, initialCapacity: 5 }, 3);
    expect(stage.settle()[0]).toMatchObject({ from: 3, to: 5, reason: 'FirstContact' });
    expect(stage.ledger).toMatchObject({ base: 5, desired: 5 });
  });

  test('never shrinks a fleet whose ledger was lost', () => {
    const stage = new Stage({ minSize: 3, initialCapacity: 5 }, 8);
    stage.settle();
    expect(stage.group.desired).toBe(8);
  });
});

describe('a person', () => {
  test('adds servers that stay', () => {
    const stage = met(3);
    const [decision] = stage.settle(manual({ kind: 'adjust', adjustment: 2 }));
    expect(decision).toMatchObject({
      to: 5,
      reason: 'ManualChange',
      cause: 'manual',
      message: 'business 3 → 5: +2 by alice (test)',
    });
    expect(stage.decide().to).toBe(5);
  });

  test('is answered once per request', () => {
    const stage = met(3);
    const trigger = manual({ kind: 'adjust', adjustment: 2 });
    stage.settle(trigger);
    const again = stage.settle(trigger);
    expect(again[0]).toMatchObject({ from: 5, to: 5, reason: 'DuplicateRequest' });
    expect(stage.group.desired).toBe(5);
  });

  test('is held to the bounds, and told so', () => {
    const stage = met(8);
    expect(changes(stage.settle(manual({ kind: 'set', desiredCapacity: 20 })))).toEqual([
      'business 8 → 10: set by alice (test), 20 is out of bounds',
    ]);
    expect(stage.decide(manual({ kind: 'adjust', adjustment: 1 }, 'r2'))).toMatchObject({
      to: 10,
      reason: 'AtMaximum',
      message: 'business stays at 10: alice asks for 11, but maxSize allows at most 10',
    });
    stage.settle(manual({ kind: 'set', desiredCapacity: 0 }, 'r3'));
    expect(stage.group.desired).toBe(3);
    expect(stage.decide(manual({ kind: 'adjust', adjustment: -1 }, 'r4')).reason).toBe('AtMinimum');
  });

  test('is held to the maximum of the fleet file, though the group in AWS would allow more', () => {
    const stage = met(8);
    stage.group = { ...stage.group, maxSize: 20 };
    expect(stage.look(manual({ kind: 'set', desiredCapacity: 15 }))[0]?.to).toBe(10);
  });

  test.each([undefined, 3600])(
    'who asks for more where a window has just lowered the maximum gets nothing, and loses nothing',
    (forSeconds) => {
      const stage = new Stage({ minSize: 3, maxSize: 10 }, 6);
      stage.look();
      stage.windows = [stage.window('freeze', undefined, 1, { maxSize: 4 })];
      expect(stage.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds }))[0]?.message).toBe(
        "business stays at 6: alice asks for 8, but window 'freeze' allows at most 4",
      );
      stage.settle();
      expect(stage.ledger).toMatchObject({ desired: 4, base: 6, grants: [] });
    },
  );

  test('who asks for less where more have just been protected gets nothing, and takes nothing', () => {
    const stage = new Stage({ minSize: 1, maxSize: 10 }, 3);
    stage.look();
    stage.settle(manual({ kind: 'pause', direction: 'out' }, 'r0'));
    stage.group = { ...stage.group, minSize: 5 };
    const ask = manual({ kind: 'adjust', adjustment: -1, forSeconds: 3600 });
    expect(stage.settle(ask)[0]).toMatchObject({ to: 3, reason: 'AtMinimum' });
    expect(stage.ledger?.grants).toEqual([]);
  });

  test('who sets a capacity inside a window is told what it will be afterwards', () => {
    const stage = met(3);
    stage.windows = [stage.window('lunch', 2, 2)];
    stage.settle();
    const [decision] = stage.settle(manual({ kind: 'set', desiredCapacity: 8 }));
    expect(decision?.message).toBe("business 5 → 8: set by alice (test); 6 once window 'lunch' is over");
    expect(stage.decide(manual({ kind: 'set', desiredCapacity: 8 }, 'r2')).message).toBe(
      "business stays at 8: alice asks for 8, but it is there already; 6 once window 'lunch' is over",
    );
    stage.pass(120);
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(6);
  });

  test('who takes servers away takes the newest grant first, then base', () => {
    const stage = met(5);
    stage.windows = [stage.window('lunch', 2, 2)];
    stage.settle();
    stage.settle(manual({ kind: 'adjust', adjustment: -3 }));
    expect(stage.group.desired).toBe(4);
    expect(stage.ledger).toMatchObject({ base: 4, grants: [{ servers: 0 }] });
    stage.settle();
    expect(stage.group.desired).toBe(4);
    stage.pass(120);
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(4);
  });

  test('bumps for a time, and it ends by itself', () => {
    const stage = met(3);
    const [decision] = stage.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 7200 }));
    expect(decision?.message).toBe('business 3 → 5: +2 by alice (test) until 06:00');
    stage.pass(119);
    expect(stage.decide().to).toBe(5);
    stage.pass(1);
    expect(stage.settle()[0]).toMatchObject({
      from: 5,
      to: 3,
      reason: 'ManualGrantEnded',
      cause: 'manual',
      message: 'business 5 → 3: the bump by alice ended (−2)',
    });
  });

  test('whose bump met the maximum is told, and it gives back what there was room for', () => {
    const stage = met(9);
    const [decision] = stage.settle(manual({ kind: 'adjust', adjustment: 3, forSeconds: 3600 }));
    expect(decision?.message).toBe('business 9 → 10: +3 by alice (test) until 05:00, 12 is out of bounds');
    expect(stage.ledger?.grants).toMatchObject([{ servers: 1 }]);
    stage.pass(60);
    expect(changes(stage.settle())).toEqual(['business 10 → 9: the bump by alice ended (−1)']);
  });

  test('is given on top for a time where a floor holds the group up, and the floor stays', () => {
    const stage = met(3);
    stage.windows = [stage.window('sale', undefined, 4, { minSize: 6 })];
    stage.settle();
    const [bumped] = stage.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 3600 }));
    expect(bumped?.message).toBe('business 6 → 8: +2 by alice (test) until 05:00');
    stage.pass(60);
    expect(changes(stage.settle())).toEqual(['business 8 → 6: the bump by alice ended (−2)']);
    stage.pass(180);
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(3);
  });

  test('takes away for a time where a maximum holds the group down', () => {
    const stage = met(8);
    stage.windows = [stage.window('night', undefined, 4, { maxSize: 5 })];
    stage.settle();
    const [bumped] = stage.settle(manual({ kind: 'adjust', adjustment: -2, forSeconds: 3600 }));
    expect(bumped?.message).toBe('business 5 → 3: −2 by alice (test) until 05:00');
    stage.pass(60);
    stage.settle();
    expect(stage.group.desired).toBe(5);
    stage.pass(180);
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(8);
  });

  test('can bump downwards for a time, too', () => {
    const stage = met(6);
    stage.settle(manual({ kind: 'adjust', adjustment: -2, forSeconds: 3600 }));
    expect(stage.group.desired).toBe(4);
    stage.pass(60);
    stage.settle();
    expect(stage.group.desired).toBe(6);
    expect(stage.decide().reason).toBe('AtGoal');
  });

  test('pauses the group, which is then not touched, and the pause ends by itself', () => {
    const stage = met(3);
    const [paused] = stage.look(manual({ kind: 'pause', direction: 'both', forSeconds: 3600 }));
    expect(paused).toMatchObject({
      reason: 'Paused',
      message: 'business: it is paused by alice until 05:00 (test)',
      forgets: [{ statusCode: 'Successful', from: 3, to: 3 }],
    });
    expect(stage.decide()).toMatchObject({ to: 3, reason: 'GroupPaused' });
    stage.windows = [stage.window('lunch', 2, 2)];
    expect(stage.look()[0]).toMatchObject({ to: 3, reason: 'GroupPaused' });
    expect(stage.decide(manual({ kind: 'adjust', adjustment: 1 }, 'r2')).to).toBe(3);
    stage.pass(60);
    const [resumed, opened] = stage.look();
    expect(resumed?.reason).toBe('Resumed');
    expect(opened).toMatchObject({ to: 5, reason: 'WindowOpened' });
  });

  test('pauses one direction only', () => {
    const stage = met(3);
    stage.look(manual({ kind: 'pause', direction: 'in' }));
    stage.settle(manual({ kind: 'adjust', adjustment: 2 }, 'r2'));
    expect(stage.group.desired).toBe(5);
    expect(stage.look(manual({ kind: 'adjust', adjustment: -1 }, 'r3'))[0]).toMatchObject({
      to: 5,
      reason: 'GroupPaused',
      message:
        'business stays at 5: alice asks for 4, but scale-in is paused by alice until somebody resumes it (test)',
    });
    expect(stage.look(manual({ kind: 'resume' }, 'r4')).map(({ reason }) => reason)).toContain('Resumed');
    stage.settle(manual({ kind: 'adjust', adjustment: -1 }, 'r5'));
    expect(stage.group.desired).toBe(4);
  });

  test('is told that a group that is to be resumed was not paused; nothing is written', () => {
    const stage = met(3);
    expect(stage.decide(manual({ kind: 'resume' }))).toMatchObject({
      reason: 'AtGoal',
      message: 'business stays at 3: alice asks to resume it, but it is not paused',
      ledger: stage.ledger,
      activities: [],
      forgets: [],
    });
  });

  test('waits for nobody, neither for launches that fail nor for cooldowns', () => {
    const stage = met(3);
    stage.setDesired(4);
    stage.look();
    stage.fail({ at: stage.now + 1000, kind: 'capacity', message: 'none left' });
    stage.pass(1);
    stage.look();
    stage.look(manual({ kind: 'adjust', adjustment: 1 }));
    expect(stage.group.desired).toBe(5);
  });
});

describe('a person who asks for one more while launches fail, where others ask for eight', () => {
  function held(): Stage {
    const stage = met(8);
    stage.windows = [stage.window('night', undefined, 1, { maxSize: 3 })];
    stage.settle();
    stage.windows = [];
    const launchHold = {
      failedAt: stage.now,
      retryAt: stage.now + 10 * minute,
      failures: 1,
      failure: { key: 'launchesFail', kind: 'capacity', says: 'none' } as const,
    };
    stage.ledger = { ...stage.ledger!, launchHold };
    return stage;
  }

  test.each([
    ['for good', undefined, 'business 3 → 4: +1 by alice (test)', 8],
    ['for a time', 3600, 'business 3 → 4: +1 by alice (test) until 05:00', 9],
  ])('gets one, %s, and the others theirs later', (_, forSeconds, message, later) => {
    const stage = held();
    expect(changes(stage.look(manual({ kind: 'adjust', adjustment: 1, forSeconds })))).toEqual([message]);
    stage.pass(10);
    stage.settle();
    expect(stage.group.desired).toBe(later);
  });
});

describe('the outside', () => {
  test('is recorded and kept', () => {
    const stage = met(3);
    stage.setDesired(6);
    const [noticed] = stage.settle();
    expect(noticed).toMatchObject({
      reason: 'ExternalChange',
      cause: 'external',
      message: 'business: 3 → 6 is under way: changed from outside',
      act: undefined,
      activities: [{ from: 3, to: 6, trigger: 'external' }],
    });
    stage.pass(10);
    expect(stage.decide()).toMatchObject({ to: 6, reason: 'AtGoal' });
    expect([...stage.log.values()].map(({ statusCode }) => statusCode)).toEqual(['Successful']);
  });

  test('that takes servers away takes the newest grant first', () => {
    const stage = met(3);
    stage.windows = [stage.window('lunch', 2, 2)];
    stage.settle();
    stage.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 7200 }));
    stage.setDesired(4);
    stage.settle();
    expect(stage.ledger).toMatchObject({ base: 3, grants: [{ servers: 1 }, { servers: 0 }] });
    stage.pass(120);
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(3);
  });

  test('that raises minSize moves desired, which falls again once minSize is lowered, and both are told', () => {
    const stage = met(4);
    stage.group = { ...stage.group, minSize: 6 };
    stage.setDesired(6);
    const [raised] = stage.settle();
    expect(raised?.message).toBe('business: 4 → 6 is under way: changed from outside, where minSize is 6');
    stage.group = { ...stage.group, minSize: 3 };
    expect(changes(stage.settle())).toEqual(['business 6 → 4: minSize no longer holds it up (−2)']);
  });

  test('that raises minSize inside a window takes nothing of what the window has granted', () => {
    const stage = met(3);
    stage.windows = [stage.window('lunch', 2, 2)];
    stage.settle();
    stage.group = { ...stage.group, minSize: 6 };
    stage.setDesired(6);
    stage.settle();
    expect(stage.group.desired).toBe(8);
    stage.pass(120);
    stage.windows = [];
    expect(changes(stage.settle())).toEqual(["business 8 → 6: window 'lunch' closed (−2)"]);
    stage.group = { ...stage.group, minSize: 1 };
    stage.settle();
    expect(stage.group.desired).toBe(3);
  });

  test('that lowers maxSize moves desired, and raising it again brings nothing back', () => {
    const stage = met(8);
    stage.group = { ...stage.group, maxSize: 5 };
    stage.setDesired(5);
    expect(stage.settle()[0]?.message).toBe(
      'business: 8 → 5 is under way: changed from outside, where maxSize is 5',
    );
    stage.group = { ...stage.group, maxSize: 10 };
    expect(stage.settle()[0]).toMatchObject({ to: 5, reason: 'AtGoal' });
  });

  test('cannot go below what a window asks for at least', () => {
    const stage = met(5);
    stage.windows = [stage.window('gala', undefined, 2, { minSize: 5 })];
    stage.look();
    stage.setDesired(3);
    expect(stage.settle().map(({ reason }) => reason)).toContain('FloorRaised');
    expect(stage.group.desired).toBe(5);
  });
});

describe('a schedule event that comes late', () => {
  test('is recorded once and not obeyed', () => {
    const stage = met(3);
    const late = { kind: 'schedule', window: 'lunch', edge: 'start', at: stage.now - 125 * minute } as const;
    const [stale] = stage.look(late);
    expect(stale).toMatchObject({
      to: 3,
      reason: 'StaleEvent',
      message:
        "business: the start of window 'lunch' at 01:55 was announced 125 minutes late, and is ignored",
    });
    expect(stage.look(late).map(({ reason }) => reason)).toEqual(['AtGoal']);
  });

  test('of a minute is not late', () => {
    const stage = met(3);
    const trigger = { kind: 'schedule', window: 'lunch', edge: 'start', at: stage.now - minute } as const;
    expect(stage.decide(trigger).reason).toBe('AtGoal');
  });
});

describe('timed bumps without end', () => {
  test('are refused before the ledger is too large to be written', () => {
    const stage = met(5);
    const day = 86_400;
    for (let count = 0; count < 50; count++) {
      const adjustment = count % 2 === 0 ? 1 : -1;
      stage.settle(manual({ kind: 'adjust', adjustment, forSeconds: day }, `bump-${count}`));
      stage.now += minute;
    }
    const [decision] = stage.settle(manual({ kind: 'adjust', adjustment: 1, forSeconds: day }, 'one-more'));
    expect(decision).toMatchObject({ from: 5, to: 5, reason: 'TooManyOpenActivities' });
    expect(decision!.message).toContain('50 bumps have not ended yet');
    stage.settle(manual({ kind: 'adjust', adjustment: 1 }, 'to-stay'));
    expect(stage.group.desired).toBe(6);
  });
});
