import { expect, it } from 'vitest';
import { type GroupToLeave, removalOf } from '../../../cli/remove/removal.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

const fleet = readFleet(`name: shop
groups:
  old: { existing: old-asg, minSize: 1, maxSize: 4, targets: [{ metric: cpu, targetValue: 60 }] }
`);
const group: GroupToLeave = {
  name: 'old',
  scalingGroup: 'old-asg',
  isMade: false,
  servers: 3,
  adopted: [],
  nativeRules: [],
  restores: undefined,
};
const asleep = { name: 'scaling policy more', isAsleep: true };
const awake = { name: 'scaling policy more', isAsleep: false };

it.each([
  ['that nobody scales it', { nativeRules: [] }, 'old: nobody scales it any more: it keeps 3 servers'],
  [
    'that its rules sleep',
    { nativeRules: [asleep] },
    'old: scaling policy more sleep, and nobody scales it: wake them with aws autoscaling resume-processes --auto-scaling-group-name old-asg',
  ],
  ['that its rules go on', { nativeRules: [awake] }, 'old: scaling policy more goes on scaling it'],
])('says of a group that was there before %s', (_, change, sentence) => {
  const { then, stays, comesBack } = removalOf(fleet, [{ ...group, ...change }], []);
  expect(stays[0]).toBe('old: old-asg with 3 servers, as it is');
  expect(comesBack).toEqual([]);
  expect(then[0]).toContain(sentence);
});

it('says what comes back, and then of nothing that is missing', () => {
  const { then, comesBack } = removalOf(fleet, [{ ...group, restores: ['scaling policy more'] }], []);
  expect(comesBack).toEqual(['old: scaling policy more']);
  expect(then.every((line) => line.startsWith('To delete the table'))).toBe(true);
});

it('lets adopted servers live where their group goes', () => {
  const adopted = ['i-0a5e551041adde001'];
  const { goes, stays } = removalOf(
    fleet,
    [{ ...group, isMade: true, adopted }],
    ['shop-old', 'shop-scaler'],
  );
  expect(goes).toEqual([
    'stack shop-old',
    'stack shop-scaler',
    expect.stringContaining('old-asg with 2 servers'),
  ]);
  expect(stays[0]).toBe('old: i-0a5e551041adde001, adopted: out of the group, and running');
});

it('says nothing of a group that is not there', () => {
  const { goes, stays } = removalOf(fleet, [{ ...group, servers: undefined }], []);
  expect(goes).toEqual([]);
  expect(stays).toHaveLength(1);
});
