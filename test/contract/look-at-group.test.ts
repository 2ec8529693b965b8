import { expect, it } from 'vitest';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { askAll } from '../../verify/ask-all.ts';
import { looksThrough, type ReadingPorts } from '../../verify/in-fleet/looks.ts';
import { capacityContract } from './contract.ts';

const file = 'name: f\ngroups: { business: { existing: business, minSize: 1, maxSize: 6, alarms: { high: ';
const rule =
  '{ metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 }';
const config = readFleet(`${file}${rule} } } }`).groups['business']!;
const group = { name: 'business', scalingGroup: 'business', config };

async function found(ports: ReadingPorts, now: number) {
  const looks = await looksThrough(ports, group, now);
  return askAll(
    looks,
    ({ run }) => run(),
    () => {},
  );
}

capacityContract('Looking at a group', [], (tested) => {
  it('changes nothing, and says what is not as it should be', async () => {
    const world = tested();
    await world.makeGroup({ name: 'business', minSize: 1, maxSize: 6, desired: 3 });
    await world.advance(240);
    let cpu: number | undefined = 42;
    const metrics = {
      ...world.ports.metrics,
      latest: async (asked: readonly unknown[]) =>
        asked.map(() =>
          cpu === undefined
            ? ({ known: false, why: 'missing' } as const)
            : ({ known: true, value: cpu, at: world.now() } as const),
        ),
    };
    const ports: ReadingPorts = { ...world.ports, metrics };
    const before = await world.ports.groups.describe(['business']);
    const well = await found(ports, world.now());
    expect(well.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
    expect(well).toHaveLength(9);
    expect(await world.ports.groups.describe(['business'])).toEqual(before);
    cpu = undefined;
    await world.ports.groups.setDesired('business', 5, before.get('business')!);
    const changing = await found(ports, world.now());
    const otherwise = changing.filter(({ verdict }) => verdict === 'differs').map(({ name }) => name);
    expect(otherwise).toEqual(expect.arrayContaining(['desired-is-there', 'metrics-are-there']));
    await expect(looksThrough(ports, { ...group, scalingGroup: 'nowhere' }, world.now())).rejects.toThrow(
      'There is no group nowhere',
    );
  });
});
