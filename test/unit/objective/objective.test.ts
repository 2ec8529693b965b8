import { describe, expect, it } from 'vitest';
import { advise } from '../../../shared/objective/advise.ts';
import { forecastOf } from '../../../shared/objective/explain-advice.ts';
import { learn } from '../../../shared/objective/learn.ts';
import { serverLimit } from '../../../shared/objective/most-servers.ts';
import { type Advice, type LoadMinute, Objective } from '../../../shared/objective/objective.ts';
import { defaultObjective } from '../../../shared/objective/objective-policy.ts';
import { generateLoad, lunchDayShape } from '../../../simulate/world/generator.ts';
import { inEnglish } from '../../kit/in-english.ts';

const dayMinutes = 1440;
/** Midnight UTC of a Monday, in minutes. */
const first = Date.UTC(2026, 2, 2) / 60_000;
const policy = { ...defaultObjective, bootMinutes: 3 };

/** Lunch days of about 10 servers, 20 at lunch, and a fleet that does what is advised at once. */
function live(objective: Objective, load: Float64Array): { minutes: LoadMinute[]; advice: Advice[] } {
  const minutes: LoadMinute[] = [];
  const advice: Advice[] = [];
  let desired = 12;
  load.forEach((value, i) => {
    const minute = { minute: first + i, load: value, inService: desired, desired };
    minutes.push(minute);
    advice.push(objective.step(minute));
    desired = advice.at(-1)!.desired;
  });
  return { minutes, advice };
}

const days = (count: number) =>
  generateLoad(lunchDayShape, { seed: 5, minutes: count * dayMinutes }).map((requests) => requests / 2400);

describe('what it learns', () => {
  const { minutes, advice } = live(new Objective(policy), days(6));
  const at = (day: number, minuteOfDay: number) => advice[day * dayMinutes + minuteOfDay]!;

  it('sees lunch coming once it has seen it', () => {
    expect(at(0, 658).expects).toBeLessThan(12);
    expect(at(5, 658).expects).toBeGreaterThan(13);
    expect(at(5, 658).desired).toBeGreaterThan(at(5, 640).desired);
  });

  it('knows how wrong it is', () => {
    const misses = advice.slice(4 * dayMinutes, 6 * dayMinutes - 6).map((told, i) => {
      const came = minutes[4 * dayMinutes + i + 5]!.load;
      return Math.abs(came - told.expects) / told.error;
    });
    const mean = misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
    expect(mean).toBeGreaterThan(0.7);
    expect(mean).toBeLessThan(1.4);
  });

  it('gives back after lunch', () => {
    expect(at(5, 800).desired).toBeLessThan(at(5, 750).desired - 5);
  });
});

describe('when it cannot know', () => {
  it('holds while the load is unknown, and asks for nothing', () => {
    const objective = new Objective(policy);
    live(objective, days(2));
    const told = objective.step({
      minute: first + 2 * dayMinutes,
      load: Number.NaN,
      inService: 9,
      desired: 9,
    });
    expect(told).toMatchObject({ known: false, desired: 9, keep: 9 });
    expect(forecastOf(told, 'tracks')).toMatchObject({ need: undefined, keep: undefined });
  });

  it('never takes silence for an absence of load', () => {
    const objective = new Objective(policy);
    live(objective, days(2));
    const before = objective.step({ minute: first + 2 * dayMinutes, load: 10, inService: 12, desired: 12 });
    const after = objective.step({
      minute: first + 2 * dayMinutes + 90,
      load: 10,
      inService: 12,
      desired: 12,
    });
    expect(after.expects).toBeGreaterThan(0.8 * before.expects);
  });

  it('takes counts that cannot be for unknown', () => {
    const objective = new Objective(policy);
    live(objective, days(3));
    const at = { minute: first + 3 * dayMinutes, load: 10, inService: 12, desired: 12 };
    for (const load of [-50, Number.NaN, Number.POSITIVE_INFINITY]) {
      const told = objective.step({ ...at, load });
      expect(told).toMatchObject({ known: false, desired: 12 });
    }
    const left = objective.step({ ...at, minute: at.minute + 1 }).budgetLeft;
    const told = objective.step({ ...at, minute: at.minute + 2, inService: -1, desired: -3 });
    expect(told.known).toBe(true);
    expect(told.desired).toBeGreaterThanOrEqual(10);
    expect(told.budgetLeft).toBe(left);
  });

  it('asks for no more than a group can have, whatever is measured', () => {
    const objective = new Objective(policy);
    live(objective, days(3));
    for (let minute = 0; minute < 60; minute++) {
      const load = 10 ** (3 + (minute % 12));
      const told = objective.step({
        minute: first + 3 * dayMinutes + minute,
        load,
        inService: 12,
        desired: 12,
      });
      expect(told.desired).toBeLessThanOrEqual(serverLimit);
    }
  });

  it('says that it knows no season in the first two days', () => {
    const { advice } = live(new Objective(policy), days(4));
    expect(inEnglish(forecastOf(advice[dayMinutes]!, 'tracks').why)).toContain(
      'knows 1.0 days and no season yet',
    );
    expect(inEnglish(forecastOf(advice[4 * dayMinutes - 1]!, 'tracks').why)).not.toContain('season');
  });

  it('says so when its forecasts are far off, widens the bar, and as a floor stands back', () => {
    const load = days(4);
    for (let minute = 3 * dayMinutes; minute < load.length; minute++)
      load[minute]! *= minute % 12 < 6 ? 3 : 1;
    const { advice } = live(new Objective(policy), load);
    const calm = advice[3 * dayMinutes - 1]!;
    const off = advice.slice(3 * dayMinutes, 3 * dayMinutes + 60).find(({ strained }) => strained)!;
    expect(off.error).toBeGreaterThan(3 * calm.error);
    expect(inEnglish(forecastOf(off, 'tracks').why)).toContain('far off');
    expect(forecastOf(off, 'floor').need).toBeUndefined();
    expect(inEnglish(forecastOf(off, 'floor').why)).toMatch(/^it asks for nothing/);
    expect(forecastOf(calm, 'floor').need).toBe(calm.keep);
  });
});

it('is not carried away by two mistaken readings of a load that was always as expected', () => {
  const load = Float64Array.from({ length: 6 * dayMinutes + 910 }, (_, minute) => {
    const lunch = minute % dayMinutes >= 660 && minute % dayMinutes < 780;
    return (lunch ? 8 : 4) * (1 + 0.02 * Math.sin((minute % dayMinutes) / 7));
  });
  for (const minute of [900, 901]) load[6 * dayMinutes + minute]! *= 2;
  const { advice } = live(new Objective(policy), load);
  const after = advice.slice(6 * dayMinutes + 900);
  expect(Math.max(...after.map(({ desired }) => desired))).toBeLessThan(24);
});

describe('learning hourly and advising every minute', () => {
  const { minutes, advice } = live(new Objective(policy), days(5));
  const until = (index: number) => minutes.slice(0, index + 1);

  it('advises what it would have without ever having been saved', () => {
    for (const index of [4 * dayMinutes + 17, 4 * dayMinutes + 659, 4 * dayMinutes + 700]) {
      const saved = learn(policy, undefined, until(index - 20));
      const told = advise(policy, saved, until(index), minutes[index]!.minute + 2)!;
      expect(told.desired).toBe(advice[index]!.desired);
      expect(told.expects).toBeCloseTo(advice[index]!.expects, 2);
      expect(told.error).toBeCloseTo(advice[index]!.error, 2);
      expect(told.price).toBeCloseTo(advice[index]!.price, 5);
    }
  });

  it('learns the same in hourly portions', () => {
    const whole = learn(policy, undefined, until(3 * dayMinutes));
    const half = learn(policy, undefined, until(2 * dayMinutes + 500));
    const rest = learn(policy, half, until(3 * dayMinutes));
    expect(rest.model.minute).toBe(whole.model.minute);
    expect(rest.model.season.any.means[100]).toBeCloseTo(whole.model.season.any.means[100]!, 2);
  });

  it('saves an item whose size does not grow with the history', () => {
    const size = (count: number) =>
      JSON.stringify(learn(policy, undefined, until(count * dayMinutes))).length;
    expect(size(4)).toBeLessThan(1.3 * size(2));
    expect(size(4)).toBeLessThan(100_000);
  });

  it('holds when the newest minute is old', () => {
    const saved = learn(policy, undefined, until(4 * dayMinutes));
    const told = advise(
      policy,
      saved,
      until(4 * dayMinutes + 30),
      minutes[4 * dayMinutes + 30]!.minute + 20,
    )!;
    expect(told).toMatchObject({ known: false, desired: minutes[4 * dayMinutes + 30]!.desired });
  });

  it('has nothing to say before the first minute', () => {
    expect(advise(policy, undefined, [], first)).toBeUndefined();
    expect(inEnglish(forecastOf(undefined, 'tracks').why)).toContain('unknown');
  });
});

describe('its sentence', () => {
  it.each(['negative', 'asBusy', 'unhealthy', 'neverSoLow', 'noBusier', 'neverSoHigh'] as const)(
    'says why it holds: %s',
    (why) => {
      const doubt = { why, from: 10, to: 0.01 };
      const told = forecastOf({ ...advice, known: false, doubt }, 'tracks');
      expect(told).toMatchObject({ need: undefined, doubted: true });
      expect(inEnglish(told.why)).toMatch(/^the load .*: it holds/);
    },
  );

  const advice: Advice = {
    desired: 7,
    keep: 7,
    known: true,
    doubt: undefined,
    expects: 5.2,
    error: 0.6,
    expectedMinute: Date.UTC(2026, 2, 4, 12, 4) / 60_000,
    lastServerUse: 0.009,
    price: 0.005,
    budgetLeft: 0.38,
    budgetDays: 28,
    promise: 0.001,
    promisable: 0.0001,
    days: 30,
    seasonal: true,
    strained: false,
  };
  const said = (change: Partial<Advice>) =>
    inEnglish(forecastOf({ ...advice, ...change }, 'tracks').why, Date.UTC(2026, 2, 4, 12));

  it('says what it expects, what that is worth, and what is left of the budget', () => {
    expect(said({})).toBe(
      "needs 7: expects 5.2 ± 0.6 servers' load at 12:04; the 7th would be used 0.9% of the time, " +
        'and the objective buys servers above 0.5%; 38% of the 28-day error budget is left',
    );
  });

  it('says how the promise was broken, and what is done about it', () => {
    expect(said({ budgetLeft: -0.4, price: 0.0002 })).toMatch(
      /servers above 0\.02%; the 28-day error budget is overspent by 40%: servers are kept that would be used 0\.02% of the time$/,
    );
  });

  it('speaks of the days that the budget is about', () => {
    expect(said({ budgetDays: 5.4 })).toContain('38% of the 5-day error budget is left');
    expect(said({ budgetDays: 0.1 })).toContain('38% of the 1-day error budget is left');
    expect(said({ budgetDays: 0 })).toMatch(/its error budget begins with the third day$/);
  });

  it('says what can be promised where that is less, once it has seen a week', () => {
    const remark = /; its past allows a promise of 0\.31% and not of 0\.1%$/;
    expect(said({ promisable: 0.0031 })).toMatch(remark);
    expect(said({ promisable: 0.0031, budgetDays: 6 })).not.toMatch(remark);
    expect(said({ promisable: 0.001 })).not.toMatch(/allows/);
  });

  it('says how long launches take', () => {
    const boot = { minutes: 4, launches: 24 };
    for (const strained of [false, true]) {
      const { why } = forecastOf({ ...advice, strained }, 'tracks', undefined, boot);
      expect(inEnglish(why)).toMatch(/; launches take 4 minutes, by the last 24$/);
    }
  });

  it('tells small shares apart', () => {
    expect(said({ price: 0.000_003 })).toContain('above 0.0003%');
    expect(said({ price: 0.000_001 })).toContain('above 0.0001%');
    expect(said({ lastServerUse: 0 })).toContain('used 0% of');
  });
});
