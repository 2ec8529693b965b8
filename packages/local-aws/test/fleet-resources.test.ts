import { beforeEach, describe, expect, it } from 'vitest';
import { parseProperties } from '../src/cloudformation/properties.ts';
import type { Resource, ResourceContext, ResourceType } from '../src/service.ts';
import { FleetCloud, image } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

const context: ResourceContext = {
  ...{
    stackName: 'lunch',
    stackId: 'arn:stack',
    logicalId: 'Thing',
    region: 'us-east-1',
    account: '000000000000',
  },
  physicalName: (maxLength) => 'lunch-Thing-0123456789AB'.slice(0, maxLength),
  tags: { fleet: 'lunch' },
};

let cloud: FleetCloud;
let types: Map<string, ResourceType>;
beforeEach(() => {
  cloud = new FleetCloud(new SteadyWorld());
  types = new Map(cloud.services.all.flatMap((one) => one.resources ?? []).map((type) => [type.type, type]));
});

async function create(type: string, properties: object): Promise<Resource> {
  const found = types.get(type)!;
  return found.create(parseProperties(found.properties, type, properties), context);
}

async function update(type: string, id: string, next: object, previous: object): Promise<Resource> {
  const found = types.get(type)!;
  const parse = (properties: object) => parseProperties(found.properties, type, properties);
  return found.update(id, parse(next), parse(previous), context);
}

const template = { LaunchTemplateData: { ImageId: image, InstanceType: 'c7g.xlarge' } };

describe('templates of a fleet', () => {
  it('refuses a property that it does not know, by name', () => {
    for (const [name, type] of types)
      expect(() => parseProperties(type.properties, name, { Colour: 'red' }), name).toThrow(/Colour/);
  });

  it('makes a network in which a load balancer can stand', async () => {
    const vpc = (await create('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' })).physicalId;
    const subnets = await Promise.all(
      ['a', 'b'].map((zone, i) =>
        create('AWS::EC2::Subnet', {
          VpcId: vpc,
          CidrBlock: `10.0.${i}.0/24`,
          AvailabilityZone: `us-east-1${zone}`,
        }),
      ),
    );
    const balancer = await create('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      ...{ Type: 'application', Scheme: 'internal' },
      Subnets: subnets.map((subnet) => subnet.physicalId),
    });
    expect(balancer.attributes['DNSName']).toMatch(/^internal-lunch-Thing-/);
    expect(balancer.attributes['LoadBalancerFullName']).toMatch(/^app\/lunch-Thing-/);
    await expect(async () => types.get('AWS::EC2::VPC')!.delete(vpc, {}, context)).rejects.toMatchObject({
      code: 'DependencyViolation',
    });
  });

  it('takes over from the rule that lets everything out when egress is named', async () => {
    const { Vpcs } = await cloud.call('ec2', 'DescribeVpcs');
    const egress = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' };
    const { physicalId } = await create('AWS::EC2::SecurityGroup', {
      ...{ GroupDescription: 'servers', VpcId: Vpcs[0].VpcId, SecurityGroupEgress: [egress] },
    });
    const { SecurityGroups } = await cloud.call('ec2', 'DescribeSecurityGroups', { GroupIds: [physicalId] });
    expect(SecurityGroups[0].IpPermissionsEgress).toMatchObject([{ FromPort: 443 }]);
    expect(SecurityGroups[0].Tags).toEqual([{ Key: 'fleet', Value: 'lunch' }]);
  });

  it('makes a new version of a launch template whose data change', async () => {
    const { physicalId } = await create('AWS::EC2::LaunchTemplate', template);
    const larger = { LaunchTemplateData: { ...template.LaunchTemplateData, InstanceType: 'c7g.2xlarge' } };
    const after = await update('AWS::EC2::LaunchTemplate', physicalId, larger, template);
    expect(after).toMatchObject({ physicalId, attributes: { LatestVersionNumber: '2' } });
  });

  it('changes the sizes of a group and leaves desired capacity alone', async () => {
    const { physicalId: LaunchTemplateId } = await create('AWS::EC2::LaunchTemplate', template);
    const properties = {
      ...{ AutoScalingGroupName: 'business', MinSize: '0', MaxSize: '4' },
      AvailabilityZones: ['us-east-1a'],
      LaunchTemplate: { LaunchTemplateId, Version: '1' },
    };
    await create('AWS::AutoScaling::AutoScalingGroup', properties);
    await cloud.call('autoscaling', 'SetDesiredCapacity', {
      AutoScalingGroupName: 'business',
      DesiredCapacity: 3,
    });
    await update(
      'AWS::AutoScaling::AutoScalingGroup',
      'business',
      { ...properties, MaxSize: '8' },
      properties,
    );
    expect(await cloud.describe()).toMatchObject({ MaxSize: 8, DesiredCapacity: 3 });
  });
});
