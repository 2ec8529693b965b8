import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedDay } from '../../local/fleet-world.ts';
import { reconcile } from '../../shared/engine/reconcile.ts';
import { createScaler } from '../../shared/engine/scaler.ts';
import { providerOf } from '../../shared/fleet/provider-kind.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { memoryPorts } from '../../shared/providers/memory/ports.ts';
import { backtest } from '../../simulate/backtest.ts';
import { Shelf } from '../kit/shelf.ts';

const provider = () => ({ ...providerOf({}), name: 'the shelf', can: new Set<never>() });

/** The example fleet without what only a group of EC2 Auto Scaling has. */
const lunch = `
name: lunch
timeZone: Asia/Shanghai
groups:
  business:
    existing: row-1
    minSize: 3
    maxSize: 10
    schedules:
      lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 }
    alarms:
      cpu-high: { metric: cpu, threshold: 70, comparisonOperator: GreaterThanThreshold, period: 300,
                  evaluationPeriods: 3, scalingAdjustment: 2, cooldown: 300 }
      cpu-low: { metric: cpu, threshold: 30, comparisonOperator: LessThanThreshold, period: 600,
                 evaluationPeriods: 3, scalingAdjustment: -1, cooldown: 600 }
`;

describe('a provider of another kind', () => {
  it('plays the lunch day: the window gives back what it took, and no more than maxSize is asked for', async () => {
    const fleet = readFleet(lunch, 'fleet.yaml', { provider });
    const example = readFleet(readFileSync('fleet.yaml', 'utf8'));
    const start = Date.parse('2026-03-03T16:00:00Z');
    const day = generatedDay(example, 'business');
    const load = Float64Array.from({ length: 1440 }, (_, minute) => day(start + minute * 60_000));
    const loads = new Map([['business', load]]);
    const run = (await backtest({ fleet, start, loads, provider: (clock) => new Shelf(clock) })).get(
      'business',
    )!;
    const changes = run.activities.filter(({ from, to }) => from !== to);
    const of = (reason: string) => changes.filter((change) => change.reason === reason);
    const moved = (reason: string) => of(reason).reduce((sum, { from, to }) => sum + to - from, 0);
    expect(moved('WindowOpened')).toBe(2);
    expect(moved('WindowClosed')).toBe(-2);
    expect(of('AlarmScaleOut').length).toBeGreaterThan(0);
    expect(of('AlarmScaleIn').length).toBeGreaterThan(0);
    expect(new Set(changes.map(({ statusCode }) => statusCode))).toEqual(new Set(['Successful']));
    expect(Math.max(...run.desired)).toBeLessThanOrEqual(10);
    expect(Math.min(...run.desired)).toBeGreaterThanOrEqual(3);
  });

  it('is looked at again when somebody has set it between the look and the act', async () => {
    const fleet = readFleet(lunch, 'fleet.yaml', { provider });
    const memory = memoryPorts(Date.parse('2026-03-04T00:00:00Z'), {
      launch: () => ({ inServiceAfterSeconds: 60, healthyAfterSeconds: 60 }),
      terminationSeconds: () => 0,
    });
    const { clock, alarms, metrics, ledger, activities, events, models } = memory;
    const shelf = new Shelf(clock);
    shelf.put({ name: 'row-1', desired: 3 });
    let meddle = () => {};
    const groups = {
      describe: (names: readonly string[]) => shelf.describe(names),
      setDesired: (...call: Parameters<Shelf['setDesired']>) => {
        meddle();
        meddle = () => {};
        return shelf.setDesired(...call);
      },
    };
    const scaler = createScaler(fleet, {
      clock,
      groups,
      alarms,
      metrics,
      ledger,
      activities,
      events,
      models,
    });
    await reconcile(scaler, 'business', { kind: 'sweep' });
    clock.advance(60);
    meddle = () => shelf.put({ name: 'row-1', desired: 6 });
    const request = { kind: 'adjust', adjustment: 1 } as const;
    await reconcile(scaler, 'business', {
      kind: 'manual',
      requestId: 'r1',
      request,
      reason: 'test',
      owner: 'ada',
    });
    const { activities: rows } = await activities.query('business', { limit: 20 });
    const changes = rows.filter(({ from, to }) => from !== to);
    expect(changes.map(({ from, to, reason }) => `${from} → ${to} ${reason}`).toReversed()).toContain(
      '3 → 6 ExternalChange',
    );
    expect(shelf.get('row-1').desired).toBeGreaterThanOrEqual(6);
  });
});
