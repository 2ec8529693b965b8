import { expect, it } from 'vitest';
import { judgeKubernetes } from '../../../cli/doctor/kubernetes.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

const found = {
  name: 'kubernetes:shop/shop/deployments/web',
  minSize: 0,
  maxSize: 100,
  desired: 3,
  servers: [],
  suspended: [],
  trafficSources: [],
};
const owned = { ...found, revision: 'web-hpa', tracked: 5 };

function told(
  seen: typeof found & { revision?: string },
  asks = '',
  others: string[] = [],
  cluster = '{ eks: shop }',
) {
  const fleet = readFleet(`
name: shop
groups:
  web:
    kubernetes: { cluster: ${cluster}, namespace: shop, deployment: web }
    minSize: ${/minSize/.test(asks) ? '0' : '1'}
    maxSize: 9
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
${asks.replace('minSize', '')}
`);
  const group = { name: 'web', config: fleet.groups['web']! };
  const rules = others.map((name) => ({ name, isAsleep: false }));
  return judgeKubernetes(group, seen, rules).map(({ verdict, message }) => `${verdict}: ${message}`);
}

it('a workload has what is set, or its autoscaler has it as its minimum', () => {
  expect(told(found)).toEqual(['fine: web has what is set, and no sizes of its own']);
  expect(told(owned)).toEqual([
    'fine: web: autoscaler web-hpa owns it, and its minimum is what is set; it wants 5 now, and at least 3 are set',
  ]);
});

it('beside an autoscaler rules on the load do its work twice, and a minimum of 0 turns it off', () => {
  const target = '    targets: [{ metric: cpu, targetValue: 70 }]';
  expect(told(owned, target)[0]).toBe(
    'warning: web: autoscaler web-hpa scales by the load already, and the target on cpu would raise and lower its minimum besides',
  );
  expect(told(owned, 'minSize')[0]).toBe(
    'problem: web: its minSize is 0, where autoscaler web-hpa is off and nothing would wake it',
  );
});

it('two autoscalers fight, whatever the file says', () => {
  expect(told(owned, '', ['HorizontalPodAutoscaler old'])).toEqual([
    'problem: web: several autoscalers own Deployment web and fight: web-hpa and HorizontalPodAutoscaler old',
  ]);
});

it('a group that is only observed is scaled by its autoscaler, or by nobody', () => {
  expect(told(owned, '    mode: observe\n    targets: [{ metric: cpu, targetValue: 70 }]')).toEqual([
    expect.stringMatching(/^fine: web: autoscaler web-hpa owns it/),
  ]);
  expect(told(found, '    mode: observe')).toEqual([
    'problem: web: nobody scales it: it is only observed, and no autoscaler owns it',
  ]);
});

it('of a cluster that nobody asks, only what is wanted is known', () => {
  expect(told({ ...found, revision: '2' }, '', [], '{ pull: shop }')).toEqual([
    'fine: web: 3 pods are wanted; whether KEDA in cluster shop follows is not known, for nobody asks it',
  ]);
});
