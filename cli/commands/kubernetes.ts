import { Argument, type Command } from 'commander';
import { stringify } from 'yaml';
import { Failure } from '../failure.ts';
import { type FleetOptions, takesFleet } from '../fleet-text.ts';
import { accessManifests } from '../kubernetes/access-manifests.ts';
import { loadFleet } from '../load-fleet.ts';
import { print } from '../print.ts';

const help = `
rbac prints what a cluster has to allow the fleet's functions, and no more, as manifests with what is to be done above them:

  $ rushhour kubernetes rbac | kubectl apply -f -

For a cluster of EKS the deploy makes access entries, which make the functions' roles members of a group that the role is
bound to. For any other, a service account is printed, and how its token becomes a secret.

Exit codes: 0 printed, 1 the fleet has no group of Kubernetes.`;

export function define(command: Command): void {
  takesFleet(command)
    .addArgument(new Argument('<what>', 'the roles that the fleet needs').choices(['rbac']))
    .addHelpText('after', help)
    .action((_what: string, options: FleetOptions) => rbac(options));
}

function rbac(options: FleetOptions): void {
  const fleet = loadFleet(options);
  const clusters = accessManifests(fleet);
  if (clusters.length === 0) throw new Failure(`Fleet ${fleet.name} has no group of Kubernetes.`);
  const documents = clusters.flatMap(({ steps, manifests }) => {
    const above = steps.map((step) => `# ${step}`.trimEnd()).join('\n');
    return manifests.map((manifest, index) => `${index === 0 ? `${above}\n` : ''}${stringify(manifest)}`);
  });
  print(documents.join('---\n').trimEnd());
}
