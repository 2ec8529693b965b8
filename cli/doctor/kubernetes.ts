import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { clusterName, isPulled, type KubernetesWorkload, resourceOf } from '../../shared/fleet/kubernetes.ts';
import { leastSize } from '../../shared/fleet/least-size.ts';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

type Group = Pick<ScalerGroup, 'name' | 'config'>;

/**
 * A workload of Kubernetes against the fleet file: it has no sizes of its own, so what matters is who owns it.
 * @param others autoscalers besides the one that is written to
 */
export function judgeKubernetes(group: Group, found: ScalingGroup, others: readonly NativeRule[]): Finding[] {
  const { name, config } = group;
  const workload = config.kubernetes!;
  if (isPulled(workload)) return [fine('drift', wantedOf(name, workload, found))];
  const { namespace } = workload;
  const { kind, name: called } = resourceOf(workload);
  if (others.length > 0)
    return [
      problem(
        'native scaling',
        `${name}: several autoscalers own ${kind} ${called} and fight: ${found.revision} and ${others.map((one) => one.name).join(', ')}`,
        `Keep one: kubectl -n ${namespace} get hpa, then kubectl -n ${namespace} delete hpa NAME`,
      ),
    ];
  if (found.revision === undefined)
    return config.mode === 'observe'
      ? [
          problem(
            'native scaling',
            `${name}: nobody scales it: it is only observed, and no autoscaler owns it`,
            'Delete its mode: observe, then npx cdk deploy --all.',
          ),
        ]
      : [fine('drift', `${name} has what is set, and no sizes of its own`)];
  return [...beside(group, found), fine('drift', ownedBy(name, found))];
}

/** What the file asks that does not go together with an autoscaler. */
function beside({ name, config }: Group, { revision }: ScalingGroup): Finding[] {
  if (config.mode === 'observe') return [];
  const check = 'native scaling';
  const remove = `Delete them from the fleet file, or the autoscaler: kubectl -n ${config.kubernetes!.namespace} delete hpa ${revision}`;
  const rules = [
    ...Object.keys(config.alarms),
    ...config.targets.map(({ metric }) => `the target on ${told(metric)}`),
  ];
  const findings: Finding[] = [];
  if (rules.length > 0)
    findings.push(
      warning(
        check,
        `${name}: autoscaler ${revision} scales by the load already, and ${rules.join(', ')} would raise and lower its minimum besides`,
        remove,
      ),
    );
  if (leastSize(config) < 1)
    findings.push(
      problem(
        check,
        `${name}: its minSize is 0, where autoscaler ${revision} is off and nothing would wake it`,
        'Give it a minSize of at least 1, or delete the autoscaler.',
      ),
    );
  return findings;
}

function told(metric: unknown): string {
  return typeof metric === 'string' ? metric : 'a metric of your own';
}

/** Of a cluster that nobody asks, nothing else is known. */
function wantedOf(name: string, { cluster }: KubernetesWorkload, { desired }: ScalingGroup): string {
  return `${name}: ${desired} pods are wanted; whether KEDA in cluster ${clusterName(cluster)} follows is not known, for nobody asks it`;
}

/** Where an autoscaler of the cluster owns a workload, it is the autoscaler's minimum that is set. */
function ownedBy(name: string, { revision, tracked, desired }: ScalingGroup): string {
  const above = tracked === undefined ? '' : `; it wants ${tracked} now, and at least ${desired} are set`;
  return `${name}: autoscaler ${revision} owns it, and its minimum is what is set${above}`;
}
