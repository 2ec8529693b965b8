import { App, type AppProps, type Stack, Tags, Validations } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { fleetTag } from '../shared/fleet/names.ts';
import { bundleFunctions } from './bundle.ts';
import { GroupStack } from './group-stack.ts';
import { NetworkStack, type Place, placeInExistingVpc, placeInNewVpc } from './network-stack.ts';
import { ScalerStack } from './scaler-stack.ts';

interface FleetAppProps extends AppProps {
  /** Where the scripts that the fleet file names are found. */
  readonly fleetDirectory: string;
  /** Epoch milliseconds: what is past gets no schedule. */
  readonly now: number;
  /** How the functions become code; otherwise they are bundled. */
  readonly bundle?: (fleet: Fleet) => Readonly<Record<string, Code>>;
}

/**
 * The CDK app of one fleet: the scaler, a VPC if servers need one, and a stack per group. Groups lean on the scaler and
 * on the groups whose addresses their servers are told; nothing leans on a group's being there, so one may fail to
 * deploy without the others.
 */
export function fleetApp(
  fleet: Fleet,
  { fleetDirectory, now, bundle = bundleFunctions, ...props }: FleetAppProps,
): App {
  const app = new App(props);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  Tags.of(app).add(fleetTag, fleet.name);
  for (const [key, value] of Object.entries(fleet.tags)) Tags.of(app).add(key, value);

  const scaler = new ScalerStack(app, `${fleet.name}-scaler`, {
    fleet,
    code: bundle(fleet),
    description: `Rushhour: the scaler of fleet ${fleet.name}`,
  });
  const place = places(app, fleet);
  const stacks = new Map<string, GroupStack>();
  const stackOf = (group: string): GroupStack => {
    const made = stacks.get(group);
    if (made) return made;
    const stack = new GroupStack(app, `${fleet.name}-${group}`, {
      fleet,
      group,
      scaler,
      place,
      // A group whose address is needed is made first; the schema refuses circles.
      stackOf,
      fleetDirectory,
      now,
      description: `Rushhour: group ${group} of fleet ${fleet.name}`,
    });
    stacks.set(group, stack);
    return stack;
  };
  for (const group of Object.keys(fleet.groups)) stackOf(group);
  return app;
}

function places(app: App, fleet: Fleet): (stack: Stack) => Place {
  const { network } = fleet;
  if ('vpcId' in network) return (stack) => placeInExistingVpc(stack, network);
  let place: Place | undefined;
  return () => {
    if (!place) {
      const stack = new NetworkStack(app, `${fleet.name}-network`, network, {
        description: `Rushhour: the network of fleet ${fleet.name}`,
      });
      place = placeInNewVpc(stack.vpc, network);
    }
    return place;
  };
}
