import type { Instant, LaunchFailure, Lifecycle, Server } from '../../domain/observation.ts';
import type { Pod, Selector } from './api-objects.ts';

/** Pods that a workload keeps, by its selector; those that have ended are none. */
export function podsOf(all: readonly Pod[], selector: Selector): Pod[] {
  return all.filter(({ metadata, status }) => {
    const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
    return !hasEnded && selects(selector, metadata.labels ?? {});
  });
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements */
function selects(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        default:
          return operator === 'DoesNotExist' && value === undefined;
      }
    })
  );
}

export function serversOf(pods: readonly Pod[]): Server[] {
  return pods.map((pod) => ({
    id: pod.metadata.name,
    lifecycle: lifecycleOf(pod),
    protectedFromScaleIn: false,
    weight: 1,
  }));
}

/**
 * Where a pod is in its life. Ready is what its probes say, or its containers where it has none. A pod that was ready and is
 * no longer, or that was started again, is unhealthy; one that has not been yet is on its way.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions
 */
function lifecycleOf(pod: Pod): Lifecycle {
  if (pod.metadata.deletionTimestamp !== undefined) return 'leaving';
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status === 'True') return 'ready';
  const containers = pod.status?.containerStatuses ?? [];
  if (containers.some(({ restartCount = 0 }) => restartCount > 0)) return 'unhealthy';
  const startedAt = containers.map(({ state }) => Date.parse(state?.running?.startedAt ?? ''));
  const turnedAt = Date.parse(ready?.lastTransitionTime ?? '');
  return startedAt.some((at) => turnedAt > at) ? 'unhealthy' : 'pending';
}

function conditionOf({ status }: Pod, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Times are in whole seconds: it was no later than this. */
const secondMs = 1_000;

/** The newest pod that cannot be started, and why. */
export function startFailure(pods: readonly Pod[], since: Instant): LaunchFailure | undefined {
  let newest: LaunchFailure | undefined;
  for (const pod of pods) {
    const failure = pod.metadata.deletionTimestamp === undefined ? failureOf(pod) : undefined;
    if (failure && failure.at >= since && (!newest || failure.at > newest.at)) newest = failure;
  }
  return newest;
}

/**
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/
 * @see https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff
 */
function failureOf(pod: Pod): LaunchFailure | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    const { lastTransitionTime, message = 'Unschedulable' } = scheduled;
    return { at: latest(lastTransitionTime), kind: 'capacity', message };
  }
  for (const { state } of pod.status?.containerStatuses ?? []) {
    const { reason = '', message } = state?.waiting ?? {};
    const kind = kindOf(reason);
    if (kind === undefined) continue;
    const at = latest(conditionOf(pod, 'Ready')?.lastTransitionTime ?? pod.metadata.creationTimestamp);
    return { at, kind, message: message === undefined ? reason : `${reason}: ${message}` };
  }
  return undefined;
}

/** What people can do something about; undefined: it only takes its time. */
function kindOf(reason: string): LaunchFailure['kind'] | undefined {
  if (/^(ErrImage|ImagePull|ImageInspectError|InvalidImageName|RegistryUnavailable)/.test(reason))
    return 'image';
  return /^(CrashLoopBackOff|Create\w+Error|RunContainerError)$/.test(reason) ? 'other' : undefined;
}

function latest(time: string | undefined): Instant {
  return Date.parse(time ?? '') + secondMs - 1;
}
