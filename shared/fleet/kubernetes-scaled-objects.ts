import type { Fleet } from './fleet-keys.ts';
import type { Group } from './group.ts';
import { isPulled, type KubernetesWorkload, kubernetesGroupName, resourceOf } from './kubernetes.ts';
import { leastSize } from './least-size.ts';
import { podSeries } from './pod-metrics.ts';

const apiVersion = 'keda.sh/v1alpha1';
/** Of what tells KEDA who it is at AWS. */
const authentication = 'rushhour';
/** KEDA looks so often, and asks CloudWatch once each time. */
const pollingSeconds = 30;
/** The number is published each minute, and kept by the second: five that are missing are a failure. */
const periodSeconds = 10;
const collectionSeconds = 300;

/** What makes a KEDA follow the numbers of a fleet's groups that nobody asks: by namespace, who it is, and by group, what it reads. */
export function scaledObjects({ groups }: Pick<Fleet, 'groups'>, region: string): object[] {
  const pulled = Object.values(groups).flatMap((group) => {
    const { kubernetes: workload } = group;
    return workload && isPulled(workload) ? [{ group, workload }] : [];
  });
  return [...Map.groupBy(pulled, ({ workload }) => workload.namespace)].flatMap(([namespace, some]) => [
    {
      apiVersion,
      kind: 'TriggerAuthentication',
      metadata: { name: authentication, namespace },
      spec: { podIdentity: { provider: 'aws' } },
    },
    ...some.map(({ group, workload }) => scaledObject(group, workload, region)),
  ]);
}

/**
 * The autoscaler that it makes has nothing left to decide: each pod is to have a share of 1 of what is wanted, any difference
 * counts, at once and all of it.
 * @see https://keda.sh/docs/latest/scalers/aws-cloudwatch/
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#tolerance
 */
export function scaledObject(group: Group, workload: KubernetesWorkload, region: string) {
  const { apiVersion: target, kind, name } = resourceOf(workload);
  const { namespace, metricName, dimensions } = podSeries(kubernetesGroupName(workload), 'DesiredPods')!;
  const [[dimensionName, dimensionValue]] = Object.entries(dimensions) as [[string, string]];
  const all = { type: 'Pods' as const, value: group.maxSize, periodSeconds: 15 };
  const atOnce = { stabilizationWindowSeconds: 0, tolerance: '0', policies: [all] };
  return {
    apiVersion,
    kind: 'ScaledObject',
    metadata: { name, namespace: workload.namespace },
    spec: {
      scaleTargetRef: { apiVersion: target, kind, name },
      pollingInterval: pollingSeconds,
      minReplicaCount: leastSize(group),
      maxReplicaCount: group.maxSize,
      advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleUp: atOnce, scaleDown: atOnce } } },
      triggers: [
        {
          type: 'aws-cloudwatch',
          metricType: 'AverageValue',
          useCachedMetrics: true,
          authenticationRef: { name: authentication },
          metadata: {
            awsRegion: region,
            namespace,
            metricName,
            dimensionName,
            dimensionValue,
            metricStat: 'Maximum',
            metricStatPeriod: `${periodSeconds}`,
            metricCollectionTime: `${collectionSeconds}`,
            targetMetricValue: '1',
            minMetricValue: `${leastSize(group)}`,
            ignoreNullValues: 'false',
          },
        },
      ],
    },
  };
}
