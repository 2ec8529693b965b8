import { SetDesiredCapacityCommand, SuspendProcessesCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { Bench } from '../bench.ts';
import { expectEqual } from '../differs.ts';
import { defaultZones, describeGroup, smallestServer } from '../group.ts';
import type { Probe } from '../probe.ts';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html DesiredCapacity */
export const templateWithoutDesired: Probe = {
  name: 'template-without-desired',
  fact: 'A template that does not say DesiredCapacity leaves it as it is when something else of the group is updated',
  creates: 'a stack of a launch template and a group that may launch nothing',
  cents: 0,
  run: async (bench) => {
    const { autoScaling, cloudFormation } = bench.clients;
    const StackName = bench.name('stack');
    const template = await templateOf(bench, StackName);
    await cloudFormation.send(
      new CreateStackCommand({ StackName, TemplateBody: template(2), Tags: bench.tagList }),
    );
    await finished(bench, StackName, 'CREATE_COMPLETE');
    const group = { AutoScalingGroupName: StackName };
    // Desired is a number then, without a server behind it: nothing is paid for.
    await autoScaling.send(new SuspendProcessesCommand({ ...group, ScalingProcesses: ['Launch'] }));
    await autoScaling.send(new SetDesiredCapacityCommand({ ...group, DesiredCapacity: 1 }));
    await cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody: template(3) }));
    await finished(bench, StackName, 'UPDATE_COMPLETE');
    const { MinSize, MaxSize, DesiredCapacity } = await describeGroup(bench, StackName);
    const expected = { MinSize: 0, MaxSize: 3, DesiredCapacity: 1 };
    expectEqual('the group after the update', { MinSize, MaxSize, DesiredCapacity }, expected);
    return 'MaxSize went from 2 to 3, desired stayed at 1';
  },
};

/** @returns the template for a maximum */
async function templateOf(bench: Bench, name: string): Promise<(max: number) => string> {
  const LaunchTemplateData = await smallestServer(bench);
  const AvailabilityZones = await defaultZones(bench);
  const tags = [{ ResourceType: 'launch-template', Tags: bench.tagList }];
  return (max) =>
    JSON.stringify({
      Resources: {
        Template: {
          Type: 'AWS::EC2::LaunchTemplate',
          Properties: { LaunchTemplateName: name, LaunchTemplateData, TagSpecifications: tags },
        },
        Group: {
          Type: 'AWS::AutoScaling::AutoScalingGroup',
          Properties: {
            AutoScalingGroupName: name,
            MinSize: '0',
            MaxSize: String(max),
            AvailabilityZones,
            LaunchTemplate: {
              LaunchTemplateId: { Ref: 'Template' },
              Version: { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] },
            },
            Tags: bench.tagList.map((tag) => ({ ...tag, PropagateAtLaunch: true })),
          },
        },
      },
    });
}

/** @throws Error when it ends otherwise */
async function finished(bench: Bench, StackName: string, wanted: string): Promise<void> {
  const describe = new DescribeStacksCommand({ StackName });
  const status = await bench.eventually(`${wanted} of the stack`, 600, async () => {
    const { Stacks } = await bench.clients.cloudFormation.send(describe);
    const { StackStatus, StackStatusReason } = Stacks![0]!;
    return !/_IN_PROGRESS$/.test(StackStatus!) && [StackStatus, StackStatusReason];
  });
  if (status[0] !== wanted) throw new Error(`The stack ended as ${status.join(': ')}`);
}
