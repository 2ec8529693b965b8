import { EnterStandbyCommand, ExitStandbyCommand, type Instance } from '@aws-sdk/client-auto-scaling';
import type { Bench } from '../bench.ts';
import { expectEqual } from '../differs.ts';
import { describeGroup, makeGroup } from '../group.ts';
import type { Probe } from '../probe.ts';

/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html */
export const standbyProtection: Probe = {
  name: 'standby-protection',
  fact: 'A server in standby keeps its protection and is not in desired when it was moved with a decrement; out of it, it counts again',
  creates: 'a launch template, a group, one t4g.nano for some minutes',
  cents: 2,
  run: async (bench) => {
    const name = await makeGroup(bench, 'standby', {
      DesiredCapacity: 1,
      NewInstancesProtectedFromScaleIn: true,
    });
    const { InstanceId } = await inState(bench, name, 'InService', 600);
    const group = { AutoScalingGroupName: name, InstanceIds: [InstanceId!] };
    await bench.clients.autoScaling.send(
      new EnterStandbyCommand({ ...group, ShouldDecrementDesiredCapacity: true }),
    );
    const aside = await inState(bench, name, 'Standby', 300);
    expectEqual('protection in standby', aside.ProtectedFromScaleIn, true);
    expectEqual('desired in standby', (await describeGroup(bench, name)).DesiredCapacity, 0);
    await bench.clients.autoScaling.send(new ExitStandbyCommand(group));
    const back = await inState(bench, name, 'InService', 300);
    expectEqual('protection after it', back.ProtectedFromScaleIn, true);
    expectEqual('desired after it', (await describeGroup(bench, name)).DesiredCapacity, 1);
    return 'Protected throughout; desired went from 1 to 0 and back to 1';
  },
};

function inState(bench: Bench, group: string, state: string, seconds: number): Promise<Instance> {
  return bench.eventually(`a server that is ${state}`, seconds, async () => {
    const { Instances = [] } = await describeGroup(bench, group);
    return Instances.find(({ LifecycleState }) => LifecycleState === state);
  });
}
