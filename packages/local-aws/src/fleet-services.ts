import { ApplicationAutoScaling } from './application-autoscaling/application-autoscaling.ts';
import { AutoScaling } from './autoscaling/autoscaling.ts';
import type { CloudContext } from './cloud-context.ts';
import { CloudWatch } from './cloudwatch/cloudwatch.ts';
import { Ec2 } from './ec2/ec2.ts';
import { Ecs } from './ecs/ecs.ts';
import { LoadBalancing } from './elbv2/elbv2.ts';
import { FleetMetrics } from './fleet-metrics.ts';
import type { Service } from './service.ts';
import { ServiceQuotas } from './service-quotas/service-quotas.ts';
import type { TrafficWorld } from './traffic-world.ts';
import { Waf } from './wafv2/wafv2.ts';

/** The services that a fleet runs on, wired to one another and to the world. */
export interface FleetServices {
  readonly ec2: Ec2;
  readonly balancing: LoadBalancing;
  readonly scaling: AutoScaling;
  readonly cloudWatch: CloudWatch;
  readonly ecs: Ecs;
  /** What plays the world's minutes. */
  readonly minutes: FleetMetrics;
  /** All of them, to be added to the cloud. */
  readonly all: readonly Service[];
}

/**
 * Makes the services and starts the world's minutes.
 * @param home those of the account's home region: these are of another region of the same world
 */
export function fleetServices(
  cloud: CloudContext,
  world: TrafficWorld,
  home?: Pick<FleetServices, 'minutes'>,
): FleetServices {
  const cloudWatch = new CloudWatch(cloud);
  const ec2 = new Ec2(cloud, world);
  const balancing = new LoadBalancing(cloud, ec2, world);
  const scaling = new AutoScaling(cloud, ec2, balancing, world);
  const quotas = new ServiceQuotas(cloud, () => ec2.instances.vcpuLimit);
  const ecs = new Ecs(cloud, world, balancing.targetGroups);
  const measured = { ec2, balancing, scaling, ecs, metrics: cloudWatch };
  const minutes = home?.minutes ?? new FleetMetrics(cloud.eventQueue, measured, world);
  if (home) minutes.add(measured);
  else minutes.start();
  const all = [
    ec2,
    balancing,
    scaling,
    ecs,
    new ApplicationAutoScaling(cloud),
    cloudWatch,
    quotas,
    new Waf(cloud),
  ];
  return { ec2, balancing, scaling, cloudWatch, ecs, minutes, all };
}
