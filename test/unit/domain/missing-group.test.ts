import { describe, expect, test } from 'vitest';
import type { Decision } from '../../../shared/domain/decision.ts';
import { inEnglish } from '../../kit/in-english.ts';
import { LoneGroup, manual, minute } from '../../kit/lone-group.ts';

const told = (decisions: readonly Decision[]) =>
  decisions.flatMap(({ activities, forgets }) => [...activities, ...forgets]);

/** Looks every minute. */
function minutes(lone: LoneGroup, count: number): Decision[] {
  return Array.from({ length: count }, () => {
    lone.pass(1);
    return lone.look();
  }).flat();
}

describe('a group that does not exist', () => {
  test('is waited for in silence, for it may be on its way', () => {
    const lone = new LoneGroup({}, 3);
    lone.vanish();
    const decisions = [...lone.look(), ...minutes(lone, 14)];
    expect(new Set(decisions.map(({ reason }) => reason))).toEqual(new Set(['GroupMissing']));
    expect(told(decisions)).toEqual([]);
  });

  test('is told of once when it should have been there by now', () => {
    const lone = new LoneGroup({}, 3);
    lone.vanish();
    lone.look();
    const rows = told(minutes(lone, 60));
    expect(rows).toMatchObject([{ reason: 'GroupMissing', statusCode: 'Failed' }]);
    expect(inEnglish(rows[0]!.why)).toBe(
      'its scaling group does not exist: is it deployed, and is its name right?',
    );
    expect(lone.decide().ledger).toBe(lone.ledger);
  });

  test.each([1, 60])('is met for the first time when it comes after %i minutes', (wait) => {
    const lone = new LoneGroup({ minSize: 3, initialCapacity: 5 }, 3);
    lone.vanish();
    minutes(lone, wait);
    lone.vanish(false);
    expect(lone.look()[0]).toMatchObject({ from: 3, to: 5, reason: 'FirstContact' });
    expect(lone.ledger!.missing).toBeUndefined();
  });
});

describe('a group that was there before', () => {
  const window = (lone: LoneGroup) => [lone.window('lunch', 2, 4)];

  test('goes on as it was when one look did not find it', () => {
    const lone = new LoneGroup({}, 3);
    lone.windows = window(lone);
    lone.settle();
    const known = lone.ledger!;
    lone.vanish();
    lone.look();
    lone.vanish(false);
    lone.look();
    expect(lone.group.desired).toBe(5);
    expect(lone.ledger).toMatchObject({ grants: known.grants, base: known.base });
    expect(lone.ledger!.missing).toBeUndefined();
  });

  test('takes what was under way in it to its end', () => {
    const lone = new LoneGroup({}, 3);
    lone.settle();
    lone.look(manual({ kind: 'adjust', adjustment: 2 }));
    lone.vanish();
    const rows = told(minutes(lone, 30));
    expect(rows.map(({ reason, statusCode }) => `${reason} ${statusCode}`)).toEqual([
      'ManualChange Cancelled',
      'GroupMissing Failed',
    ]);
    expect(rows[0]).toMatchObject({
      endedAt: lone.now - 14 * minute,
      statusMessage: 'its scaling group is gone',
    });
    expect(lone.ledger!.open).toEqual([]);
  });

  test('is another one when it comes back after people have heard of it', () => {
    const lone = new LoneGroup({ minSize: 3 }, 3);
    lone.windows = window(lone);
    lone.settle();
    lone.vanish();
    expect(told(minutes(lone, 30))).toHaveLength(1);
    lone.vanish(false);
    lone.group = { ...lone.group, desired: 3, servers: [] };
    expect(lone.look()[0]!.reason).toBe('FirstContact');
    expect(lone.group.desired).toBe(5);
  });

  test.each([
    ['a change', { kind: 'adjust', adjustment: 2 }],
    ['a bump', { kind: 'adjust', adjustment: 2, forSeconds: 7200 }],
  ] as const)('is not told %s once more when another has come in its place', (_, request) => {
    const lone = new LoneGroup({ minSize: 1 }, 3);
    lone.settle();
    lone.settle(manual(request, 'r7'));
    expect(lone.group.desired).toBe(5);
    lone.vanish();
    minutes(lone, 30);
    lone.vanish(false);
    lone.group = { ...lone.group, desired: 1, servers: [] };
    lone.look();
    expect(lone.look(manual(request, 'r7')).map(({ reason }) => reason)).toEqual(['DuplicateRequest']);
    expect(lone.group.desired).toBe(1);
    lone.look(manual(request, 'r8'));
    expect(lone.group.desired).toBe(3);
  });

  describe('that a person has paused', () => {
    const replaced = (forSeconds: number) => {
      const lone = new LoneGroup({ minSize: 1, initialCapacity: 6 }, 8);
      lone.settle();
      lone.look(manual({ kind: 'pause', direction: 'both', forSeconds }));
      lone.vanish();
      minutes(lone, 30);
      lone.vanish(false);
      lone.group = { ...lone.group, desired: 1, servers: [] };
      return lone;
    };

    test('is paused when another comes in its place, and begins with its initial capacity when the pause is over', () => {
      const lone = replaced(3600);
      expect(lone.look().map(({ act }) => act)).not.toContainEqual(expect.anything());
      expect(lone.decide()).toMatchObject({ to: 1, reason: 'GroupPaused' });
      lone.pass(30);
      lone.settle();
      expect(lone.group.desired).toBe(6);
      expect(lone.ledger!.pause).toBeUndefined();
    });

    test('is not, when the pause has ended before', () => {
      const lone = replaced(600);
      lone.settle();
      expect(lone.group.desired).toBe(6);
    });
  });
});
