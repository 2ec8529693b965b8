import type { Fleet } from './fleet-keys.ts';
import { measuredOf } from './measured-of.ts';
import { otherKinds } from './other-kinds.ts';
import { isPrometheus } from './prometheus.ts';

/**
 * Names of the secrets that a fleet file names, each once: the functions may read these and no others. A group of another kind
 * says under `credentials` by which secret its provider is asked; one of Kubernetes, under `token` of its cluster; a metric of a Prometheus, under `token` or `basic`.
 */
export function secretsOf({ groups }: Pick<Fleet, 'groups'>): string[] {
  const named = Object.values(groups).flatMap((group) =>
    otherKinds.flatMap((kind) => {
      const settings = group[kind] as { readonly credentials?: unknown } | undefined;
      return typeof settings?.credentials === 'string' ? settings.credentials : [];
    }),
  );
  const tokens = Object.values(groups).flatMap(({ kubernetes }) =>
    kubernetes && 'token' in kubernetes.cluster ? kubernetes.cluster.token : [],
  );
  const ofMetrics = Object.values(groups)
    .flatMap((group) => measuredOf(group))
    .flatMap(({ metric }) =>
      isPrometheus(metric)
        ? [metric.prometheus.token, metric.prometheus.basic].flatMap((one) => one ?? [])
        : [],
    );
  return [...new Set([...named, ...tokens, ...ofMetrics])];
}
