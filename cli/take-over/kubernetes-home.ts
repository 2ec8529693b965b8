import type { GroupLines, Remark } from './taken-over.ts';

/** What a scaler of Kubernetes scales. */
export interface ScaleTarget {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
}

/** Where a workload is: a manifest does not say in which cluster. */
export interface KubernetesHome {
  /** Its name in EKS. */
  readonly cluster: string | undefined;
  readonly namespace: string;
}

/** The lines that name the workload, observed only. */
export function workloadLines(
  { kind = 'Deployment', name = '', apiVersion = 'apps/v1' }: ScaleTarget,
  { cluster, namespace }: KubernetesHome,
  remarks: Remark[],
): Pick<GroupLines, 'kubernetes' | 'mode'> {
  if (cluster === undefined)
    remarks.push({
      subject: 'cluster',
      kind: 'lost',
      message:
        'no manifest says in which cluster it is: put in its name in EKS, or server, caData and token, or say --cluster',
    });
  const where = { cluster: { eks: cluster ?? 'my-cluster' }, namespace };
  if (kind === 'Deployment') return { kubernetes: { ...where, deployment: name }, mode: 'observe' };
  if (kind === 'StatefulSet') return { kubernetes: { ...where, statefulSet: name }, mode: 'observe' };
  const plural = `${kind.toLowerCase()}s`;
  remarks.push({
    subject: `${kind} ${name}`,
    kind: 'differs',
    message: `its plural is taken to be ${plural}: kubectl api-resources has it`,
  });
  return { kubernetes: { ...where, resource: { apiVersion, kind, plural, name } }, mode: 'observe' };
}
