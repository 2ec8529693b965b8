import { expect, it } from 'vitest';
import { Season } from '../../../shared/objective/season.ts';

const day = 1440;
const fill = (season: Season, days: number, value: (minute: number) => number) => {
  for (let minute = 0; minute < days * day + 5; minute++) season.add(minute, value(minute));
};

it('is the mean of the days at that time', () => {
  const season = new Season();
  fill(season, 4, (minute) => (minute % day < 720 ? 10 : 30));
  season.publish();
  expect(season.at(300)).toBeCloseTo(10, 9);
  expect(season.at(9 * day + 1000)).toBeCloseTo(30, 9);
  expect(season.daysAt(300)).toBe(4);
});

it('follows newer days more than older ones', () => {
  const season = new Season();
  fill(season, 14, (minute) => (minute < 7 * day ? 10 : 20));
  season.publish();
  expect(season.at(600)).toBeGreaterThan(17);
});

it('shows nothing new before it is published', () => {
  const season = new Season();
  fill(season, 2, () => 10);
  expect(season.at(300)).toBe(0);
});

it('takes means across midnight', () => {
  const season = new Season();
  fill(season, 2, (minute) => (minute % day < 720 ? 10 : 30));
  season.publish();
  expect(season.meanBefore(2 * day + 29, 60)).toBeCloseTo(20, 0);
  expect(season.meanBefore(2 * day + 400, 60)).toBeCloseTo(10, 9);
});
