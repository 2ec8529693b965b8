import { describe, expect, it } from 'vitest';
import { explainGroup } from '../../../shared/engine/explain.ts';
import { type GroupState, groupStates, groupStatesApart } from '../../../shared/engine/group-state.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import { inEnglish } from '../../kit/in-english.ts';
import { Stage } from '../../kit/stage.ts';

const fleetFile = `
name: lunch
groups:
  business:
    existing: my-group
    minSize: 3
    maxSize: 10
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60,
                  evaluationPeriods: 3, scalingAdjustment: 2, cooldown: 300 }
      cpu-low: { metric: cpu, comparisonOperator: LessThanOrEqualToThreshold, threshold: 20, period: 60,
                 evaluationPeriods: 3, scalingAdjustment: -1, cooldown: 600 }
  other: { existing: other-group, minSize: 1, maxSize: 9 }
`;

async function stateOf(stage: Stage, group: string): Promise<GroupState> {
  const [state] = await groupStates(stage.scaler, [stage.scaler.groups.get(group)!]);
  return state!;
}

async function quietStage(): Promise<Stage> {
  const stage = new Stage(fleetFile, { start: '2026-03-04T10:00:00Z' });
  stage.alarm('business', 'cpu-high', 'OK');
  await stage.playUntil('2026-03-04T10:30:00Z');
  return stage;
}

describe('what is said of a group', () => {
  it('tells its layers, windows open and next, and alarms, missing ones too', async () => {
    const stage = await quietStage();
    const before = await stateOf(stage, 'business');
    expect(before.observation.windows).toEqual([]);
    expect(before.next).toMatchObject({ edge: 'start', at: Date.parse('2026-03-04T11:00:00Z') });
    expect(before.alarms.map(({ rule, state }) => [rule, state?.value])).toEqual([
      ['cpu-high', 'OK'],
      ['cpu-low', undefined],
    ]);
    await stage.playUntil('2026-03-04T11:30:00Z');
    const inside = await stateOf(stage, 'business');
    expect(inside.observation.windows.map(({ name }) => name)).toEqual(['lunch']);
    expect(inside.next).toMatchObject({ edge: 'end', at: Date.parse('2026-03-04T13:00:00Z') });
    expect(inside.layers).toContainEqual({ layer: 'granted', by: 'lunch', servers: 2 });
  });

  it('changes nothing by looking', async () => {
    const stage = await quietStage();
    stage.alarm('business', 'cpu-high', 'ALARM');
    const ledger = await stage.ports.ledger.read(['business']);
    expect((await stateOf(stage, 'business')).decision.to).toBe(5);
    expect(stage.desired('business')).toBe(3);
    expect(await stage.ports.ledger.read(['business'])).toEqual(ledger);
    expect(stage.changes('business')).toEqual([]);
  });

  it('is in the order of the fleet, however long each look took', async () => {
    const stage = await quietStage();
    const states = await groupStates(stage.scaler, [...stage.scaler.groups.values()]);
    expect(states.map(({ group }) => group.name)).toEqual(['business', 'other']);
  });
});

describe('the explanation of a group', () => {
  it('knows metrics too that no decision would look up', async () => {
    const stage = await quietStage();
    const explanation = await explainGroup(stage.scaler, await stateOf(stage, 'business'));
    expect(explanation?.rules.map(({ why }) => inEnglish(why, stage.ports.clock.now()))).toEqual([
      'cpu-high is OK since 10:00: it asks for 5 once cpu is above 70 (now 40)',
      'cpu-low has no alarm: deploy the fleet',
    ]);
  });

  it('is none before the scaler has met the group', async () => {
    const stage = new Stage(fleetFile, { start: '2026-03-04T10:00:00Z' });
    expect(await explainGroup(stage.scaler, await stateOf(stage, 'business'))).toBeUndefined();
  });
});

describe('groups of which one cannot be read', () => {
  it('are shown without it, and it is named', async () => {
    const fleet = ['a', 'b', 'c'].map((name) => `  ${name}: { existing: ${name}, minSize: 1, maxSize: 3 }`);
    const stage = new Stage(`name: shop\ngroups:\n${fleet.join('\n')}\n`, { start: '2026-03-04T03:00:00Z' });
    await stage.playUntil('2026-03-04T03:02:00Z');
    const groups = Object.assign(Object.create(stage.ports.groups), {
      describe: async (names: readonly string[]) => {
        if (names.includes('b')) throw new PortError('Denied', 'not b');
        return stage.ports.groups.describe(names);
      },
    });
    const scaler = { ...stage.scaler, ports: { ...stage.scaler.ports, groups } };
    const { states, failures } = await groupStatesApart(scaler, [...scaler.groups.values()]);
    expect(states.map(({ group }) => group.name)).toEqual(['a', 'c']);
    expect([...failures].map(([name, { message }]) => [name, message])).toEqual([['b', 'not b']]);
  });
});
