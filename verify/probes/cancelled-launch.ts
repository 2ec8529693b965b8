import {
  CompleteLifecycleActionCommand,
  DescribeScalingActivitiesCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { expectEqual } from '../differs.ts';
import { describeGroup, makeGroup } from '../group.ts';
import type { Probe } from '../probe.ts';

/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html; ActivityStatusCode in the API reference names both ends */
export const cancelledLaunch: Probe = {
  name: 'cancelled-launch',
  fact: 'A launch that its hook abandons ends as Cancelled, and not as Failed',
  creates: 'a launch template, a group with a hook, one t4g.nano for some minutes',
  cents: 2,
  run: async (bench) => {
    const LifecycleHookName = 'verify';
    const name = await makeGroup(bench, 'cancelled', {
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [
        {
          LifecycleHookName,
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          HeartbeatTimeout: 1800,
          DefaultResult: 'ABANDON',
        },
      ],
    });
    const waiting = await bench.eventually('a server that waits for the hook', 600, async () => {
      const { Instances = [] } = await describeGroup(bench, name);
      return Instances.find(({ LifecycleState }) => LifecycleState === 'Pending:Wait');
    });
    const { autoScaling } = bench.clients;
    const group = { AutoScalingGroupName: name };
    // Otherwise it is tried again and again, at a minute of a server each.
    await autoScaling.send(new SuspendProcessesCommand({ ...group, ScalingProcesses: ['Launch'] }));
    const InstanceId = waiting.InstanceId!;
    const abandon = { ...group, LifecycleHookName, InstanceId, LifecycleActionResult: 'ABANDON' };
    await autoScaling.send(new CompleteLifecycleActionCommand(abandon));
    const ended = await bench.eventually('the end of the launch', 300, async () => {
      const { Activities = [] } = await autoScaling.send(new DescribeScalingActivitiesCommand(group));
      return Activities.find(
        ({ Description, EndTime }) => EndTime && Description?.startsWith(`Launching a new EC2 instance`),
      );
    });
    expectEqual('StatusCode', ended.StatusCode, 'Cancelled');
    return `Cancelled: ${ended.StatusMessage ?? 'without a message'}`;
  },
};
