import { TencentCloud } from '@rushhour/local-tencent';
import { TencentEndpoint } from '@rushhour/local-tencent/endpoint';
import { type TencentGroup, tencentGroupName } from '../../shared/fleet/tencent.ts';
import { TencentAccount } from '../../shared/providers/tencent/account.ts';
import { TencentActivities } from '../../shared/providers/tencent/activities.ts';
import { TencentKeys } from '../../shared/providers/tencent/keys.ts';
import { TencentMetrics } from '../../shared/providers/tencent/metrics.ts';
import { TencentRivals } from '../../shared/providers/tencent/rivals.ts';
import { TencentScalingGroups } from '../../shared/providers/tencent/scaling-groups.ts';
import { byShortName } from './by-short-name.ts';
import { IdleServers } from './idle-servers.ts';
import type { UnderTest } from './implementation.ts';
import { openLocalCloud } from './local-cloud.ts';

const region = 'ap-guangzhou';
const soldOut = { code: 'ResourceInsufficient.SpecifiedInstanceType', message: '资源售罄' };

/** `asg-business` */
function idOf(name: string): string {
  return `asg-${name.padEnd(8, '0').slice(0, 8)}`;
}

/** The adapter of Tencent Cloud, over signed HTTP to a cloud on loopback. */
export async function tencent(): Promise<UnderTest> {
  const { tested, cloud } = await openLocalCloud();
  const world = new IdleServers(soldOut);
  const there = new TencentCloud(cloud.eventQueue, world);
  there.addKey('id', 'secret');
  const endpoint = new TencentEndpoint(there);
  const via = new URL(await endpoint.listen());
  const settings = (name: string): TencentGroup => ({ region, scalingGroup: idOf(name), credentials: 'key' });
  const full = (name: string) => tencentGroupName(settings(name));
  const groups = new Map(['business', 'nowhere'].map((name) => [full(name), settings(name)]));
  const secrets = { read: async () => ({ secretId: 'id', secretKey: 'secret' }) as never, forget: () => {} };
  const account = new TencentAccount(groups, new TencentKeys(secrets, tested, via), tested, via);
  const { alarms, ledger, activities, events, models, clock } = tested.ports;
  return {
    ...tested,
    ports: { ...byShortName(providerOf(account), full), clock, alarms, ledger, activities, events, models },
    putMetric: async ({ namespace, metricName, dimensions }, at, value) =>
      there.monitor.put(namespace, metricName, dimensions, at, value),
    refuseLaunches: () => {
      world.isSoldOut = true;
    },
    makeServer: async () => there.addServer({ region, id: idOf('business') }),
    kill: async (name, server) => there.terminate(idOf(name), server),
    makeGroup: async ({ name, minSize, maxSize, desired, loadBalancer }) => {
      const balancer = loadBalancer ? { balancer: { LoadBalancerId: 'lb-1', ListenerId: 'lbl-1' } } : {};
      there.addGroup({ id: idOf(name), region, minSize, maxSize, desired, ...balancer });
    },
    [Symbol.asyncDispose]: async () => {
      await endpoint.close();
      await tested[Symbol.asyncDispose]();
    },
  };
}

function providerOf(account: TencentAccount) {
  const groups = new TencentScalingGroups(account);
  const activities = new TencentActivities(account);
  return {
    ...{ groups, adopt: groups, protect: groups, health: groups },
    ...{ launchFailures: activities, losses: activities, rivals: new TencentRivals(account) },
    metrics: new TencentMetrics(account),
  };
}
