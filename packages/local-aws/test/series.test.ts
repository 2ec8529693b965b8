import { expect, it } from 'vitest';
import type { Observation, Sample } from '../src/cloudwatch/sample.ts';
import { Series } from '../src/cloudwatch/series.ts';

function facts(sample: Sample | undefined) {
  return (
    sample && ['SampleCount', 'Sum', 'Minimum', 'Maximum', 'p50', 'p90'].map((name) => sample.statistic(name))
  );
}

/** What one look after the other would make of the same observations. */
const observations: Readonly<Record<string, readonly Observation[]>> = {
  'a single value': [7],
  'values of several servers': [3, 9, 5],
  'values with counts': [{ values: [1, 2, 3], counts: [5, 1, 1] }],
  'a statistic set': [{ sampleCount: 4, sum: 10, minimum: 1, maximum: 4 }],
  'a statistic set beside values': [{ sampleCount: 4, sum: 10, minimum: 1, maximum: 4 }, 12],
  'an empty statistic set': [{ sampleCount: 0, sum: 0, minimum: 0, maximum: 0 }],
};

it.each(Object.keys(observations))(
  'tells %s the same while the minute lasts and once it is packed away',
  (name) => {
    const series = new Series();
    for (const observation of observations[name]!) series.add(100, observation);
    const fresh = facts(series.at(100));
    for (let minute = 101; minute < 200; minute++) for (const value of [1, 2]) series.add(minute, value);
    expect(facts(series.at(100))).toEqual(fresh);
    expect(facts(series.at(150))).toEqual([2, 3, 1, 2, 1, 2]);
    expect(series.last).toBe(199);
  },
);

it('takes what comes late, into minutes that are packed and into those before the first', () => {
  const series = new Series();
  for (const minute of [100, 101, 102]) for (const value of [1, 3]) series.add(minute, value);
  series.add(100, 5);
  series.add(90, 8);
  expect(facts(series.at(100))?.slice(0, 2)).toEqual([3, 9]);
  expect(facts(series.at(90))?.slice(0, 2)).toEqual([1, 8]);
  expect(series.at(95)).toBeUndefined();
});

it('forgets what is older than fifteen days, and keeps the rest', () => {
  const series = new Series();
  const end = 3 * 15 * 1440;
  for (let minute = 0; minute <= end; minute++) {
    series.add(minute, minute);
    if (minute % 1000 === 0) series.add(minute, -1);
  }
  expect(series.at(10)).toBeUndefined();
  expect(facts(series.at(end))?.slice(0, 3)).toEqual([1, end, end]);
  expect(facts(series.at(end - 1))?.slice(0, 2)).toEqual([1, end - 1]);
  expect(facts(series.at(end - 800))?.slice(0, 2)).toEqual([2, end - 801]);
});

it('keeps every datapoint as it grows, and those that come late', () => {
  const series = new Series();
  for (let minute = 100; minute < 1100; minute++) if (minute % 7 !== 0) series.add(minute, minute);
  for (let minute = 105; minute < 1100; minute += 7) series.add(minute, minute);
  series.add(99, 99);
  series.add(500, 502);
  const averages = Array.from({ length: 1001 }, (_, index) => series.at(99 + index)?.statistic('Average'));
  expect(averages).toEqual(Array.from({ length: 1001 }, (_, index) => (index === 401 ? 501 : 99 + index)));
});
