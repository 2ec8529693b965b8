import type { Fleet } from './fleet-keys.ts';
import { otherKinds } from './other-kinds.ts';

/**
 * Names of the secrets that a fleet file names, each once: the functions may read these and no others. A group of another kind
 * says under `credentials` by which secret its provider is asked; one of Kubernetes, under `token` of its cluster.
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
  return [...new Set([...named, ...tokens])];
}
