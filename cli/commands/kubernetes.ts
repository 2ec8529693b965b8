import { Argument, type Command, Option } from 'commander';
import { stringify } from 'yaml';
import { scaledObjects } from '../../shared/fleet/kubernetes-scaled-objects.ts';
import { Failure } from '../failure.ts';
import { type FleetOptions, takesFleet } from '../fleet-text.ts';
import { accessManifests } from '../kubernetes/access-manifests.ts';
import { loadFleet } from '../load-fleet.ts';
import { print } from '../print.ts';
import { requireRegion } from '../require-region.ts';

const help = `
rbac prints what a cluster has to allow the fleet's functions, and no more, as manifests with what is to be done above them:

  $ rushhour kubernetes rbac | kubectl apply -f -

For a cluster of EKS the deploy makes access entries, which make the functions' roles members of a group that the role is
bound to. For any other, a service account is printed, and how its token becomes a secret.

keda prints, for groups of a cluster that is not asked (cluster: { pull: NAME }), the ScaledObjects by which KEDA follows what
is wanted of them. The role of KEDA's operator needs cloudwatch:GetMetricData, and nothing else:

  $ rushhour kubernetes keda --region eu-west-1 | kubectl apply -f -

Exit codes: 0 printed, 1 the fleet has no such group.`;

type KubernetesOptions = FleetOptions & { readonly region?: string };

export function define(command: Command): void {
  takesFleet(command)
    .addArgument(new Argument('<what>', 'what a cluster is to be told').choices(['rbac', 'keda']))
    .addOption(new Option('--region <region>', 'AWS region in which KEDA reads; default: AWS_REGION'))
    .addHelpText('after', help)
    .action((what: string, options: KubernetesOptions) => (what === 'keda' ? keda : rbac)(options));
}

function rbac(options: FleetOptions): void {
  const fleet = loadFleet(options);
  const clusters = accessManifests(fleet);
  if (clusters.length === 0)
    throw new Failure(`Fleet ${fleet.name} has no group of Kubernetes whose cluster is asked.`);
  const documents = clusters.flatMap(({ steps, manifests }) => {
    const above = steps.map((step) => `# ${step}`.trimEnd()).join('\n');
    return manifests.map((manifest, index) => `${index === 0 ? `${above}\n` : ''}${textOf(manifest)}`);
  });
  print(documents.join('---\n').trimEnd());
}

function keda({ region: given, ...options }: KubernetesOptions): void {
  const fleet = loadFleet(options);
  const region = given ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (!region)
    throw new Failure('KEDA has to know in which region it reads.', {
      advice: 'Name it: --region eu-west-1.',
    });
  // In the cluster nobody sees that it is none: KEDA reads nothing then, and keeps what there is.
  requireRegion(region);
  const manifests = scaledObjects(fleet, region);
  if (manifests.length === 0)
    throw new Failure(
      `Fleet ${fleet.name} has no group of a cluster that is not asked: cluster: { pull: NAME }.`,
    );
  const above = [
    'KEDA 2.18 or newer, on Kubernetes 1.35 or newer: on older ones the autoscaler takes a difference of a tenth for none,',
    'which matters from ten pods on. The role of its operator needs cloudwatch:GetMetricData.',
  ].map((line) => `# ${line}\n`);
  print((above.join('') + manifests.map(textOf).join('---\n')).trimEnd());
}

/** Each part written out: people read it before they apply it. */
function textOf(manifest: object): string {
  return stringify(manifest, { aliasDuplicateObjects: false });
}
