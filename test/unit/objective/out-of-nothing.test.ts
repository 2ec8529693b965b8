import { expect, it } from 'vitest';
import { LoadModel } from '../../../shared/objective/load-model.ts';

const day = 1440;
const bootMinutes = 3;

/** @returns what is expected at 8:01 when it is 7:56, and at 8:01 when it is seen */
function expectedAtEight(days: number, load: (minute: number) => number): number {
  const model = new LoadModel({ bootMinutes });
  const last = days * day + 8 * 60 - 4;
  for (let minute = 0; minute <= last; minute++) model.observe(minute, load(minute));
  return model.ready.expects;
}

const isOn = (minute: number) => minute % day >= 8 * 60 && minute % day < 20 * 60;

it('a load that comes out of nothing at the same time each day is foreseen', () => {
  expect(expectedAtEight(5, (minute) => (isOn(minute) ? 40 : 0))).toBeGreaterThan(15);
});

it('one that came so on a single day is not', () => {
  expect(expectedAtEight(5, (minute) => (isOn(minute) && minute < day ? 40 : 0))).toBeLessThan(1);
});
