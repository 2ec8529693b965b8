import { expect, it } from 'vitest';
import { utilizationOf } from '../../../../shared/providers/kubernetes/usage.ts';

/** One pod that is ready. */
function cpuOf(used: string, requested: string): number | undefined {
  const metadata = { namespace: 'shop', name: 'web-1' };
  const pod = {
    metadata,
    spec: { containers: [{ resources: { requests: { cpu: requested } } }] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };
  return utilizationOf([pod], new Map([['web-1', { metadata, containers: [{ usage: { cpu: used } }] }]])).cpu;
}

it('what pods use of what they request is in whole percents, rounded down, and floating point takes none', () => {
  expect(cpuOf('200m', '300m')).toBe(66);
  expect(cpuOf('19m', '50m')).toBe(38);
  expect(cpuOf('0', '100m')).toBe(0);
});
