import { AutoScaling } from './autoscaling/autoscaling.ts';
import { CloudWatch } from './cloudwatch/cloudwatch.ts';
import { Ec2 } from './ec2/ec2.ts';
import { LoadBalancing } from './elbv2/elbv2.ts';
import { FleetMetrics } from './fleet-metrics.ts';
import type { Service } from './service.ts';
import { ServiceQuotas } from './service-quotas/service-quotas.ts';
import type { Site } from './site.ts';
import type { TrafficWorld } from './traffic-world.ts';
import { Waf } from './wafv2/wafv2.ts';

/** The services that a fleet runs on, wired to one another and to the world. */
export interface FleetServices {
  readonly ec2: Ec2;
  readonly balancing: LoadBalancing;
  readonly scaling: AutoScaling;
  readonly cloudWatch: CloudWatch;
  /** All of them, to be added to the cloud. */
  readonly all: readonly Service[];
}

/** Makes the services and starts the world's minutes. */
export function fleetServices(site: Site, world: TrafficWorld): FleetServices {
  const cloudWatch = new CloudWatch(site);
  const ec2 = new Ec2(site, world);
  const balancing = new LoadBalancing(site, ec2, world);
  const scaling = new AutoScaling(site, ec2, balancing, world);
  const quotas = new ServiceQuotas(site, () => ec2.instances.vcpuLimit);
  new FleetMetrics(site.agenda, { ec2, balancing, scaling, metrics: cloudWatch }, world).start();
  const all = [ec2, balancing, scaling, cloudWatch, quotas, new Waf(site)];
  return { ec2, balancing, scaling, cloudWatch, all };
}
