import { CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { fleetTag } from '../shared/fleet/names.ts';
import { FleetGroup, type GivenToGroup } from './fleet-group.ts';
import { FleetScaler } from './fleet-scaler.ts';
import { NewNetwork } from './new-network.ts';
import { OwnStack } from './own-stack.ts';
import { type Place, placeByIds, placeIn } from './place.ts';
import { setTags } from './set-tags.ts';

export interface FleetParts {
  readonly scaler: FleetScaler;
  readonly groups: ReadonlyMap<string, FleetGroup>;
}

export interface LayOutProps {
  readonly fleet: Fleet;
  /** Where the scripts that the fleet file names are found. */
  readonly fleetDirectory: string;
  /** Epoch milliseconds: what is past gets no schedule. */
  readonly now: number;
  /** Of each function, by its name. */
  readonly code: Readonly<Record<string, Code>>;
  readonly vpc?: ec2.IVpc | undefined;
  readonly serverSubnets?: ec2.SubnetSelection | undefined;
  readonly topic?: sns.ITopic | undefined;
  readonly logRetention?: logs.RetentionDays | undefined;
  readonly given?: Readonly<Record<string, GivenToGroup>> | undefined;
  /** In somebody's stack: a nested stack for each group. Not given: for more groups than a stack has room for. */
  readonly nestedStacks?: boolean | undefined;
}

/** A stack holds 500 resources; the scaler is about 80 of them, a group with a load balancer and its alarms 20 to 40. */
const mostGroupsInAStack = 10;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const mostNestedResources = 2500;

/** Where the parts of a fleet go: below what, and as what. */
interface Homes {
  readonly scaler: Home;
  network(): Home;
  group(name: string): Home;
  /** What is tagged as the fleet's. */
  readonly tagged: Construct[];
}

type Home = readonly [scope: Construct, id: string];

/**
 * Makes all that a fleet consists of: the scaler, a VPC if servers need one, and the groups. Groups depend on the scaler and on the groups
 * whose addresses their servers get; nothing depends on a group's being there.
 * @param scope an app or a stage, which gets a stack for each part; or something in a stack, which gets all of it
 */
export function layOutFleet(scope: Construct, props: LayOutProps): FleetParts {
  const { fleet, code, topic, logRetention } = props;
  const homes = scope.node.scopes.some(Stack.isStack)
    ? homesInStack(scope, props)
    : homesInApp(Stage.isStage(scope) ? scope : Stage.of(scope)!, fleet);
  const scaler = new FleetScaler(...homes.scaler, { fleet, code, topic, logRetention });
  const place = placeFinder(homes, props);
  const groups = new Map<string, FleetGroup>();
  const groupNamed = (group: string): FleetGroup => {
    const made = groups.get(group);
    if (made) return made;
    const given = props.given?.[group];
    // A group whose address is needed is made first; the schema refuses circles.
    const one = new FleetGroup(...homes.group(group), { ...props, group, scaler, place, groupNamed, given });
    groups.set(group, one);
    return one;
  };
  for (const group of Object.keys(fleet.groups)) groupNamed(group);
  for (const part of homes.tagged) setTags(part, { [fleetTag]: fleet.name, ...fleet.tags });
  return { scaler, groups };
}

/** A stack for each part, so that a group may fail to deploy without the others. */
function homesInApp(scope: Construct, fleet: Fleet): Homes {
  const tagged: Construct[] = [];
  const stack = (part: string, what: string): Construct => {
    const stackName = `${fleet.name}-${part}`;
    const made = new OwnStack(scope, stackName, {
      stackName,
      description: `Rushhour: ${what} of fleet ${fleet.name}`,
    });
    tagged.push(made);
    return made;
  };
  return {
    tagged,
    scaler: [stack('scaler', 'the scaler'), 'Scaler'],
    network: () => [stack('network', 'the network'), 'Network'],
    group: (name) => [stack(name, `group ${name}`), 'Group'],
  };
}

function homesInStack(scope: Construct, { fleet, nestedStacks }: LayOutProps): Homes {
  const nested = nestedStacks ?? Object.keys(fleet.groups).length > mostGroupsInAStack;
  if (nested) scope.node.addValidation({ validate: () => tooManyNested(scope, fleet) });
  const description = (name: string) => `Rushhour: group ${name} of fleet ${fleet.name}`;
  return {
    tagged: [scope],
    scaler: [scope, 'Scaler'],
    network: () => [scope, 'Network'],
    group: (name) =>
      nested ? [new NestedStack(scope, name, { description: description(name) }), 'Group'] : [scope, name],
  };
}

/** At synthesis, rather than by CloudFormation after half of a deploy. */
function tooManyNested(scope: Construct, { name }: Fleet): string[] {
  const isNested = (one: IConstruct) => CfnResource.isCfnResource(one) && one.stack.nested;
  const count = scope.node.findAll().filter(isNested).length;
  if (count <= mostNestedResources) return [];
  return [
    `The nested stacks of fleet ${name} have ${count} resources, and CloudFormation changes at most ${mostNestedResources} in one operation. Expected: the construct in an app or a stage, where each group has a stack; or several fleets.`,
  ];
}

function placeFinder(homes: Homes, { fleet, vpc, serverSubnets }: LayOutProps): (scope: Construct) => Place {
  const { network } = fleet;
  if (vpc) return () => placeIn(vpc, serverSubnets);
  if ('vpcId' in network) return (scope) => placeByIds(scope, network);
  let place: Place | undefined;
  return () => {
    place ??= new NewNetwork(...homes.network(), `${fleet.name}-network`, network).place;
    return place;
  };
}
