import { describe, expect, it } from 'vitest';
import { judge, type MissingData } from '../src/cloudwatch/judge.ts';

/** The tables of "How alarm state is evaluated when data is missing": `-` missing, `0` good, `X` breaching. */
const kept = undefined;
const threeOfThree: [string, ...unknown[]][] = [
  ['0-X-X', 'OK', 'OK', 'OK', 'OK'],
  ['----0', 'OK', 'OK', 'OK', 'OK'],
  ['-----', 'INSUFFICIENT_DATA', kept, 'ALARM', 'OK'],
  ['0XX-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['--X--', 'ALARM', kept, 'ALARM', 'OK'],
];
const twoOfThree: [string, ...unknown[]][] = [
  ['0-X-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['00X0X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0-X--', 'OK', 'OK', 'ALARM', 'OK'],
  ['----0', 'OK', 'OK', 'ALARM', 'OK'],
  ['----X', 'INSUFFICIENT_DATA', kept, 'ALARM', 'OK'],
];
const treatments: MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

function verdicts(range: string, needed: number): unknown[] {
  const periods = [...range].map((mark) => (mark === '-' ? undefined : mark === 'X'));
  return treatments.map((treatment) => judge(periods, 3, needed, treatment));
}

describe('alarm states with missing data', () => {
  it.each(threeOfThree)('%s with three of three datapoints to alarm', (range, ...expected) => {
    expect(verdicts(range, 3)).toEqual(expected);
  });
  it.each(twoOfThree)('%s with two of three datapoints to alarm', (range, ...expected) => {
    expect(verdicts(range, 2)).toEqual(expected);
  });
});
