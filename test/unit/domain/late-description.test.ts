import { describe, expect, it } from 'vitest';
import { correctLateDescription } from '../../../shared/domain/correct-late-description.ts';
import { unwrittenLedger } from '../../../shared/domain/first-contact.ts';
import type { Ledger, OpenActivity } from '../../../shared/domain/ledger.ts';

const now = Date.parse('2026-03-04T03:00:00Z');
const group = {
  name: 'asg',
  minSize: 1,
  maxSize: 10,
  servers: [],
  suspended: [],
  trafficSources: [],
};

/** Desired went 3 → 5 → 6, so many seconds ago. */
function ledgerAfter(first: number, second: number, open: readonly OpenActivity[] = []): Ledger {
  const changes = [
    [now - first * 1000, 2],
    [now - second * 1000, 1],
  ] as const;
  return { ...unwrittenLedger(6), changes, open };
}

function seen(desired: number, ledger: Ledger, set?: number): number {
  return correctLateDescription({ ...group, desired }, ledger, now, set).desired;
}

describe('a description', () => {
  it('that shows what was before a change of these seconds is late', () => {
    expect(seen(5, ledgerAfter(8, 4))).toBe(6);
    expect(seen(3, ledgerAfter(8, 4))).toBe(6);
  });

  it.each([
    ['a maximum', { maxSize: 5 }, { minSize: 1, maxSize: 6 }],
    ['a minimum', { minSize: 7, maxSize: 9 }, { minSize: 6, maxSize: 9 }],
  ])('that is late is so in %s that leaves desired out, too', (_, shown, bounds) => {
    const late = { ...group, ...shown, desired: 5 };
    expect(correctLateDescription(late, ledgerAfter(8, 4), now, undefined)).toMatchObject({
      desired: 6,
      ...bounds,
    });
  });

  it('is believed when the change is longer ago, or when it shows what never was', () => {
    expect(seen(5, ledgerAfter(40, 16))).toBe(5);
    expect(seen(3, ledgerAfter(16, 4))).toBe(3);
    expect(seen(4, ledgerAfter(8, 4))).toBe(4);
  });

  it('is believed where the provider is never late', () => {
    const late = { ...group, desired: 5, neverLate: true } as const;
    expect(correctLateDescription(late, ledgerAfter(8, 4), now, undefined).desired).toBe(5);
  });

  it('is believed when it shows what was to be set', () => {
    const intended = { phase: 'intended', to: 4 } as OpenActivity;
    expect(seen(4, ledgerAfter(8, 4, [intended]))).toBe(4);
  });

  it('that shows what is to be set back says nothing, but to the one who has set it', () => {
    const intended = { phase: 'intended', to: 5 } as OpenActivity;
    expect(seen(5, ledgerAfter(8, 4, [intended]))).toBe(6);
    expect(seen(5, ledgerAfter(8, 4, [intended]), 5)).toBe(5);
    expect(seen(5, ledgerAfter(40, 16, [intended]))).toBe(5);
  });
});
