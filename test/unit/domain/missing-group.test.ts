import { describe, expect, test } from 'vitest';
import type { Decision } from '../../../shared/domain/decision.ts';
import { inEnglish } from '../../kit/in-english.ts';
import { manual, minute, Stage } from './stage.ts';

const told = (decisions: readonly Decision[]) =>
  decisions.flatMap(({ activities, forgets }) => [...activities, ...forgets]);

/** Looks every minute. */
function minutes(stage: Stage, count: number): Decision[] {
  return Array.from({ length: count }, () => {
    stage.pass(1);
    return stage.look();
  }).flat();
}

describe('a group that does not exist', () => {
  test('is waited for in silence, for it may be on its way', () => {
    const stage = new Stage({}, 3);
    stage.vanish();
    const decisions = [...stage.look(), ...minutes(stage, 14)];
    expect(new Set(decisions.map(({ reason }) => reason))).toEqual(new Set(['GroupMissing']));
    expect(told(decisions)).toEqual([]);
  });

  test('is told of once when it should have been there by now', () => {
    const stage = new Stage({}, 3);
    stage.vanish();
    stage.look();
    const rows = told(minutes(stage, 60));
    expect(rows).toMatchObject([{ reason: 'GroupMissing', statusCode: 'Failed' }]);
    expect(inEnglish(rows[0]!.why)).toBe(
      'its scaling group does not exist: is it deployed, and is its name right?',
    );
    expect(stage.decide().ledger).toBe(stage.ledger);
  });

  test.each([1, 60])('is met for the first time when it comes after %i minutes', (wait) => {
    const stage = new Stage({ minSize: 3, initialCapacity: 5 }, 3);
    stage.vanish();
    minutes(stage, wait);
    stage.vanish(false);
    expect(stage.look()[0]).toMatchObject({ from: 3, to: 5, reason: 'FirstContact' });
    expect(stage.ledger!.missing).toBeUndefined();
  });
});

describe('a group that was there before', () => {
  const window = (stage: Stage) => [stage.window('lunch', 2, 4)];

  test('goes on as it was when one look did not find it', () => {
    const stage = new Stage({}, 3);
    stage.windows = window(stage);
    stage.settle();
    const known = stage.ledger!;
    stage.vanish();
    stage.look();
    stage.vanish(false);
    stage.look();
    expect(stage.group.desired).toBe(5);
    expect(stage.ledger).toMatchObject({ grants: known.grants, base: known.base });
    expect(stage.ledger!.missing).toBeUndefined();
  });

  test('takes what was under way in it to its end', () => {
    const stage = new Stage({}, 3);
    stage.settle();
    stage.look(manual({ kind: 'adjust', adjustment: 2 }));
    stage.vanish();
    const rows = told(minutes(stage, 30));
    expect(rows.map(({ reason, statusCode }) => `${reason} ${statusCode}`)).toEqual([
      'ManualChange Cancelled',
      'GroupMissing Failed',
    ]);
    expect(rows[0]).toMatchObject({
      endedAt: stage.now - 14 * minute,
      statusMessage: 'its scaling group is gone',
    });
    expect(stage.ledger!.open).toEqual([]);
  });

  test('is another one when it comes back after people have heard of it', () => {
    const stage = new Stage({ minSize: 3 }, 3);
    stage.windows = window(stage);
    stage.settle();
    stage.vanish();
    expect(told(minutes(stage, 30))).toHaveLength(1);
    stage.vanish(false);
    stage.group = { ...stage.group, desired: 3, servers: [] };
    expect(stage.look()[0]!.reason).toBe('FirstContact');
    expect(stage.group.desired).toBe(5);
  });
});
