import type { Fleet } from './fleet-keys.ts';

/** The clusters of EKS that the fleet's groups are in, each once, in the order of the file. */
export function eksClusters({ groups }: Pick<Fleet, 'groups'>): string[] {
  const names = Object.values(groups).flatMap(({ kubernetes }) =>
    kubernetes && 'eks' in kubernetes.cluster ? kubernetes.cluster.eks : [],
  );
  return [...new Set(names)];
}
