import { expect, it } from 'vitest';
import { interleaved } from '../../../bench/interleaved.ts';

it('measures in turn, and takes the median of each', async () => {
  const turns: string[] = [];
  const measure = (name: string, values: number[]) => async () => {
    turns.push(name);
    return values.shift()!;
  };
  const medians = await interleaved(3, { own: measure('own', [9, 1, 2]), bare: measure('bare', [1, 5, 3]) });
  expect(medians).toEqual({ own: 2, bare: 3 });
  expect(turns).toEqual(['own', 'bare', 'own', 'bare', 'own', 'bare']);
});

it('takes the middle between two when there is no median', async () => {
  const values = [4, 1, 2, 9];
  expect(await interleaved(4, { one: () => values.shift()! })).toEqual({ one: 3 });
});
