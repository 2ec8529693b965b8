import { expect, it } from 'vitest';
import { Series } from '../src/cloudwatch/series.ts';

it('keeps every datapoint as it grows, and those that come late', () => {
  const series = new Series();
  for (let minute = 100; minute < 1100; minute++) if (minute % 7 !== 0) series.add(minute, minute);
  for (let minute = 105; minute < 1100; minute += 7) series.add(minute, minute);
  series.add(99, 99);
  series.add(500, 502);
  const averages = Array.from({ length: 1001 }, (_, index) => series.at(99 + index)?.statistic('Average'));
  expect(averages).toEqual(Array.from({ length: 1001 }, (_, index) => (index === 401 ? 501 : 99 + index)));
});
