import type { _InstanceType } from '@aws-sdk/client-ec2';
import type { WholeCloud } from '@rushhour/local-aws';
import { typeFacts } from '@rushhour/local-aws/instance-types';
import type { EcsService } from '../shared/fleet/ecs.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import type { Group } from '../shared/fleet/group.ts';
import { scalingGroupName } from '../shared/fleet/names.ts';
import { zoneNamed } from '../shared/schedule/zone.ts';
import { dayMs, minuteMs, minutesPerDay } from '../shared/units.ts';
import { dayShape } from '../simulate/day-shape.ts';
import { generateLoad } from '../simulate/world/generator.ts';
import { type GroupModel, World } from '../simulate/world/world.ts';

/** Requests of a group in the minute that starts at an instant. */
export type Load = (minuteStart: number) => number;

/** The world that a fleet file describes: how its servers behave, and who comes to them. */
export function fleetWorld(fleet: Fleet, loadOf: (group: string) => Load): World {
  const models = Object.entries(fleet.groups).map(([group, { simulation }]): [string, GroupModel] => [
    scalingGroupName(fleet, group),
    {
      requestsPerSecondPerServer: simulation.requestsPerSecondPerServer,
      bootSeconds: simulation.bootSeconds,
      load: loadOf(group),
    },
  ]);
  return new World(fleet.simulation.seed, Object.fromEntries(models));
}

/** A group's generated day, the same one every day, by the clock of the fleet's time zone. */
export function generatedDay(fleet: Fleet, group: string): Load {
  const load = generateLoad(dayShape(fleet.groups[group]!), {
    seed: seedOf(fleet, group),
    minutes: minutesPerDay,
  });
  const zone = zoneNamed(fleet.timeZone);
  return (minuteStart) => load[Math.floor((zone.wallAt(minuteStart) % dayMs) / minuteMs)]!;
}

/**
 * Gives a cloud what the fleet file takes for granted: its VPC, its images, the servers that are to be adopted, and services of
 * ECS with what stands before them.
 */
export function provideForFleet(local: WholeCloud, fleet: Fleet): void {
  const {
    cloud,
    fleet: { ec2 },
  } = local;
  for (const group of Object.values(fleet.groups)) if (group.ecs) provideService(local, group, group.ecs);
  const now = cloud.eventQueue.now();
  const { network } = fleet;
  if ('vpcId' in network) ec2.network.seedVpc(network);
  const [SubnetId] = 'vpcId' in network ? [...network.privateSubnetIds, ...network.publicSubnetIds] : [];
  for (const { launch, instances } of Object.values(fleet.groups)) {
    if (!launch?.imageId.startsWith('ami-')) continue;
    const { imageId: ImageId, instanceType } = launch;
    const InstanceType = [instanceType].flat()[0] as _InstanceType;
    if (!ec2.images.images.find(ImageId)) {
      ec2.images.seed(ImageId, `${fleet.name}-${ImageId}`, typeFacts(InstanceType).architecture, now);
    }
    for (const instanceId of instances) {
      ec2.instances.seed(instanceId, { ImageId, InstanceType, MinCount: 1, MaxCount: 1, SubnetId }, now);
    }
  }
}

/** The service runs as many tasks as the group begins with; its application boots before its checks count. One that is there stays. */
function provideService({ cloud, inRegion }: WholeCloud, group: Group, ecs: EcsService): void {
  const { cluster, service, resolutionSeconds = 60 } = ecs;
  const fleet = inRegion(ecs.region ?? cloud.region);
  if (fleet.ecs.all().some((one) => one.cluster === cluster && one.name === service)) return;
  const { targetGroupArns = [], loadBalancerArn } = group.loadBalancer ?? {};
  const now = cloud.eventQueue.now();
  const call = {
    now,
    sentAt: now,
    principal: { kind: 'owner', arn: `arn:aws:iam::${cloud.account}:root` },
    requestId: service,
  } as const;
  if (loadBalancerArn !== undefined)
    for (const targetGroupArn of targetGroupArns) fleet.balancing.seed(loadBalancerArn, targetGroupArn, now);
  const containerDefinitions = [{ name: service, image: `${service}:1` }];
  const { CreateCluster, RegisterTaskDefinition, CreateService } = fleet.ecs.operations;
  CreateCluster!({ clusterName: cluster }, call);
  RegisterTaskDefinition!({ family: service, containerDefinitions }, call);
  CreateService!(
    {
      cluster,
      serviceName: service,
      taskDefinition: service,
      desiredCount: group.initialCapacity ?? group.minSize,
      monitoring: {
        metricConfigurations: [{ metricNames: ['CPUUtilization', 'MemoryUtilization'], resolutionSeconds }],
      },
      healthCheckGracePeriodSeconds: 2 * group.simulation.bootSeconds,
      loadBalancers: targetGroupArns.map((targetGroupArn) => ({
        targetGroupArn,
        containerName: service,
        containerPort: 80,
      })),
    },
    call,
  );
}

/** The groups share the fleet's seed but not their noise. */
function seedOf(fleet: Fleet, group: string): number {
  return fleet.simulation.seed + Object.keys(fleet.groups).indexOf(group);
}
