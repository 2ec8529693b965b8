import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { expect, it } from 'vitest';
import { functions } from '../../infra/functions.ts';
import { layOutFleet } from '../../infra/lay-out-fleet.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { synthesize } from '../kit/synthesis.ts';
import frozen from './logical-ids-0.2.0.json' with { type: 'json' };

/**
 * What holds something that a replacement would lose, or has a name that two cannot have: tables, servers and what is before them, the
 * network, queue, topics. CloudFormation knows them by these ids. They are what 0.2.0 deployed, and may not change: a changed id is a
 * new resource, and the end of the old one.
 */
const stateful =
  /DynamoDB::Table|AutoScalingGroup|LaunchTemplate|LoadBalancer$|TargetGroup|Listener$|EC2::(VPC|Subnet|InternetGateway|NatGateway|EIP|SecurityGroup)$|SQS::Queue$|SNS::Topic$|Logs::LogGroup|LifecycleHook|CustomResource|AdoptedServers/;

const fleet = `
name: shop
network: { natGateways: 1 }
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 1
    maxSize: 4
    loadBalancer: { scheme: internet-facing, port: 80 }
    draining: { command: /opt/drain }
`;

function idsIn(template: Template): string[] {
  return Object.entries<{ Type: string }>(template.toJSON().Resources)
    .filter(([, { Type }]) => stateful.test(Type))
    .map(([id, { Type }]) => `${Type} ${id}`)
    .sort();
}

it('what holds state keeps the ids by which CloudFormation knows it', () => {
  const { stacks, template } = synthesize(fleet);
  const inStacks = Object.fromEntries(stacks.map((name) => [name, idsIn(template(name))]));
  expect(inStacks).toEqual(frozen.stacks);
});

it('also in a stack of others', () => {
  const app = new App({ analyticsReporting: false, outdir: mkdtempSync(join(tmpdir(), 'rushhour-ids-')) });
  const stack = new Stack(app, 'Theirs');
  const code = Object.fromEntries(Object.keys(functions).map((name) => [name, Code.fromInline('//')]));
  layOutFleet(new Construct(stack, 'Fleet'), { fleet: readFleet(fleet), fleetDirectory: '.', now: 0, code });
  expect(idsIn(Template.fromStack(stack))).toEqual(frozen.inAStack);
});
