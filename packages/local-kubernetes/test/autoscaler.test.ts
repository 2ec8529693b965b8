import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hpa } from '../src/objects.ts';
import { stand } from './stand.ts';

const path = '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/web';
const scale = '/apis/apps/v1/namespaces/shop/deployments/web/scale';
const gi = 2 ** 30;
let here: Awaited<ReturnType<typeof stand>>;
let hpa: Hpa;
beforeEach(async () => {
  here = await stand();
  hpa = here.cluster.createHpa({
    metadata: { namespace: 'shop', name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
  });
});
afterEach(() => here[Symbol.asyncDispose]());

/** Of all pods together. */
function load(cpuMillicores: number): void {
  here.world.load.set('shop/web', { cpuMillicores, memoryBytes: gi });
}

describe('an autoscaler', () => {
  it('undoes what is written to the workload beside it, within fifteen seconds', async () => {
    await here.call('PATCH', scale, { spec: { replicas: 1 } });
    here.hours.pass(16);
    expect(here.web.spec.replicas).toBe(2);
    await here.call('PATCH', scale, { spec: { replicas: 14 } });
    here.hours.pass(16);
    expect(here.web.spec.replicas).toBe(10);
  });

  it('keeps the minimum that it is given, metrics or none', async () => {
    const { body } = await here.call('PATCH', path, { spec: { minReplicas: 7 } });
    expect(body.spec.minReplicas).toBe(7);
    here.hours.pass(16);
    expect(here.web.spec.replicas).toBe(7);
  });

  it('refuses a minimum of none and one above its maximum, and a version that is old', async () => {
    expect((await here.call('PATCH', path, { spec: { minReplicas: 0 } })).code).toBe(422);
    expect((await here.call('PATCH', path, { spec: { minReplicas: 11 } })).code).toBe(422);
    const { resourceVersion } = hpa.metadata;
    const old = { metadata: { resourceVersion: `${Number(resourceVersion) - 1}` }, spec: { minReplicas: 3 } };
    expect((await here.call('PATCH', path, old)).code).toBe(409);
  });

  it('adds pods where they use more than they should, and takes them back after five minutes of less', async () => {
    load(3 * 1000);
    here.hours.pass(60);
    // 100 % of the requests against 70 %: 3 · 100 / 70 is 4.3.
    expect(here.web.spec.replicas).toBe(5);
    here.hours.pass(60);
    load(1400);
    here.hours.pass(240);
    expect(here.web.spec.replicas).toBe(5);
    here.hours.pass(120);
    expect(here.web.spec.replicas).toBe(2);
  });

  it('follows its own behavior: no more pods in a period than its policies say', async () => {
    hpa.spec.behavior = { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } };
    load(9000);
    here.hours.pass(20);
    expect(here.web.spec.replicas).toBe(4);
    here.hours.pass(30);
    expect(here.web.spec.replicas).toBe(4);
    here.hours.pass(60);
    expect(here.web.spec.replicas).toBe(5);
  });

  it('is off while its workload has no replicas', async () => {
    await here.call('PATCH', scale, { spec: { replicas: 0 } });
    here.hours.pass(120);
    expect(here.web.spec.replicas).toBe(0);
    expect(hpa.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled' }),
    );
  });
});
