import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from '../../ports/clock.ts';
import { clientSettings } from '../aws/clients.ts';
import type { Provider } from '../by-kind.ts';
import { EcsRivals } from './rivals.ts';
import { EcsServices } from './services.ts';

/** Amazon ECS as a provider of servers: its services are the groups, their tasks the servers. */
export function openEcs(
  loadBalancing: ElasticLoadBalancingV2Client,
  clock: Clock,
  endpoint?: string,
): Provider {
  const settings = clientSettings({ endpoint });
  const services = new EcsServices(new ECSClient(settings), loadBalancing, clock);
  return {
    groups: services,
    refresh: services,
    launchFailures: services,
    losses: services,
    health: services,
    rivals: new EcsRivals(new ApplicationAutoScalingClient(settings)),
  };
}
