import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { readFleet } from '../shared/fleet/read-fleet.ts';
import type { FleetInput } from '../shared/fleet/schema.ts';
import { bundleFunctions } from './bundle.ts';
import type { FleetGroup, GivenToGroup } from './fleet-group.ts';
import { type FleetParts, layOutFleet } from './lay-out-fleet.ts';

export interface RushhourFleetProps {
  /** A fleet file, from the working directory; or what would stand in one. */
  readonly fleet: string | FleetInput;
  /** Where the scripts and calendars are that a fleet names which is no file. Default: the working directory. */
  readonly fleetDirectory?: string;
  /** Where servers and load balancers go, in place of the fleet's `network`. */
  readonly vpc?: ec2.IVpc;
  /** Which of its subnets servers are in. Default: private ones with a way out, if there are any, else public ones. */
  readonly serverSubnets?: ec2.SubnetSelection;
  /** What people read. Default: a topic of its own. The fleet's `notify.email` are subscribed to it either way. */
  readonly topic?: sns.ITopic;
  /** How long the functions' logs are kept. Default: a month. */
  readonly logRetention?: logs.RetentionDays;
  /** What others have made for a group, by its name. */
  readonly groups?: { readonly [group: string]: GivenToGroup };
  /**
   * In a stack: a nested stack for each group. Default: for more than ten groups, as a stack has room for 500 resources. Say it if the
   * number of groups may pass ten: groups that are deployed do not move from one to the other. Nested stacks have room for about a hundred
   * groups; more of them want an app or a stage.
   */
  readonly nestedStacks?: boolean;
  /** When it is synthesized: a window of one time that is past gets no schedule. Default: now. */
  readonly now?: Date;
}

/**
 * A fleet: its scaler, its groups, and a network if it needs one. In an app or a stage each part becomes a stack, `NAME-scaler`, `NAME-network`
 * and `NAME-GROUP`; in a stack all goes into that one.
 */
export class RushhourFleet extends Construct {
  readonly #parts: FleetParts;

  /** @throws InvalidFleet with every mistake of the fleet at once, InvalidScript */
  constructor(scope: Construct, id: string, props: RushhourFleetProps) {
    super(scope, id);
    const { fleet, fleetDirectory } = readProps(props);
    this.#parts = layOutFleet(this, {
      ...props,
      fleet,
      fleetDirectory,
      now: (props.now ?? new Date()).getTime(),
      code: bundleFunctions(fleet),
      given: props.groups,
    });
  }

  /** @throws Error when the fleet has no such group */
  group(name: string): FleetGroup {
    const { groups } = this.#parts;
    const group = groups.get(name);
    if (!group) throw new Error(`The fleet has no group ${name}. It has ${[...groups.keys()].join(', ')}.`);
    return group;
  }

  /** By name, as `sweep` or `on-alarm`. */
  get functions(): { readonly [name: string]: lambda.IFunction } {
    return this.#parts.scaler.functions;
  }

  /** What the scaler remembers: one item per group. */
  get ledger(): dynamodb.ITable {
    return this.#parts.scaler.ledger as dynamodb.ITable;
  }

  /** Every change and its reason. */
  get activities(): dynamodb.ITable {
    return this.#parts.scaler.activities as dynamodb.ITable;
  }

  /** What people read. */
  get topic(): sns.ITopic {
    return this.#parts.scaler.topic;
  }
}

function readProps({ fleet, fleetDirectory }: RushhourFleetProps): {
  readonly fleet: Fleet;
  readonly fleetDirectory: string;
} {
  if (typeof fleet !== 'string') {
    const folder = fleetDirectory ?? process.cwd();
    // YAML takes JSON as it is.
    const text = JSON.stringify(fleet, null, 2);
    return { fleet: readFleet(text, 'fleet', { folder, withScripts: true }), fleetDirectory: folder };
  }
  const folder = dirname(resolve(fleet));
  return {
    fleet: readFleet(readFileSync(fleet, 'utf8'), fleet, { folder, withScripts: true }),
    fleetDirectory: folder,
  };
}
