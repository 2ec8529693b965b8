import { expect, it } from 'vitest';
import { LocalCluster } from '../src/cluster.ts';
import { type CloudWatchQuery, LocalKeda, type ScaledObject } from '../src/keda.ts';
import { deployments } from '../src/resource-types.ts';
import { Hours, namespace } from './stand.ts';
import { SteadyPods } from './steady-pods.ts';

interface Setting {
  readonly replicas: number;
  readonly spec?: Partial<ScaledObject['spec']>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A deployment that a KEDA keeps, and a hand on what CloudWatch says. */
function kept({ replicas, spec, metadata }: Setting) {
  const hours = new Hours(Date.parse('2026-03-04T00:00:07Z'));
  const cluster = new LocalCluster(hours, new SteadyPods());
  const web = cluster.createWorkload(deployments, { namespace, name: 'web', replicas });
  const said: { values: readonly number[]; asked?: CloudWatchQuery } = { values: [replicas] };
  const keda = new LocalKeda(cluster, async (asked) => {
    said.asked = asked;
    return said.values;
  });
  keda.apply({
    metadata: { namespace, name: 'web' },
    spec: {
      scaleTargetRef: { name: 'web' },
      minReplicaCount: 1,
      triggers: [
        {
          type: 'aws-cloudwatch',
          metadata: {
            namespace: 'N',
            metricName: 'M',
            dimensionName: 'A;B',
            dimensionValue: '1;2',
            targetMetricValue: '1',
            minMetricValue: '1',
            metricStatPeriod: '10',
            ...metadata,
          },
        },
      ],
      ...spec,
    },
  });
  const pass = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 5) {
      hours.pass(5);
      // What is read comes later than it was asked for.
      await Promise.resolve();
      await new Promise(setImmediate);
    }
    return web.spec.replicas;
  };
  return { said, pass };
}

it('reads whole periods up to now, of the dimensions that the metadata name', async () => {
  const { said, pass } = kept({ replicas: 3 });
  await pass(35);
  expect(said.asked).toEqual({
    namespace: 'N',
    metricName: 'M',
    dimensions: { A: '1', B: '2' },
    stat: 'Average',
    periodSeconds: 10,
    start: Date.parse('2026-03-03T23:55:30Z'),
    end: Date.parse('2026-03-04T00:00:30Z'),
  });
});

it('takes a difference of a tenth for none, unless the autoscaler is told otherwise', async () => {
  const usual = kept({ replicas: 20 });
  usual.said.values = [22];
  expect(await usual.pass(120)).toBe(20);
  const none = { tolerance: '0' };
  const behavior = { scaleUp: none, scaleDown: { ...none, stabilizationWindowSeconds: 0 } };
  const exact = kept({
    replicas: 20,
    spec: { advanced: { horizontalPodAutoscalerConfig: { behavior } } },
  });
  exact.said.values = [21];
  expect(await exact.pass(120)).toBe(21);
  exact.said.values = [20];
  expect(await exact.pass(120)).toBe(20);
});

it('takes missing values for the minimum, or for a failure that leaves everything as it is', async () => {
  const minimum = kept({ replicas: 4 });
  minimum.said.values = [];
  expect(await minimum.pass(600)).toBe(1);
  const failure = kept({ replicas: 4, metadata: { ignoreNullValues: 'false' } });
  failure.said.values = [];
  expect(await failure.pass(600)).toBe(4);
});

it('falls back after so many failures, and not below what there is where that is asked for', async () => {
  const metadata = { ignoreNullValues: 'false' };
  const fallback = { failureThreshold: 3, replicas: 6 };
  const down = { scaleDown: { stabilizationWindowSeconds: 0 } };
  const advanced = { horizontalPodAutoscalerConfig: { behavior: down } };
  const more = kept({ replicas: 3, metadata, spec: { fallback, advanced } });
  more.said.values = [];
  expect(await more.pass(90)).toBe(3);
  expect(await more.pass(90)).toBe(6);
  const many = kept({ replicas: 9, metadata, spec: { fallback, advanced } });
  many.said.values = [];
  expect(await many.pass(300)).toBe(6);
  const behavior = 'currentReplicasIfHigher';
  const kept9 = kept({ replicas: 9, metadata, spec: { fallback: { ...fallback, behavior }, advanced } });
  kept9.said.values = [];
  expect(await kept9.pass(300)).toBe(9);
});

it('goes to zero after its cooldown, and back as soon as there is something', async () => {
  const { said, pass } = kept({ replicas: 2, spec: { minReplicaCount: 0, cooldownPeriod: 120 } });
  said.values = [0];
  expect(await pass(100)).toBeGreaterThan(0);
  expect(await pass(60)).toBe(0);
  said.values = [3];
  expect(await pass(90)).toBe(3);
});
