import { AlibabaCloud } from '@rushhour/local-alibaba';
import { AlibabaEndpoint } from '@rushhour/local-alibaba/endpoint';
import { type AlibabaGroup, alibabaGroupName } from '../../shared/fleet/alibaba.ts';
import { AlibabaAccount } from '../../shared/providers/alibaba/account.ts';
import { AlibabaActivities } from '../../shared/providers/alibaba/activities.ts';
import { AlibabaHealth } from '../../shared/providers/alibaba/health.ts';
import { AlibabaKeys } from '../../shared/providers/alibaba/keys.ts';
import { AlibabaMetrics } from '../../shared/providers/alibaba/metrics.ts';
import { AlibabaRivals } from '../../shared/providers/alibaba/rivals.ts';
import { AlibabaScalingGroups } from '../../shared/providers/alibaba/scaling-groups.ts';
import { byShortName } from './by-short-name.ts';
import { IdleServers } from './idle-servers.ts';
import type { UnderTest } from './implementation.ts';
import { openLocalCloud } from './local-cloud.ts';

const region = 'cn-hangzhou';
const soldOut = {
  code: 'OperationDenied.NoStock',
  message: 'The specified ECS resource is out of stock in this region. Please try again later.',
};

/** `asg-business000000000000` */
function idOf(name: string): string {
  return `asg-${name.padEnd(20, '0')}`;
}

const balancers = {
  classicBalancer: 'lb-1',
  applicationBalancer: { loadBalancerId: 'alb-1', listenerId: 'lsn-1', serverGroupId: 'sgp-1' },
};

/** The adapter of Alibaba Cloud, over signed HTTP to a cloud on loopback. */
export function alibaba(): Promise<UnderTest> {
  return openAlibaba({});
}

/** Likewise, with groups that have no desired capacity (期望实例数). */
export function alibabaWithoutDesired(): Promise<UnderTest> {
  return openAlibaba({ withoutDesired: true });
}

async function openAlibaba(how: { readonly withoutDesired?: boolean }): Promise<UnderTest> {
  const { tested, cloud } = await openLocalCloud();
  const world = new IdleServers(soldOut);
  const there = new AlibabaCloud(cloud.eventQueue, world);
  there.addKey('id', 'secret');
  const endpoint = new AlibabaEndpoint(there);
  const via = new URL(await endpoint.listen());
  const settings = (name: string): AlibabaGroup => ({ region, scalingGroup: idOf(name), credentials: 'key' });
  const full = (name: string) => alibabaGroupName(settings(name));
  const groups = new Map(['business', 'nowhere'].map((name) => [full(name), settings(name)]));
  const secrets = {
    read: async () => ({ accessKeyId: 'id', accessKeySecret: 'secret' }) as never,
    forget: () => {},
  };
  const account = new AlibabaAccount(groups, new AlibabaKeys(secrets, tested, via), tested, via);
  const { alarms, ledger, activities, events, models, clock } = tested.ports;
  return {
    ...tested,
    ports: { ...byShortName(providerOf(account), full), clock, alarms, ledger, activities, events, models },
    putMetric: async ({ namespace, metricName, dimensions }, at, value) => {
      const dimension = Object.entries(dimensions).map(([name, text]) => `${name}=${text}`);
      const series = { namespace, metricName, dimensions: { groupId: '0', dimension: dimension.join('&') } };
      there.monitor.put(series, at, value);
    },
    refuseLaunches: () => {
      world.isSoldOut = true;
    },
    makeServer: async () => there.addServer({ region, id: idOf('business') }),
    kill: async (_, server) => there.terminate(server),
    makeGroup: async ({ name, minSize, maxSize, desired, loadBalancer }) => {
      const balancer = loadBalancer ? balancers : {};
      there.addGroup({ id: idOf(name), region, minSize, maxSize, desired, ...balancer, ...how });
    },
    [Symbol.asyncDispose]: async () => {
      await endpoint.close();
      await tested[Symbol.asyncDispose]();
    },
  };
}

function providerOf(account: AlibabaAccount) {
  const activities = new AlibabaActivities(account);
  const groups = new AlibabaScalingGroups(account, activities);
  return {
    ...{ groups, adopt: groups, protect: groups, health: new AlibabaHealth(account) },
    ...{ launchFailures: activities, losses: activities, rivals: new AlibabaRivals(account) },
    metrics: new AlibabaMetrics(account),
  };
}
