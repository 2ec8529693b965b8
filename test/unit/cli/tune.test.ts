import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../cli/tune/candidates.ts';
import { learnedWindow } from '../../../cli/tune/learned-window.ts';
import { promisable } from '../../../cli/tune/promisable.ts';
import { promiseOfPast, promiseText } from '../../../cli/tune/promise-of-past.ts';
import { baselineOf, bestOf, frontOf, type Outcome, search, type Tried } from '../../../cli/tune/search.ts';
import type { Group } from '../../../shared/fleet/group.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { generateLoad, lunchDayShape } from '../../../simulate/world/generator.ts';

const start = Date.parse('2026-03-02T00:00:00Z');
const load = generateLoad({ ...lunchDayShape, requestsPerSecond: 150 }, { seed: 2, minutes: 4 * 1440 });
const options = {
  fleetFile: readFileSync(new URL('../../../fleet.yaml', import.meta.url), 'utf8'),
  folder: '.',
  group: 'business',
  history: {
    name: 'lunches',
    start,
    loads: new Map([['business', load]]),
    factors: new Map([['business', 1]]),
    remarks: [],
  },
  promise: 0.001,
};

function tried(name: string, serverHours: number, unserved: number, beyondMaxSize = 0): Tried {
  const outcome: Outcome = { serverHours, unserved, beyondMaxSize, changesPerDay: 1, worstDay: unserved };
  const candidate: Candidate = { name, kind: 'targets', lines: {} };
  return { candidate, training: outcome, rest: outcome };
}

const names = (found: readonly Tried[]) => found.map(({ candidate }) => candidate.name);

describe('the choice', () => {
  it('is the cheapest that keeps the promise with a margin', () => {
    const all = [
      tried('dear', 200, 0),
      tried('just so', 90, 0.00095),
      tried('good', 100, 0.0007),
      tried('bad', 50, 0.1),
    ];
    expect(bestOf(all, 0.001)!.candidate.name).toBe('good');
  });

  it('is the safest of those that are about as cheap', () => {
    const all = [tried('cheapest', 100, 0.0007), tried('safe', 100.4, 0.0001), tried('safest', 101, 0)];
    expect(bestOf(all, 0.001)!.candidate.name).toBe('safe');
  });

  it('is the cheapest of those that break it least, where none keeps it', () => {
    const all = [tried('worse', 50, 0.02), tried('cheaper', 90, 0.011), tried('least', 100, 0.01)];
    expect(bestOf(all, 0.001)!.candidate.name).toBe('cheaper');
  });

  it('blames nobody for what is beyond maxSize', () => {
    const all = [tried('cheap', 50, 0.0305, 0.03), tried('dear', 100, 0.0301, 0.03)];
    expect(bestOf(all, 0.001)!.candidate.name).toBe('cheap');
  });

  it('has a front that nothing beats at both cost and unserved demand', () => {
    const all = [
      tried('c', 300, 0),
      tried('beaten', 250, 0.02),
      tried('a', 100, 0.03),
      tried('b', 200, 0.01),
    ];
    expect(names(frontOf(all))).toEqual(['a', 'b', 'c']);
  });
});

describe('the choice among many', () => {
  it('is one that nothing else beats at both, whatever was tried', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 50, max: 60 }), fc.integer({ min: 0, max: 20 })), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.constantFrom(0, 0.0003),
        (outcomes, beyond) => {
          const all = outcomes.map(([cost, lost], index) =>
            tried(`${index}`, cost, beyond + lost / 10_000, beyond),
          );
          expect(frontOf(all)).toContain(bestOf(all, 0.001));
        },
      ),
    );
  });
});

describe('a window from the past', () => {
  const lunches = (factor: number) =>
    Float64Array.from({ length: 5 * 1440 }, (_, minute) => {
      const hour = (minute / 60) % 24;
      return hour >= 3 && hour < 5 ? 3 * factor : 3;
    });

  it('opens before the busy hours, on the clock of the fleet', () => {
    expect(learnedWindow(lunches(2), start, 'Asia/Shanghai')).toEqual({
      busy: { start: '50 10 * * *', end: '0 13 * * *', minSize: 6 },
    });
  });

  it('is none where no hour is busier than most', () => {
    expect(learnedWindow(lunches(1.1), start, 'Asia/Shanghai')).toBeUndefined();
  });
});

describe('what can be promised', () => {
  const fleet = readFleet(options.fleetFile);
  const share = (requests: Float64Array, until = requests.length) =>
    promisable(
      fleet,
      'business',
      { ...options.history, loads: new Map([['business', requests]]) },
      0.001,
      until,
    );
  /** Out of nothing five times as much, for ten minutes of the third day. */
  const crowded = load.map((each, minute) => (minute >= 3400 && minute < 3410 ? 5 * each : each));

  it('is the promise where the load is followed, and less where crowds are faster than launches', () => {
    expect(share(load)).toBeLessThanOrEqual(0.001);
    expect(share(crowded)).toBeGreaterThan(0.002);
  });

  it("is told to whoever validates a file against its group's past", () => {
    const told = (requests: Float64Array, unserved?: number) => {
      const history = { ...options.history, loads: new Map([['business', requests]]) };
      const business = { ...fleet.groups.business!, ...(unserved && { objective: objectiveOf(unserved) }) };
      return promiseText(promiseOfPast({ ...fleet, groups: { business } }, 'business', history));
    };
    expect(told(load)).toBe('by 4.0 days of its load an objective can promise 0.10 % unserved');
    expect(told(crowded)).toMatch(
      /^by 4.0 days of its load no objective can promise 0.10 % unserved, but \d/,
    );
    expect(told(crowded, 0.2)).toBe('by 4.0 days of its load an objective can promise 20 % unserved');
  });

  it('is known before the days that prove it', () => {
    const until = 3500;
    const other = crowded.map((each, minute) => (minute < until ? each : 9 * each));
    expect(share(other, until)).toBe(share(crowded, until));
  });
});

function objectiveOf(unserved: number): NonNullable<Group['objective']> {
  return { unserved, metric: 'cpu', targetValue: 80, holidays: [], workdays: [] };
}

describe('the search', () => {
  it('ends early when it is told to, with the best so far', async () => {
    const interrupt = new AbortController();
    const result = await search({
      ...options,
      signal: interrupt.signal,
      onTried: ({ length }) => length === 3 && interrupt.abort(),
    });
    expect(result.interrupted).toBe(true);
    expect(result.tried).toHaveLength(3);
    expect(baselineOf(result.tried)).toBe(result.tried[0]);
  });

  it('chooses by what comes before the proof: another end of the history changes no choice', async () => {
    const play = async (history: Float64Array) => {
      const { tried: all } = await search({
        ...options,
        history: { ...options.history, loads: new Map([['business', history]]) },
        signal: new AbortController().signal,
        onTried: () => {},
      });
      return all.map(({ candidate, training }) => ({ name: candidate.name, training }));
    };
    const crowded = load.map((each, minute) => (minute < 2.5 * 1440 ? each : 2 * each));
    expect(await play(crowded)).toEqual(await play(load));
  });
});
