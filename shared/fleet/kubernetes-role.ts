import type { Fleet } from './fleet-keys.ts';
import { type KubernetesWorkload, resourceOf } from './kubernetes.ts';

/** @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** The group of a cluster's users that the functions of a fleet belong to; roles are bound to it. */
export function kubernetesUsers({ name }: Pick<Fleet, 'name'>): string {
  return `rushhour:${name}`;
}

/** What the functions need in one namespace, and no more: lists to look, and the scale or an autoscaler to write. */
export function roleRules(workloads: readonly KubernetesWorkload[]): RoleRule[] {
  const scaled = Map.groupBy(workloads.map(resourceOf), ({ apiVersion }) => apiVersion.split('/')[0]!);
  const kinds = [...scaled].flatMap(([group, resources]): RoleRule[] => {
    const plurals = [...new Set(resources.map(({ plural }) => plural))].toSorted();
    const scales = plurals.map((plural) => `${plural}/scale`);
    // Of a custom resource nothing but its scale is read.
    const looks = { apiGroups: [group], resources: plurals, verbs: ['get', 'list'] };
    const writes = { apiGroups: [group], resources: scales, verbs: ['get', 'update'] };
    return group === 'apps' ? [looks, writes] : [writes];
  });
  return [
    ...kinds,
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['list', 'patch'] },
    { apiGroups: ['metrics.k8s.io'], resources: ['pods'], verbs: ['list'] },
  ];
}
