import { describe, expect, it } from 'vitest';
import { adverseCases, playCase } from '../../../bench/adverse/adverse-cases.ts';

describe('loads and metrics that lead a scaler astray', () => {
  it.each(adverseCases().map((adverse) => [adverse.name, adverse] as const))('%s', (_, adverse) => {
    const { seen, within } = playCase(adverse);
    expect(within, `wanted: ${adverse.wanted}; seen: ${seen}`).toBe(true);
  });
});
