import { ecsGroupName } from '../../shared/fleet/ecs.ts';
import { wellAt } from '../../shared/providers/aws/target-health.ts';
import { open } from '../../shared/providers/ecs/provider.ts';
import type { GroupSettings, UnderTest } from './implementation.ts';
import { type CallApi, makeLoadBalancer, openLocalCloud } from './local-cloud.ts';

const cluster = 'shop';

/** The adapter of ECS, with the real SDK and a real connection to the local cloud. Groups go by the names of services. */
export async function ecs(): Promise<UnderTest> {
  const { tested, call, clients, url } = await openLocalCloud();
  await call('ecs', 'CreateCluster', { clusterName: cluster });
  const containerDefinitions = [{ name: 'web', image: 'shop/web:1' }];
  await call('ecs', 'RegisterTaskDefinition', { family: 'web', containerDefinitions });
  const opening = { clients, clock: tested, wellAt: (arn: string) => wellAt(clients.loadBalancing, arn) };
  const provider = open(opening, url);
  const full = (service: string) => ecsGroupName({ cluster, service });
  const short = (name: string) => name.split('/').at(-1)!;
  const { alarms, metrics, ledger, activities, events, models, clock } = tested.ports;
  return {
    ...tested,
    ports: {
      ...{ clock, alarms, metrics, ledger, activities, events, models },
      groups: {
        describe: async (names) =>
          new Map(
            [...(await provider.groups.describe(names.map(full)))].map(([name, group]) => [
              short(name),
              { ...group, name: short(name) },
            ]),
          ),
        setDesired: (name, desired, seen) => provider.groups.setDesired(full(name), desired, seen),
      },
      refresh: { instanceRefresh: (name) => provider.refresh!.instanceRefresh(full(name)) },
      launchFailures: {
        launchFailure: (name, since) => provider.launchFailures!.launchFailure(full(name), since),
      },
      losses: { losses: (name, since) => provider.losses!.losses(full(name), since) },
      health: { healthy: (group) => provider.health!.healthy({ ...group, name: full(group.name) }) },
      rivals: { nativeScaling: (name) => provider.rivals!.nativeScaling(full(name)) },
    },
    kill: (_, task) => call('ecs', 'StopTask', { cluster, task }),
    makeGroup: (settings) => makeService(call, settings),
  };
}

async function makeService(call: CallApi, { name, desired, loadBalancer }: GroupSettings): Promise<void> {
  const targetGroupArn = loadBalancer ? await makeLoadBalancer(call, name, 'ip') : undefined;
  await call('ecs', 'CreateService', {
    cluster,
    serviceName: name,
    taskDefinition: 'web',
    desiredCount: desired,
    healthCheckGracePeriodSeconds: 120,
    loadBalancers: targetGroupArn ? [{ containerName: 'web', containerPort: 80, targetGroupArn }] : [],
  });
}
