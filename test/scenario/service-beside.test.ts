import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RushhourFleet } from '../../infra/rushhour-fleet.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import type { FleetInput } from '../../shared/fleet/schema.ts';
import { Deployed } from '../kit/deployed.ts';

const start = '2026-03-04T00:00:00Z';
const input: FleetInput = {
  name: 'shop',
  groups: {
    web: {
      ecs: { cluster: 'shop', service: 'web' },
      ...{ minSize: 1, maxSize: 6 },
      schedules: { lunch: { start: '0 1 * * *', end: '0 3 * * *', scalingAdjustment: 2 } },
    },
  },
};
const place = { vpcId: 'vpc-0a1b2c3d', availabilityZones: ['us-east-1a', 'us-east-1b'] };
const publicSubnetIds = ['subnet-00000a01', 'subnet-00000a02'];
/** What the account has: a network. Nobody but the team's own stack makes the service. */
const network = { ...place, publicSubnetIds, cidr: '10.0.0.0/16' };
const groups = { none: { existing: 'none', minSize: 1, maxSize: 1 } };
const nothing = readFleet(JSON.stringify({ name: 'none', network, groups }));

let account: Deployed;

/** A team's stack, as CDK's own constructs write it, with the fleet that scales its service beside. */
const deploy = (image: string) =>
  account.deployApp(nothing, (app) => {
    const stack = new Stack(app, 'Theirs');
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { ...place, publicSubnetIds });
    // Its types are not strict about what is undefined.
    const made: unknown = new ecs.Cluster(stack, 'Cluster', { vpc, clusterName: 'shop' });
    const cluster = made as ecs.ICluster;
    const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task', { family: 'web' });
    taskDefinition.addContainer('web', { image: ecs.ContainerImage.fromRegistry(image) });
    const service = new ecs.FargateService(stack, 'Service', {
      ...{ cluster, taskDefinition, serviceName: 'web', minHealthyPercent: 100 },
      ...{ assignPublicIp: true, circuitBreaker: { rollback: true } },
    });
    const fleet = new RushhourFleet(stack, 'Fleet', { fleet: input, now: new Date(start) });
    fleet.node.addDependency(service);
  });

async function service() {
  const { services } = await account.call('ecs', 'DescribeServices', { cluster: 'shop', services: ['web'] });
  return services[0];
}

beforeAll(async () => {
  account = new Deployed(start);
  await deploy('web:1');
});

afterAll(() => account[Symbol.asyncDispose]());

it("a service of a team's own stack is scaled, and the team's deploys leave its count alone", async () => {
  await account.pass(90 * 60);
  expect(await service()).toMatchObject({ desiredCount: 3, runningCount: 3 });
  await deploy('web:2');
  expect((await service()).taskDefinition).toMatch(/web:2$/);
  await account.pass(600);
  expect(await service()).toMatchObject({ desiredCount: 3, runningCount: 3 });
  await account.pass(2 * 3600);
  expect(await service()).toMatchObject({ desiredCount: 1, runningCount: 1 });
});
