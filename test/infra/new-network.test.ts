import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { plainGroup, synthesize } from '../kit/synthesis.ts';

describe('a network of its own', () => {
  const network = synthesize(`name: lunch\ngroups:\n  web:${plainGroup}\n`).template('lunch-network');

  it('spans two zones without NAT gateways: servers are public, and closed by their security groups', () => {
    network.resourceCountIs('AWS::EC2::NatGateway', 0);
    network.resourceCountIs('AWS::EC2::Subnet', 2);
    network.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true });
  });

  it('hides the servers behind NAT gateways where they are asked for, in as many zones', () => {
    const hidden = synthesize(
      `name: h\nnetwork: { cidr: 10.9.0.0/16, maxAzs: 3, natGateways: 1 }\ngroups:\n  web:${plainGroup}\n`,
    );
    const template = hidden.template('h-network');
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.9.0.0/16' });
    template.resourceCountIs('AWS::EC2::NatGateway', 1);
    template.resourceCountIs('AWS::EC2::Subnet', 6);
    hidden.template('h-web').hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      VPCZoneIdentifier: Array(3).fill({ 'Fn::ImportValue': Match.stringLikeRegexp('Private') }),
    });
  });
});

it('moves no subnet for a zone more, or for NAT gateways', () => {
  const subnets = (network: string) => {
    const template = synthesize(`name: n\nnetwork: ${network}\ngroups:\n  web:${plainGroup}\n`).template(
      'n-network',
    );
    const found = template.findResources('AWS::EC2::Subnet');
    return Object.entries(found).map(([id, { Properties }]) => `${id} ${Properties.CidrBlock}`);
  };
  const small = subnets('{ cidr: 10.0.0.0/22 }');
  expect(small).toHaveLength(2);
  const more = ['{ maxAzs: 3 }', '{ natGateways: 2 }', '{ maxAzs: 6, natGateways: 1 }'];
  for (const network of more.map((settings) => settings.replace('{', '{ cidr: 10.0.0.0/22,')))
    expect(subnets(network)).toEqual(expect.arrayContaining(small));
});

describe('a network that exists', () => {
  const brought = synthesize(`
name: own
network:
  vpcId: vpc-0a1b2c3d
  cidr: 172.20.0.0/16
  availabilityZones: [eu-west-1a, eu-west-1b]
  publicSubnetIds: [subnet-00000a01, subnet-00000a02]
  privateSubnetIds: [subnet-00000b01, subnet-00000b02]
groups:
  web:${plainGroup}
    loadBalancer: { scheme: internet-facing, port: 80 }
  inner:${plainGroup}
    loadBalancer: { scheme: internal, protocol: TCP, port: 80 }
`);

  it('is used as it is', () => {
    expect(brought.stacks).toEqual(['own-scaler', 'own-inner', 'own-web']);
  });

  it('has servers in private subnets and public load balancers in public ones', () => {
    const web = brought.template('own-web');
    web.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      VPCZoneIdentifier: ['subnet-00000b01', 'subnet-00000b02'],
    });
    web.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: ['subnet-00000a01', 'subnet-00000a02'],
    });
  });

  it('may reach an internal load balancer', () => {
    const inner = brought.template('own-inner');
    inner.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: ['subnet-00000b01', 'subnet-00000b02'],
    });
    inner.hasResourceProperties('AWS::EC2::SecurityGroup', {
      VpcId: 'vpc-0a1b2c3d',
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '172.20.0.0/16', FromPort: 80 })],
    });
  });
});

it('lies in the zones that are named, for AWS promises no order of those that it numbers', () => {
  const network = 'network: { availabilityZones: [eu-west-1b, eu-west-1c] }';
  const template = synthesize(`name: n\n${network}\ngroups:\n  web:${plainGroup}\n`).template('n-network');
  const zones = Object.values(template.findResources('AWS::EC2::Subnet')).map(
    ({ Properties }) => Properties.AvailabilityZone,
  );
  expect(zones).toEqual(['eu-west-1b', 'eu-west-1c']);
});
