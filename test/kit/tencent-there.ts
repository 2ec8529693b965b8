import { TencentCloud } from '@rushhour/local-tencent';
import { TencentEndpoint } from '@rushhour/local-tencent/endpoint';
import { SteadyServers, TestTimeline } from '../../packages/local-tencent/test/test-timeline.ts';
import type { ScalingGroup } from '../../shared/domain/observation.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { tencentGroupName } from '../../shared/fleet/tencent.ts';
import type { AskedMetric, AskedUse } from '../../shared/ports/metrics.ts';
import { TencentAccount } from '../../shared/providers/tencent/account.ts';
import { TencentKeys } from '../../shared/providers/tencent/keys.ts';
import { TencentScalingGroups } from '../../shared/providers/tencent/scaling-groups.ts';

const settings = {
  region: 'ap-guangzhou',
  scalingGroup: 'asg-00000001',
  credentials: 'shop/tencent',
} as const;
const start = Date.parse('2026-03-04T00:00:00Z');
const file = `name: f\ngroups:\n  web:\n    tencent: ${JSON.stringify(settings)}\n    minSize: 1\n    maxSize: 9\n`;

/** Tencent Cloud on loopback, and an account of ours there, with one group that is asked for. */
export async function openTencent() {
  const timeline = new TestTimeline(start);
  const servers = new SteadyServers();
  const cloud = new TencentCloud(timeline, servers);
  cloud.addKey('id', 'secret');
  const endpoint = new TencentEndpoint(cloud);
  const via = new URL(await endpoint.listen());
  /** What our secret has, what it has when it is read again, and the names of secrets that were refused. */
  const secret = { key: 'secret', another: undefined as string | undefined, forgotten: [] as string[] };
  const secrets = {
    read: async () => ({ secretId: 'id', secretKey: secret.key }) as never,
    forget: (id: string) => {
      secret.forgotten.push(id);
      secret.key = secret.another ?? secret.key;
    },
  };
  const name = tencentGroupName(settings);
  const keys = new TencentKeys(secrets, timeline, via);
  const account = new TencentAccount(new Map([[name, settings]]), keys, timeline, via);
  const group = { name: 'web', scalingGroup: name, config: readFleet(file).groups['web']! };
  return {
    ...{ timeline, servers, cloud, endpoint, via, secret, settings, name, start, account },
    /** The group as it is. */
    seen: async (): Promise<ScalingGroup> =>
      (await new TencentScalingGroups(account).describe([name])).get(name)!,
    asked: (
      seen: ScalingGroup,
      metric: AskedUse['metric'],
      periodSeconds = 60,
      statistic?: string,
    ): AskedMetric => ({ group, seen, use: { key: 'k', metric, statistic, periodSeconds } }),
  };
}

export type TencentThere = Awaited<ReturnType<typeof openTencent>>;
