import { expect, it } from 'vitest';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { scaledObjects } from '../../../shared/fleet/kubernetes-scaled-objects.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

const file = (asks = '') => `
name: shop
groups:
  web:
    kubernetes: { cluster: { pull: shop }, namespace: shop, statefulSet: web }
    minSize: 3
    maxSize: 20
    schedules: { night: { start: "0 22 * * *", end: "0 6 * * *", lowerMinSizeTo: 1 } }
${asks}`;

function mistakes(text: string): string[] {
  try {
    readFleet(text, 'fleet.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

it('nobody measures pods of a cluster that is not asked: rules go by metrics of one’s own', () => {
  const rule = (metric: string) => file(`    targets: [{ metric: ${metric}, targetValue: 50 }]\n`);
  expect(mistakes(rule('cpu'))).toEqual([
    expect.stringContaining(
      'expected another metric, or one of your own: Kubernetes by pull measures no cpu',
    ),
  ]);
  expect(
    mistakes(rule('{ namespace: Shop, metricName: Orders, perServer: false, dimensions: { App: web } }')),
  ).toEqual([]);
});

it('a cluster says how it is reached', () => {
  expect(mistakes(file().replace('{ pull: shop }', 'shop'))).toEqual([
    expect.stringContaining('expected {eks: NAME}, {pull: NAME}, or {server, caData, token}'),
  ]);
});

it('KEDA is told to follow each of its groups to the pod, down to what a window may lower it to', () => {
  const [identity, followed] = scaledObjects(readFleet(file(), 'fleet.yaml'), 'eu-west-1');
  expect(identity).toMatchObject({
    kind: 'TriggerAuthentication',
    metadata: { name: 'rushhour', namespace: 'shop' },
  });
  const follows = {
    stabilizationWindowSeconds: 0,
    tolerance: '0',
    policies: [{ type: 'Pods', value: 20, periodSeconds: 15 }],
  };
  expect(followed).toEqual({
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' },
      pollingInterval: 30,
      minReplicaCount: 1,
      maxReplicaCount: 20,
      advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleUp: follows, scaleDown: follows } } },
      triggers: [
        {
          type: 'aws-cloudwatch',
          metricType: 'AverageValue',
          useCachedMetrics: true,
          authenticationRef: { name: 'rushhour' },
          metadata: {
            awsRegion: 'eu-west-1',
            namespace: 'Rushhour/Pods',
            metricName: 'DesiredPods',
            dimensionName: 'Workload',
            dimensionValue: 'kubernetes:shop/shop/statefulsets/web',
            metricStat: 'Maximum',
            metricStatPeriod: '10',
            metricCollectionTime: '300',
            targetMetricValue: '1',
            minMetricValue: '1',
            ignoreNullValues: 'false',
          },
        },
      ],
    },
  });
});
