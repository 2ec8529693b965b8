import { DescribeScalingActivitiesCommand, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import { Differs, expectEqual } from '../differs.ts';
import { describeGroup, makeGroup } from '../group.ts';
import type { Probe } from '../probe.ts';

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html: desired defaults to the minimum */
export const groupOfNone: Probe = {
  name: 'group-of-none',
  fact: 'A group from 0 servers up is made at once with desired 0, launches nothing, and refuses more than its maximum',
  creates: 'a launch template, a group of 0 servers',
  cents: 0,
  run: async (bench) => {
    const name = await makeGroup(bench, 'none');
    const { DesiredCapacity, Instances = [], LaunchTemplate } = await describeGroup(bench, name);
    expectEqual('desired and instances', [DesiredCapacity, Instances.length], [0, 0]);
    expectEqual('the template’s name', LaunchTemplate?.LaunchTemplateName, name);
    const { autoScaling } = bench.clients;
    const listed = new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name });
    const { Activities = [] } = await autoScaling.send(listed);
    expectEqual(
      'activities',
      Activities.map(({ Description }) => Description),
      [],
    );
    const tooMany = new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: 2 });
    const refusal = await autoScaling.send(tooMany).then(
      () => undefined,
      (error: Error) => error,
    );
    if (!refusal) throw new Differs('SetDesiredCapacity above MaxSize: expected a refusal, it was accepted');
    expectEqual('the refusal of more than MaxSize', refusal.name, 'ValidationError');
    return 'Desired 0, no instance, no activity; 2 of at most 1 were refused as ValidationError';
  },
};
