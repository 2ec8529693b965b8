import { ecsGroupName } from '../../shared/fleet/ecs.ts';
import { awsPorts } from '../../shared/providers/aws/ports.ts';
import { wellAt } from '../../shared/providers/aws/target-health.ts';
import { open } from '../../shared/providers/ecs/provider.ts';
import type { Opening } from '../../shared/providers/opening.ts';
import type { GroupSettings, UnderTest } from './implementation.ts';
import { type CallApi, makeLoadBalancer, metricPutter, openLocalCloud } from './local-cloud.ts';

const cluster = 'shop';

/** The adapter of ECS, with the real SDK and a real connection to the local cloud. Groups go by the names of services. */
export function ecs(): Promise<UnderTest> {
  return servicesOf(undefined);
}

/** Likewise, of services in another region than the adapter; at home there is a cluster of the same name, and it is empty. */
export function ecsElsewhere(): Promise<UnderTest> {
  return servicesOf('eu-west-1');
}

async function servicesOf(region: string | undefined): Promise<UnderTest> {
  const { tested, call: callAtHome, clients, url, inRegion } = await openLocalCloud();
  await callAtHome('ecs', 'CreateCluster', { clusterName: cluster });
  const call = region === undefined ? callAtHome : inRegion(region);
  await call('ecs', 'CreateCluster', { clusterName: cluster });
  const containerDefinitions = [{ name: 'web', image: 'shop/web:1' }];
  await call('ecs', 'RegisterTaskDefinition', { family: 'web', containerDefinitions });
  const wellIn: Opening['wellAt'] = (arn, of) =>
    wellAt((of === undefined ? clients : clients.inRegion(of)).loadBalancing, arn);
  const provider = open({ clients, clock: tested, wellAt: wellIn }, url);
  const full = (service: string) => ecsGroupName({ region, cluster, service });
  const short = (name: string) => name.split('/').at(-1)!;
  const { alarms, ledger, activities, events, models, clock } = tested.ports;
  const settings = {
    ...{ fleet: 'lunch', ledgerTable: 'ledger', activitiesTable: 'activities' },
    ...{ historyRetentionDays: 400, eventBus: 'default' },
  };
  const owned = { owns: (name: string) => name.startsWith('ecs:'), open: async () => provider };
  const { metrics } = awsPorts(clients, settings, [owned]);
  return {
    ...tested,
    putMetric: metricPutter(call),
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
