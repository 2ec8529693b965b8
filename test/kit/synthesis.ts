import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { fleetApp } from '../../infra/fleet-app.ts';
import { functions } from '../../infra/functions.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';

// `cdk synth` also runs CloudFormation's schemas over the templates, in an engine that takes seconds to load.
process.env['CDK_VALIDATION'] = 'false';

const root = join(import.meta.dirname, '../..');
const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));

/** The example fleet, `fleet.yaml`. */
export const exampleFleet = readFileSync(join(root, 'fleet.yaml'), 'utf8');

/** The app that `cdk synth` runs, but without code in its functions. */
export function appOf(yaml: string, fleetDirectory = root, now = Date.parse('2026-03-04T00:00:00Z')) {
  return fleetApp(readFleet(yaml), {
    fleetDirectory,
    now,
    context,
    analyticsReporting: false,
    outdir: mkdtempSync(join(tmpdir(), 'rushhour-synthesis-')),
    bundle: () => Object.fromEntries(Object.keys(functions).map((name) => [name, Code.fromInline('//')])),
  });
}

export interface Synthesis {
  /** Names of the stacks in the order in which they can be deployed. */
  readonly stacks: readonly string[];
  template(stack: string): Template;
}

/** Synthesizes a fleet file. Throws when cdk-nag finds something that nobody has accepted. */
export function synthesize(yaml: string, fleetDirectory?: string, now?: number): Synthesis {
  const app = appOf(yaml, fleetDirectory, now);
  const { stacks, directory } = app.synth();
  const templates = new Map(stacks.map(({ stackName, template }) => [stackName, template]));
  rmSync(directory, { recursive: true });
  return {
    stacks: [...templates.keys()],
    template: (stack) => Template.fromJSON(templates.get(stack)),
  };
}

/** A VPC that is there already. */
export const existingVpc =
  '{ vpcId: vpc-0a1b2c3d, cidr: 10.0.0.0/16, availabilityZones: [us-east-1a, us-east-1b], publicSubnetIds: [subnet-00000a01, subnet-00000a02] }';

/** A group of the least words. */
export const plainGroup = `
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 1
    maxSize: 4`;
