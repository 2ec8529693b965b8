import { TencentCloud } from '@rushhour/local-tencent';
import { TencentEndpoint } from '@rushhour/local-tencent/endpoint';
import { type TencentGroup, tencentGroupName } from '../../shared/fleet/tencent.ts';
import type { Capabilities } from '../../shared/ports/capacity.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { TencentAccount } from '../../shared/providers/tencent/account.ts';
import { TencentActivities } from '../../shared/providers/tencent/activities.ts';
import { TencentKeys } from '../../shared/providers/tencent/keys.ts';
import { TencentRivals } from '../../shared/providers/tencent/rivals.ts';
import { TencentScalingGroups } from '../../shared/providers/tencent/scaling-groups.ts';
import type { UnderTest } from './implementation.ts';
import { openLocalCloud } from './local-cloud.ts';

const region = 'ap-guangzhou';
const bootMs = 20_000;

/** Servers that run at once, and answer after a while. */
class IdleServers {
  isSoldOut = false;
  readonly #readyAt = new Map<string, number>();

  refusal() {
    const soldOut = { code: 'ResourceInsufficient.SpecifiedInstanceType', message: '资源售罄' };
    return this.isSoldOut ? soldOut : undefined;
  }

  start(id: string, _request: unknown, now: number): number {
    this.#readyAt.set(id, now + bootMs);
    return now;
  }

  stop(id: string): void {
    this.#readyAt.delete(id);
  }

  reachable(id: string): boolean {
    return this.#readyAt.has(id);
  }

  answers(id: string, now: number): boolean {
    return now >= (this.#readyAt.get(id) ?? Number.POSITIVE_INFINITY);
  }
}

/** `asg-business` */
function idOf(name: string): string {
  return `asg-${name.padEnd(8, '0').slice(0, 8)}`;
}

/** The adapter of Tencent Cloud, over signed HTTP to a cloud on loopback. */
export async function tencent(): Promise<UnderTest> {
  const { tested, cloud } = await openLocalCloud();
  const world = new IdleServers();
  const there = new TencentCloud(cloud.eventQueue, world);
  there.addKey('id', 'secret');
  const endpoint = new TencentEndpoint(there);
  const via = new URL(await endpoint.listen());
  const settings = (name: string): TencentGroup => ({ region, scalingGroup: idOf(name), credentials: 'key' });
  const full = (name: string) => tencentGroupName(settings(name));
  const groups = new Map(['business', 'nowhere'].map((name) => [full(name), settings(name)]));
  const secrets = { read: async () => ({ secretId: 'id', secretKey: 'secret' }) as never, forget: () => {} };
  const account = new TencentAccount(groups, new TencentKeys(secrets, tested, via), tested, via);
  const { alarms, metrics, ledger, activities, events, models, clock } = tested.ports;
  return {
    ...tested,
    ports: { clock, alarms, metrics, ledger, activities, events, models, ...renamed(account, full) },
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

/** Groups go by the short names of the suites. */
function renamed(
  account: TencentAccount,
  full: (name: string) => string,
): Capabilities & Pick<Ports, 'groups'> {
  const scaling = new TencentScalingGroups(account);
  const activities = new TencentActivities(account);
  return {
    groups: {
      describe: async (names) => {
        const found = await scaling.describe(names.map(full));
        return new Map(
          names.flatMap((name) => {
            const group = found.get(full(name));
            return group ? [[name, { ...group, name }] as const] : [];
          }),
        );
      },
      setDesired: (name, desired) => scaling.setDesired(full(name), desired),
    },
    adopt: {
      attach: (name, ids) => scaling.attach(full(name), ids),
      detach: (name, ids) => scaling.detach(full(name), ids),
      detachBeforeDelete: (name, ids) => scaling.detachBeforeDelete(full(name), ids),
      allowAdoption: () => scaling.allowAdoption(),
    },
    protect: { protect: (name, ids, on) => scaling.protect(full(name), ids, on) },
    launchFailures: { launchFailure: (name, since) => activities.launchFailure(full(name), since) },
    losses: { losses: (name, since) => activities.losses(full(name), since) },
    health: { healthy: (group) => scaling.healthy({ ...group, name: full(group.name) }) },
    rivals: { nativeScaling: (name) => new TencentRivals(account).nativeScaling(full(name)) },
  };
}
