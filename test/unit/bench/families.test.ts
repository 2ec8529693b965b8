import { expect, it } from 'vitest';
import { familyNames, familyRecordings } from '../../../bench/families.ts';

it('generates four weeks of every family, the same each time', () => {
  const [one, other] = [familyRecordings(familyNames), familyRecordings(familyNames)];
  expect(one.map(({ name }) => name)).toEqual(['daily', 'crowds', 'batch', 'onoff', 'steps', 'dst', 'flat']);
  for (const [index, { name, load }] of one.entries()) {
    expect(load.length, name).toBe(28 * 1440);
    expect(load, name).toEqual(other[index]!.load);
    expect(Math.min(...load), name).toBeGreaterThanOrEqual(0);
  }
});

it('says which families there are', () => {
  expect(() => familyRecordings(['holidays'])).toThrow(/found "holidays"; expected daily, crowds/);
});
