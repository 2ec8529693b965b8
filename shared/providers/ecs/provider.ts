import type { Provider } from '../by-kind.ts';
import type { Opening } from '../opening.ts';
import { AwsJson } from './aws-json.ts';
import { EcsRivals, type RivalCalls } from './rivals.ts';
import { EcsServices, type ServiceCalls } from './services.ts';

/** As they sign, and as their operations are called. */
export const apis = {
  ecs: { name: 'ecs', target: 'AmazonEC2ContainerServiceV20141113' },
  applicationAutoScaling: { name: 'application-autoscaling', target: 'AnyScaleFrontendService' },
} as const;

/** Amazon ECS as a provider of servers: its services are the groups, their tasks the servers. */
export function open(
  { clients, clock, wellAt }: Omit<Opening, 'fleet'>,
  endpoint = process.env['AWS_ENDPOINT_URL'],
): Provider {
  const { loadBalancing } = clients;
  const ecs = (region: string | undefined) =>
    new AwsJson<ServiceCalls>(loadBalancing, { ...apis.ecs, region, endpoint });
  const autoScaling = (region: string | undefined) =>
    new AwsJson<RivalCalls>(loadBalancing, { ...apis.applicationAutoScaling, region, endpoint });
  const services = new EcsServices(ecs, wellAt, clock);
  return {
    groups: services,
    refresh: services,
    launchFailures: services,
    losses: services,
    health: services,
    rivals: new EcsRivals(autoScaling),
  };
}
