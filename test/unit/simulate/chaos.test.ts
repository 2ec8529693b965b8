import { describe, expect, it } from 'vitest';
import type { ScalerGroup } from '../../../shared/engine/scaler.ts';
import { ChaosCloud } from '../../../simulate/chaos/chaos-cloud.ts';
import { Dice } from '../../../simulate/chaos/dice.ts';
import { drawPlan } from '../../../simulate/chaos/draw-plan.ts';
import { EventQueue } from '../../../simulate/chaos/event-queue.ts';
import { Faults } from '../../../simulate/chaos/faults.ts';
import { mutations } from '../../../simulate/chaos/mutations.ts';
import { play } from '../../../simulate/chaos/play.ts';
import type { PortCall } from '../../../simulate/chaos/port-call.ts';
import { shrink } from '../../../simulate/chaos/shrink.ts';
import { Simulation } from '../../../simulate/chaos/simulation.ts';

describe('the eventQueue', () => {
  it('comes in order of time, and of planning where the time is the same', () => {
    const eventQueue = new EventQueue();
    const ran: number[] = [];
    const times = [5, 3, 9, 3, 1, 5, 7, 3];
    for (const [index, at] of times.entries()) eventQueue.plan(at, () => ran.push(index));
    for (let entry = eventQueue.next(); entry; entry = eventQueue.next()) entry.run();
    expect(ran).toEqual([4, 1, 3, 7, 0, 5, 6, 2]);
  });
});

describe('the dice', () => {
  it('give each name its own sequence, whatever else was drawn', () => {
    const sequence = (dice: Dice) => {
      const draw = dice.of('call 7');
      return [draw.between(0, 999), draw.between(0, 999)];
    };
    const dice = new Dice(3);
    dice.of('call 6').between(0, 9);
    expect(sequence(dice)).toEqual(sequence(new Dice(3)));
    expect(sequence(dice)).not.toEqual(sequence(new Dice(4)));
  });

  it('are fair enough', () => {
    const dice = new Dice(1);
    const heads = Array.from({ length: 10_000 }, (_, index) => dice.of(`coin ${index}`).chance(0.5));
    expect(heads.filter(Boolean).length).toBeGreaterThan(4_800);
    expect(heads.filter(Boolean).length).toBeLessThan(5_200);
  });
});

describe('faults', () => {
  it('end when they are over, and are only those that were kept', () => {
    const dice = new Dice(1);
    const faults = new Faults(dice, 1, new Set(['b']));
    expect(faults.ofCall('a', dice.of('a'))).toBeUndefined();
    expect(faults.ofCall('b', dice.of('b'))).toBeDefined();
    faults.end();
    expect(faults.ofCall('b', dice.of('b'))).toBeUndefined();
    expect(faults.happened.map(({ place }) => place)).toEqual(['b']);
  });
});

describe('a provider that keeps a number and nothing else', () => {
  const ofNumbers = (seed: number) => drawPlan(seed).provider === 'by-number';
  const seed = Array.from({ length: 100 }, (_, index) => index + 1).find(ofNumbers)!;
  const world = () => new ChaosCloud(drawPlan(seed), new Dice(seed), async () => {});

  it('offers the scaler nothing else, and its fleet asks for nothing else', () => {
    const { scaler } = world();
    const offered = scaler.ports;
    expect(Object.keys(offered).sort()).toEqual(
      ['activities', 'alarms', 'clock', 'events', 'groups', 'ledger', 'metrics', 'models'].sort(),
    );
    for (const { config } of scaler.groups.values())
      expect([config.loadBalancer, config.instances ?? []]).toEqual([undefined, []]);
  });

  it('refuses a number that rests on one that somebody has changed since', async () => {
    const one = world();
    const { scaler } = one;
    const offered = scaler.ports;
    const [{ name, scalingGroup }] = [...scaler.groups.values()] as [ScalerGroup];
    const see = async () => (await offered.groups.describe([scalingGroup])).get(scalingGroup)!;
    const seen = await see();
    await offered.groups.setDesired(scalingGroup, 5, seen);
    await expect(offered.groups.setDesired(scalingGroup, 6, seen)).rejects.toMatchObject({ code: 'Changed' });
    const again = await see();
    expect(again.desired).toBe(5);
    one.do({ id: 'h0', at: one.now, group: name, kind: 'set-desired', servers: 7 });
    await expect(offered.groups.setDesired(scalingGroup, 6, again)).rejects.toMatchObject({
      code: 'Changed',
    });
    await offered.groups.setDesired(scalingGroup, 6, await see());
    expect(one.shown(scalingGroup).desired).toBe(6);
  });
});

describe('a description', () => {
  it.each([
    ['auto-scaling', true],
    ['ecs', true],
    ['kubernetes', false],
  ] as const)('of a group of %s may be late: %s', (provider, mayBeLate) => {
    const { checker, world } = new Simulation(drawPlan(1, provider), {});
    const [{ scalingGroup }] = [...world.scaler.groups.values()] as [ScalerGroup];
    const described = { name: 'groups.describe', args: [[scalingGroup]] } as unknown as PortCall;
    expect(checker.mayBeLate(described)).toBe(mayBeLate);
  });
});

describe('shrinking', () => {
  it('keeps the same violation with fewer happenings and faults', async () => {
    const mutation = mutations['unknown-is-zero']!;
    for (let seed = 1; ; seed++) {
      const plan = drawPlan(seed);
      const failed = await play(plan, { mutation });
      if (failed.violations.length === 0 || plan.happenings.length < 5) continue;
      const { kept, played } = await shrink(plan, failed, mutation);
      expect(played.violations[0]!.invariant).toBe(failed.violations[0]!.invariant);
      expect(kept.happenings!.size).toBeLessThan(plan.happenings.length);
      expect(played.faults.length).toBeLessThanOrEqual(failed.faults.length);
      return;
    }
  });
});
