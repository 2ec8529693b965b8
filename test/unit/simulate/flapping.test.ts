import { describe, expect, it } from 'vitest';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { backtest } from '../../../simulate/backtest.ts';
import { flappingOf } from '../../../simulate/flapping.ts';
import { flappingWarnings } from '../../../simulate/flapping-warnings.ts';
import { generateLoad, lunchDayShape } from '../../../simulate/world/generator.ts';

const start = Date.parse('2026-03-02T00:00:00Z');
const days = 14;

const fleetWith = (policy: string) =>
  readFleet(`
name: noisy
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 1
    maxSize: 20
    simulation: { requestsPerSecondPerServer: 100, requestsPerSecond: 120 }
${policy.replace(/^/gm, '    ')}
`);

const target = 'targets: [{ metric: cpu, targetValue: 60 }]';
/** To the letter, at the pace of a minute: as an HPA with that stabilization window would. */
const toTheLetter = `${target}\nbehavior: { scaleDown: { stabilizationWindowSeconds: 60 } }`;

async function fortnight(policy: string) {
  const fleet = fleetWith(policy);
  // One to two servers at night: half of it at 03:00, and a deviation of 5 % from minute to minute.
  const shape = { ...lunchDayShape, requestsPerSecond: 120, nightShare: 0.5, noise: 0.05 };
  const load = generateLoad(shape, { seed: 7, minutes: days * 1440 });
  const run = (await backtest({ fleet, start, loads: new Map([['web', load]]) })).get('web')!;
  const sum = (values: Float64Array) => values.reduce((total, each) => total + each, 0);
  return {
    changesPerDay: run.activities.filter(({ from, to }) => from !== to).length / days,
    unserved: sum(run.unserved) / sum(run.load),
    flapping: flappingOf(run.activities, days, fleet.groups['web']!),
  };
}

describe('a noisy fortnight', () => {
  it('is followed in at most six changes a day, at the service of a group that follows to the letter', async () => {
    const [calm, literal] = [await fortnight(target), await fortnight(toTheLetter)];
    const told = ({ changesPerDay, unserved }: typeof calm) =>
      `${changesPerDay.toFixed(1)} changes a day, ${(100 * unserved).toFixed(3)} % unserved`;
    console.info(`with the tolerance to spare: ${told(calm)}; to the letter: ${told(literal)}`);
    expect(calm.changesPerDay).toBeLessThanOrEqual(6);
    expect(literal.changesPerDay).toBeGreaterThan(3 * calm.changesPerDay);
    expect(calm.unserved).toBeLessThanOrEqual(literal.unserved);
    expect(calm.flapping).toEqual([]);
    expect(literal.flapping).toMatchObject([
      { by: 'cpu', remedy: 'leave behavior.scaleDown out, or write headroom: true in it' },
    ]);
  });
});

describe('validate', () => {
  it('warns of a target to the letter, with the count a day and what to write', async () => {
    expect(await flappingWarnings(fleetWith(toTheLetter))).toEqual([
      {
        path: 'groups.web.behavior.scaleDown',
        message: expect.stringMatching(
          /^with 5 % of noise on the day under simulation, cpu would change it [\d.]+ times a day and take [\d.]+ of them back within the hour: leave behavior\.scaleDown out, or write headroom: true in it$/,
        ),
      },
    ]);
  });

  it('warns of two rules that are near each other', async () => {
    const rule = (name: string, operator: string, threshold: number, change: number) =>
      `  ${name}: { metric: cpu, comparisonOperator: ${operator}, threshold: ${threshold}, period: 60, evaluationPeriods: 1, scalingAdjustment: ${change}, cooldown: 60 }`;
    const rules = (low: number) =>
      `alarms:\n${rule('high', 'GreaterThanThreshold', 60, 1)}\n${rule('low', 'LessThanThreshold', low, -1)}`;
    const [warning, ...others] = await flappingWarnings(fleetWith(rules(55)));
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      path: 'groups.web.alarms.low',
      message: expect.stringContaining('high and low would change it'),
    });
    expect(await flappingWarnings(fleetWith(rules(20)))).toEqual([]);
  });

  it('has nothing to say of a target as it is by default', async () => {
    expect(await flappingWarnings(fleetWith(target))).toEqual([]);
  });
});
