import type {
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  DescribeInstancesRequest,
  DescribeInstancesResult,
  Instance,
  InstanceStateChange,
  ModifyInstanceAttributeRequest,
  MonitorInstancesRequest,
  RunInstancesRequest,
  TerminateInstancesRequest,
} from '@aws-sdk/client-ec2';
import type { CloudContext } from '../cloud-context.ts';
import { type Call, type Operation, ServiceError } from '../service.ts';
import type { Instances } from './instances.ts';
import type { ServerWorld } from './server-world.ts';

/** The instance operations of the API. */
export function instanceOperations(
  cloud: CloudContext,
  instances: Instances,
  world: ServerWorld,
): Record<string, Operation> {
  const all = instances.instances;
  /** Every instance must exist before any is touched. */
  const change = (ids: readonly string[], act: (id: string) => Instance): InstanceStateChange[] => {
    const before = ids.map((id) => all.get(id).State);
    return ids.map((InstanceId, i) => ({
      InstanceId,
      PreviousState: before[i],
      CurrentState: act(InstanceId).State,
    }));
  };
  const reservation = (found: Instance[]) => ({
    ReservationId: `r-${found[0]!.InstanceId!.slice(2)}`,
    OwnerId: cloud.account,
    Groups: [],
    Instances: found,
  });
  const monitor = (ids: readonly string[], state: 'enabled' | 'disabled') => ({
    InstanceMonitorings: ids.map((InstanceId) => {
      const instance = all.get(InstanceId);
      instance.Monitoring = { State: state };
      return { InstanceId, Monitoring: instance.Monitoring };
    }),
  });

  return {
    RunInstances: (input: RunInstancesRequest, call: Call) => reservation(instances.run(input, call.now)),
    TerminateInstances: ({ InstanceIds = [] }: TerminateInstancesRequest, call: Call) => {
      const zoneOf = (id: string) => all.get(id).Placement?.AvailabilityZone;
      const kept = InstanceIds.filter((id) => all.get(id) && instances.terminationProtected.has(id));
      const zones = kept.map(zoneOf);
      // One that is protected keeps those of its zone, and no others:
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
      const going = InstanceIds.filter((id) => !zones.includes(zoneOf(id)));
      const TerminatingInstances = change(going, (id) => instances.terminate(id, call.now));
      if (kept.length > 0) throw terminationRefused(kept[0]!);
      return { TerminatingInstances };
    },
    ModifyInstanceAttribute: (input: ModifyInstanceAttributeRequest): void => {
      const { InstanceId } = all.get(input.InstanceId);
      if (input.DisableApiTermination?.Value === undefined)
        throw new ServiceError(
          'InvalidParameterCombination',
          'The local cloud modifies no other attribute of an instance than DisableApiTermination',
        );
      if (input.DisableApiTermination.Value) instances.terminationProtected.add(InstanceId!);
      else instances.terminationProtected.delete(InstanceId!);
    },
    StopInstances: ({ InstanceIds = [] }: TerminateInstancesRequest, call: Call) => ({
      StoppingInstances: change(InstanceIds, (id) => instances.stop(id, call.now)),
    }),
    StartInstances: ({ InstanceIds = [] }: TerminateInstancesRequest, call: Call) => ({
      StartingInstances: change(InstanceIds, (id) => instances.start(id, call.now)),
    }),
    MonitorInstances: ({ InstanceIds = [] }: MonitorInstancesRequest) => monitor(InstanceIds, 'enabled'),
    UnmonitorInstances: ({ InstanceIds = [] }: MonitorInstancesRequest) => monitor(InstanceIds, 'disabled'),
    DescribeInstances(input: DescribeInstancesRequest): DescribeInstancesResult {
      const { items, NextToken } = all.describe(input.InstanceIds, input);
      return { Reservations: items.map((instance) => reservation([instance])), NextToken };
    },
    DescribeInstanceStatus(input: DescribeInstanceStatusRequest, call: Call): DescribeInstanceStatusResult {
      const { items, NextToken } = all.describe(input.InstanceIds, input);
      const shown = items.filter((one) => input.IncludeAllInstances || one.State?.Name === 'running');
      return { InstanceStatuses: shown.map((one) => statusOf(one, world, call.now)), NextToken };
    },
  };
}

function terminationRefused(instanceId: string): ServiceError {
  return new ServiceError(
    'OperationNotPermitted',
    `The instance '${instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  );
}

function statusOf(instance: Instance, world: ServerWorld, now: number) {
  const running = instance.State?.Name === 'running';
  const reachable = running && world.reachable(instance.InstanceId!, now);
  const Status = running
    ? reachable
      ? ('ok' as const)
      : ('impaired' as const)
    : ('not-applicable' as const);
  const Details = [
    { Name: 'reachability' as const, Status: reachable ? ('passed' as const) : ('failed' as const) },
  ];
  return {
    InstanceId: instance.InstanceId,
    AvailabilityZone: instance.Placement?.AvailabilityZone,
    InstanceState: instance.State,
    InstanceStatus: { Status, Details },
    SystemStatus: { Status: running ? ('ok' as const) : ('not-applicable' as const), Details: [] },
  };
}
