import { describe, expect, it } from 'vitest';
import { campaign } from '../../simulate/chaos/campaign.ts';
import { drawPlan } from '../../simulate/chaos/draw-plan.ts';
import { callFaults, deliveryFaults } from '../../simulate/chaos/faults.ts';
import { mutations } from '../../simulate/chaos/mutations.ts';
import { play } from '../../simulate/chaos/play.ts';
import { failureStory } from '../../simulate/chaos/report.ts';
import { sideBySide } from '../../simulate/chaos/side-by-side.ts';

/** `npm run chaos` plays thousands; these are the first of them. */
const runs = 200;
/** Of each provider elsewhere: its adapter and its stand-in work for each call. */
const runsElsewhere = 12;
/** Each mutation is caught within so many runs; `npm run chaos -- --mutation all` allows 2,000. */
const runsToCatch = 700;
/** What is rarely noticed is noticed from this seed on, and costs no minute each time. */
const noticedFrom: Readonly<Record<string, number>> = { 'conflict-is-done': 38, 'no-compare': 49 };

/** The same of services of ECS. */
const noticedInEcsFrom: Readonly<Record<string, number>> = {
  'forget-base': 17,
  'forget-lifted': 26,
  'own-floors': 21,
  'ignore-pause': 22,
  'two-at-once': 92,
  'ignore-launches': 10,
  'unknown-is-success': 22,
  'unknown-is-zero': 108,
  'ignore-protection': 121,
  'believe-old-alarms': 84,
};

describe('the fault simulator', () => {
  it('finds no violation, and has met every kind of fault', async () => {
    const { failures, coverage } = await campaign({ runs, seed: 1 });
    expect(failures.map(({ seed, played }) => `${seed}: ${played.violations[0]!.message}`)).toEqual([]);
    const met = coverage.counts.get('fault')!;
    for (const kind of [...callFaults, ...deliveryFaults]) expect(met.get(kind), kind).toBeGreaterThan(0);
    expect(coverage.counts.get('crash')!.size).toBeGreaterThan(20);
    expect(coverage.counts.get('reason')!.size).toBeGreaterThan(35);
  });

  it.each(['kubernetes', 'tencent', 'alibaba'] as const)(
    'finds no violation in groups of %s',
    async (provider) => {
      const { failures, coverage } = await campaign({ runs: runsElsewhere, seed: 1, provider });
      expect(failures.map(({ seed, played }) => `${seed}: ${played.violations[0]!.message}`)).toEqual([]);
      const met = coverage.counts.get('happening')!;
      for (const kind of ['provider-hangs', 'credentials-end', 'metrics-refused'])
        expect(met.has(kind), kind).toBe(true);
      expect(coverage.counts.get('reason')!.has('AlarmScaleOut')).toBe(true);
    },
  );

  it('finds the same on several threads as on one', async () => {
    const share = { runs: 12, seed: 1, mutation: 'lose-mail' };
    const alone = await campaign({ ...share, mutation: mutations[share.mutation] });
    const together = await sideBySide(share, 3);
    expect(together.failures.map(({ seed }) => seed)).toEqual(alone.failures.map(({ seed }) => seed));
    expect(together.failures.length).toBeGreaterThan(0);
    expect(together).toMatchObject({ runs: alone.runs, steps: alone.steps });
    expect(together.coverage.counts).toEqual(alone.coverage.counts);
  });

  it('plays the same run again from the same seed', async () => {
    const lines = async () => {
      const told: string[] = [];
      await play(drawPlan(7), { tell: (line) => told.push(line) });
      return told;
    };
    const first = await lines();
    expect(first.length).toBeGreaterThan(100);
    expect(await lines()).toEqual(first);
  });

  it.each(Object.entries(mutations))('notices %s', async (name, mutation) => {
    const seed = noticedFrom[name] ?? 1;
    const { failures } = await campaign({ runs: runsToCatch, seed, mutation, failuresAtMost: 1 });
    expect(failures).toHaveLength(1);
  });

  it.each(Object.entries(mutations).filter(([, { pointless }]) => !pointless?.ecs))(
    'notices %s in services of ECS',
    async (name, mutation) => {
      const seed = noticedInEcsFrom[name] ?? 1;
      const order = { runs: runsToCatch, seed, mutation, provider: 'ecs', failuresAtMost: 1 } as const;
      expect((await campaign(order)).failures).toHaveLength(1);
    },
  );

  it('tells of a violation with its seed, the fewest steps, and how to see it again', async () => {
    const mutation = mutations['forget-windows']!;
    const { failures } = await campaign({ runs: 50, seed: 1, mutation, failuresAtMost: 1 });
    const story = await failureStory(failures[0]!, { mutation: 'forget-windows' });
    const { seed } = failures[0]!;
    expect(story).toMatch(new RegExp(`^Seed ${seed} violates invariant \\d`, 'm'));
    expect(story).toContain(`npm run chaos -- --runs 1 --seed ${seed} --mutation forget-windows`);
  });
});
