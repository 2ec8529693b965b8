import { behaviorOf, type HpaBehavior } from './hpa-behavior.ts';
import { type ScaleTarget, workloadLines } from './kubernetes-home.ts';
import { type Manifest, UnknownManifest } from './kubernetes-manifests.ts';
import { keyFor } from './names.ts';
import type { GroupLines, Remark, TakenOver, TargetLines } from './taken-over.ts';

interface HpaSpec {
  readonly scaleTargetRef?: ScaleTarget;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly metrics?: readonly HpaMetric[];
  readonly behavior?: HpaBehavior;
  /** Of `autoscaling/v1`. */
  readonly targetCPUUtilizationPercentage?: number;
}

interface HpaMetric {
  readonly type?: string;
  readonly resource?: ResourceMetric;
  readonly containerResource?: ResourceMetric & { readonly container?: string };
  readonly pods?: NamedMetric;
  readonly object?: NamedMetric;
  readonly external?: NamedMetric;
}

interface ResourceMetric {
  readonly name?: string;
  readonly target?: { readonly type?: string; readonly averageUtilization?: number };
}

interface NamedMetric {
  readonly metric?: { readonly name?: string };
}

/**
 * A HorizontalPodAutoscaler as lines of a fleet file: the pods of its workload are the servers.
 * @param cluster its name in EKS, if somebody has said it
 * @throws UnknownManifest of a version whose fields are others
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
 */
export function fromHpa({ apiVersion, metadata, spec = {} }: Manifest, cluster?: string): TakenOver {
  const name = metadata?.name ?? 'hpa';
  if (!/^autoscaling\/v(1|2|2beta2)$/.test(apiVersion ?? ''))
    throw new UnknownManifest(
      `The HorizontalPodAutoscaler ${name} has apiVersion ${apiVersion}: expected autoscaling/v2, as kubectl get hpa ${name} -o yaml prints it.`,
    );
  const {
    scaleTargetRef = {},
    minReplicas = 1,
    maxReplicas,
    metrics,
    behavior = {},
    targetCPUUtilizationPercentage,
  } = spec as HpaSpec;
  if (maxReplicas === undefined)
    throw new UnknownManifest(`The HorizontalPodAutoscaler ${name} has no maxReplicas.`);
  const remarks: Remark[] = [];
  const usual = [
    {
      type: 'Resource',
      resource: { name: 'cpu', target: { averageUtilization: targetCPUUtilizationPercentage ?? 80 } },
    },
  ];
  const targets = (metrics ?? usual).flatMap((metric) => targetOf(metric, remarks));
  const group: GroupLines = {
    ...workloadLines(scaleTargetRef, { cluster, namespace: metadata?.namespace ?? 'default' }, remarks),
    minSize: leastOf(minReplicas, remarks),
    maxSize: maxReplicas,
    ...(targets.length > 0 && { targets, behavior: behaviorOf(behavior) }),
  };
  remarks.push({
    subject: `HorizontalPodAutoscaler ${name}`,
    kind: 'note',
    message: `it goes on scaling while the group is observed; with mode: observe gone and deployed, kubectl delete hpa ${name}`,
  });
  return { key: keyFor(name, 'hpa'), group, remarks };
}

/** None left, none measured: without a metric of requests nothing would wake the group. */
function leastOf(minReplicas: number, remarks: Remark[]): number {
  if (minReplicas > 0) return minReplicas;
  remarks.push({
    subject: 'minReplicas',
    kind: 'differs',
    message: 'it may be 0 there; here it is 1, as CPU wakes no group that has no server',
  });
  return 1;
}

/** The resources of pods that servers have too. */
export function resourceTarget(
  name: string | undefined,
  utilization: number | undefined,
): TargetLines | undefined {
  if ((name !== 'cpu' && name !== 'memory') || utilization === undefined) return undefined;
  return { metric: name, targetValue: utilization };
}

function targetOf(
  { type, resource, containerResource, pods, object, external }: HpaMetric,
  remarks: Remark[],
): TargetLines[] {
  const one = resource ?? containerResource;
  const target = resourceTarget(one?.name, one?.target?.averageUtilization);
  const lost = (subject: string, message: string) => remarks.push({ subject, kind: 'lost', message });
  if (target) {
    if (target.targetValue <= 100) return [target];
    lost(
      `metric ${one!.name}`,
      `${target.targetValue} % of what the pods request is more than targetValue may be: let them request more, and give it a target up to 100`,
    );
    return [];
  }
  if (one)
    lost(
      `metric ${one.name}`,
      `a target of type ${one.target?.type} is an amount, and here it is a share: give it a targetValue in percent`,
    );
  else {
    const named = (pods ?? object ?? external)?.metric?.name ?? String(type);
    lost(
      `metric ${named}`,
      'it is one of the cluster: publish it in CloudWatch, and name it as {namespace, metricName, dimensions}',
    );
  }
  return [];
}
