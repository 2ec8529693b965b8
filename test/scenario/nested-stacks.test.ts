import { Stack } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RushhourFleet } from '../../infra/rushhour-fleet.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import type { FleetInput } from '../../shared/fleet/schema.ts';
import { Deployed } from '../kit/deployed.ts';

const adopted = 'i-0a5e551041adde001';
const vpc = {
  ...{ vpcId: 'vpc-0a1b2c3d', cidr: '10.0.0.0/16', availabilityZones: ['us-east-1a', 'us-east-1b'] },
  publicSubnetIds: ['subnet-00000a01', 'subnet-00000a02'],
};
const launch = { imageId: 'ami-0a1b2c3d4e5f60718', instanceType: 'c7g.large' };
const loadBalancer = { scheme: 'internal', port: 80 } as const;
const start = '2026-03-04T00:00:00Z';

/** Two groups, of which one is told the other's address: across two nested stacks. */
const fleetOf = (name: string, maxSize = 6): FleetInput => ({
  name,
  network: vpc,
  notify: { email: ['ops@example.com'] },
  groups: {
    web: {
      launch: { ...launch, environment: { INNER: 'address-of:inner' } },
      ...{ minSize: 1, maxSize, loadBalancer },
      schedules: { lunch: { start: '0 1 * * *', end: '0 3 * * *', scalingAdjustment: 2 } },
    },
    inner: { launch, minSize: 1, maxSize: 3, loadBalancer, ...(name === 'shop' && { instances: [adopted] }) },
  },
});

let account: Deployed;

const deploy = (...fleets: FleetInput[]) =>
  account.deployApp(readFleet(JSON.stringify(fleets[0])), (app) => {
    const stack = new Stack(app, 'Theirs', { tags: { team: 'platform' } });
    for (const fleet of fleets)
      new RushhourFleet(stack, fleet.name, { fleet, nestedStacks: true, now: new Date(start) });
  });

beforeAll(async () => {
  account = new Deployed(start);
  await deploy(fleetOf('shop'), fleetOf('blog'));
});
afterAll(() => account[Symbol.asyncDispose]());

// biome-ignore lint/suspicious/noExplicitAny: as CloudFormation describes them.
async function stacks(): Promise<any[]> {
  const { Stacks } = await account.call('cloudformation', 'DescribeStacks', {});
  return Stacks.filter(({ StackName }: { StackName: string }) => StackName !== 'CDKToolkit');
}

describe("two fleets in somebody's stack, a nested stack for each group", () => {
  it('are deployed, and say whose they are', async () => {
    const all = await stacks();
    const [outer] = all.filter(({ ParentId }) => ParentId === undefined);
    const nested = all.filter(({ ParentId }) => ParentId === outer.StackId);
    expect(nested).toHaveLength(4);
    expect(new Set(nested.map(({ Description }) => Description))).toEqual(
      new Set(
        ['shop', 'blog'].flatMap((fleet) =>
          ['web', 'inner'].map((group) => `Rushhour: group ${group} of fleet ${fleet}`),
        ),
      ),
    );
    const { Tags } = await account.group('blog-web');
    const tags = new Map(Tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]));
    expect(tags.get('rushhour:fleet')).toBe('blog');
    expect(tags.get('rushhour:group')).toBe('web');
    expect(tags.get('team')).toBe('platform');
  });

  it('scale, each by its own ledger, and adopt', async () => {
    await account.pass(90 * 60);
    expect(await account.servers('shop-web')).toHaveLength(3);
    expect(await account.servers('shop-inner')).toContain(adopted);
    const [last] = (await account.history('blog', 'web')).slice(-1);
    expect(last).toMatchObject({ from: 1, to: 3, reason: 'WindowOpened' });
  });

  it('tell servers the address of a group in another nested stack', async () => {
    const names = ['shop-web'];
    const { LaunchTemplates } = await account.call('ec2', 'DescribeLaunchTemplates', {
      LaunchTemplateNames: names,
    });
    const { LaunchTemplateVersions } = await account.call('ec2', 'DescribeLaunchTemplateVersions', {
      LaunchTemplateId: LaunchTemplates[0].LaunchTemplateId,
    });
    const { UserData } = LaunchTemplateVersions.at(-1).LaunchTemplateData;
    const { LoadBalancers } = await account.call('elasticloadbalancing', 'DescribeLoadBalancers', {});
    const [balancer] = LoadBalancers.filter(({ LoadBalancerName }: { LoadBalancerName: string }) =>
      LoadBalancerName.startsWith('shop-inner'),
    );
    expect(Buffer.from(UserData, 'base64').toString()).toContain(`INNER='${balancer.DNSName}'`);
  });

  it('change in place, and a deploy sets no size', async () => {
    await deploy(fleetOf('shop', 9), fleetOf('blog'));
    expect(await account.group('shop-web')).toMatchObject({ MaxSize: 9, DesiredCapacity: 3 });
    expect(await account.group('blog-web')).toMatchObject({ MaxSize: 6, DesiredCapacity: 3 });
  });

  it('go with their stack: servers of their own with them, the adopted one lives on', async () => {
    const own = await account.servers('shop-web');
    await account.destroy('Theirs');
    expect(await stacks()).toEqual([]);
    expect(await account.group('shop-web')).toBeUndefined();
    const { Reservations } = await account.call('ec2', 'DescribeInstances', {
      InstanceIds: [adopted, ...own],
    });
    const states = Reservations.flatMap(({ Instances }: { Instances: { State: { Name: string } }[] }) =>
      Instances.map(({ State }) => State.Name),
    );
    expect(states.toSorted()).toEqual(['running', 'terminated', 'terminated', 'terminated']);
  });
});
