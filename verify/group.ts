import {
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupType,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { Bench } from './bench.ts';

const image = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';

/** Of a smallest server, which costs less than half a cent an hour. */
export async function smallestServer(bench: Bench): Promise<{ ImageId: string; InstanceType: 't4g.nano' }> {
  const { Parameter } = await bench.clients.ssm.send(new GetParameterCommand({ Name: image }));
  return { ImageId: Parameter!.Value!, InstanceType: 't4g.nano' };
}

/** @throws Error for an account without a default VPC, in which nothing can be launched without making a network */
export async function defaultZones(bench: Bench): Promise<string[]> {
  const { Subnets = [] } = await bench.clients.ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] }),
  );
  if (Subnets.length === 0)
    throw new Error(`${bench.region} has no default VPC: try another region, or make one there`);
  return Subnets.map(({ AvailabilityZone }) => AvailabilityZone!);
}

/** Makes a group of at most one server, with a launch template of the same name. @returns the name */
export async function makeGroup(
  bench: Bench,
  what: string,
  settings: Partial<CreateAutoScalingGroupType> = {},
): Promise<string> {
  const name = bench.name(what);
  const server = await smallestServer(bench);
  await bench.clients.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: server,
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: bench.tagList }],
    }),
  );
  await bench.clients.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      MinSize: 0,
      MaxSize: 1,
      AvailabilityZones: await defaultZones(bench),
      LaunchTemplate: { LaunchTemplateName: name, Version: '$Latest' },
      Tags: bench.tagList.map((tag) => ({ ...tag, PropagateAtLaunch: true })),
      ...settings,
    }),
  );
  return name;
}

/** @throws Error when there is no such group */
export async function describeGroup(bench: Bench, name: string): Promise<AutoScalingGroup> {
  const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  const { AutoScalingGroups = [] } = await bench.clients.autoScaling.send(command);
  if (!AutoScalingGroups[0]) throw new Error(`There is no group ${name} in ${bench.region}`);
  return AutoScalingGroups[0];
}
