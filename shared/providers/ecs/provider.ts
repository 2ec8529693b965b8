import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { ECSClient } from '@aws-sdk/client-ecs';
import { clientSettings } from '../aws/clients.ts';
import type { Provider } from '../by-kind.ts';
import type { Opening } from '../opening.ts';
import { EcsRivals } from './rivals.ts';
import { EcsServices } from './services.ts';

/** Amazon ECS as a provider of servers: its services are the groups, their tasks the servers. */
export function open({ clients, clock }: Omit<Opening, 'fleet'>, endpoint?: string): Provider {
  const settings = clientSettings({ endpoint });
  const services = new EcsServices(new ECSClient(settings), clients.loadBalancing, clock);
  return {
    groups: services,
    refresh: services,
    launchFailures: services,
    losses: services,
    health: services,
    rivals: new EcsRivals(new ApplicationAutoScalingClient(settings)),
  };
}
