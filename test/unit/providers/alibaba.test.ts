import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlibabaCloud } from '@rushhour/local-alibaba';
import { ApiError } from '@rushhour/local-alibaba/api-error';
import { AlibabaEndpoint } from '@rushhour/local-alibaba/endpoint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScalingGroup } from '../../../shared/domain/observation.ts';
import { alibabaGroupName } from '../../../shared/fleet/alibaba.ts';
import { hasAlarm } from '../../../shared/fleet/has-alarm.ts';
import { isOfCloudWatch } from '../../../shared/fleet/is-of-cloudwatch.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import type { AskedMetric } from '../../../shared/ports/metrics.ts';
import { AlibabaAccount } from '../../../shared/providers/alibaba/account.ts';
import { AlibabaActivities } from '../../../shared/providers/alibaba/activities.ts';
import { AlibabaHealth } from '../../../shared/providers/alibaba/health.ts';
import { AlibabaKeys } from '../../../shared/providers/alibaba/keys.ts';
import { AlibabaMetrics } from '../../../shared/providers/alibaba/metrics.ts';
import { AlibabaRivals } from '../../../shared/providers/alibaba/rivals.ts';
import { AlibabaScalingGroups } from '../../../shared/providers/alibaba/scaling-groups.ts';

const settings = {
  region: 'cn-hangzhou',
  scalingGroup: 'asg-bp100000000000000001',
  credentials: 'shop/alibaba',
} as const;
const name = alibabaGroupName(settings);
const start = Date.parse('2026-03-04T00:00:00Z');
const config = readFleet(
  `name: f\ngroups:\n  web:\n    alibaba: { region: cn-hangzhou, scalingGroup: asg-bp100000000000000001, credentials: shop/alibaba }\n    minSize: 1\n    maxSize: 9\n    alarms: { high: { metric: cpu, threshold: 70, comparisonOperator: GreaterThanThreshold, period: 60, evaluationPeriods: 3, scalingAdjustment: 1 } }\n`,
).groups['web']!;

let now = start;
let later: { when: number; task: () => void }[] = [];
let refusal: { code: string; message: string } | undefined;
let cloud: AlibabaCloud;
let endpoint: AlibabaEndpoint;
let account: AlibabaAccount;
let keys: AlibabaKeys;
let via: URL;
let forgotten: string[];
let secretKey: string;
/** What the secret has when it is read again. */
let another: string | undefined;
let scaling: AlibabaScalingGroups | undefined;

const timeline = {
  now: () => now,
  at: (when: number, _: string, task: () => void) => {
    later.push({ when, task });
    return () => {};
  },
};

function pass(seconds: number): void {
  const end = now + seconds * 1000;
  for (;;) {
    later.sort((one, other) => one.when - other.when);
    const next = later[0];
    if (!next || next.when > end) break;
    later.shift();
    now = Math.max(now, next.when);
    next.task();
  }
  now = end;
}

beforeEach(async () => {
  [now, later, refusal, forgotten, secretKey, scaling] = [start, [], undefined, [], 'secret', undefined];
  const on = new Set<string>();
  cloud = new AlibabaCloud(timeline, {
    refusal: () => refusal,
    start: (id, _, at) => {
      on.add(id);
      return at;
    },
    stop: (id) => void on.delete(id),
    reachable: (id) => on.has(id),
    answers: (id) => on.has(id),
  });
  cloud.addKey('id', 'secret');
  another = undefined;
  cloud.addGroup({
    id: 'asg-bp100000000000000001',
    region: settings.region,
    minSize: 1,
    maxSize: 6,
    desired: 2,
    rules: [
      { id: 'asr-1', name: 'add-two' },
      { id: 'asr-2', name: 'keep-half', type: 'TargetTrackingScalingRule' },
    ],
    tasks: [
      { id: 'ast-1', name: 'lunch' },
      { id: 'ast-2', name: 'dinner', isEnabled: false },
    ],
    alarms: [{ id: 'asg-1_asr-1', name: 'cpu-high' }],
  });
  endpoint = new AlibabaEndpoint(cloud);
  via = new URL(await endpoint.listen());
  const secrets = {
    read: async () => ({ accessKeyId: 'id', accessKeySecret: secretKey }) as never,
    forget: (secret: string) => {
      forgotten.push(secret);
      secretKey = another ?? secretKey;
    },
  };
  keys = new AlibabaKeys(secrets, timeline, via);
  account = new AlibabaAccount(new Map([[name, settings]]), keys, timeline, via);
});

afterEach(() => endpoint.close());

function groupsOf(): AlibabaScalingGroups {
  scaling ??= new AlibabaScalingGroups(account, new AlibabaActivities(account));
  return scaling;
}

async function group(): Promise<ScalingGroup> {
  return (await groupsOf().describe([name])).get(name)!;
}

describe('What Alibaba Cloud refuses', () => {
  it('is told with what was tried and what to do about it', async () => {
    const seen = await group();
    endpoint.disturb = () => new ApiError('ScalingActivityInProgress', 'refused');
    await expect(groupsOf().setDesired(name, 3, seen)).rejects.toMatchObject({
      code: 'Busy',
      transient: true,
      message:
        'set the desired capacity of asg-bp100000000000000001 to 3: ScalingActivityInProgress: refused (nothing to do: it is tried again at the next look)',
    });
  });

  it('a key that is wrong is forgotten, and read anew at the next call', async () => {
    secretKey = 'old';
    await expect(group()).rejects.toMatchObject({ code: 'Denied' });
    expect(forgotten).toEqual(['shop/alibaba']);
    secretKey = 'secret';
    expect((await group()).desired).toBe(2);
  });

  it('a key that was replaced is read anew at once, and nobody notices', async () => {
    secretKey = 'old';
    another = 'secret';
    expect((await group()).desired).toBe(2);
    expect(forgotten).toEqual(['shop/alibaba']);
  });

  it.each([
    ['cut', 'Unavailable'],
    ['nonsense', 'Unavailable'],
  ] as const)('an answer that is %s is none', async (what, code) => {
    endpoint.disturb = () => what;
    await expect(group()).rejects.toMatchObject({ code });
  });

  it('a group that is disabled is shown as one whose processes are suspended', async () => {
    cloud.group('asg-bp100000000000000001').isEnabled = false;
    expect((await group()).suspended).toEqual(['launching', 'terminating']);
  });
});

describe('Launches that fail', () => {
  it.each([
    ['OperationDenied.NoStock', 'The specified ECS resource is out of stock in this region.', 'capacity'],
    ['OperationDenied.NoStock', '库存不足', 'capacity'],
    ['QuotaExceed.ElasticQuota', 'Living afterpay instance quota exceeded.', 'quota'],
    ['InvalidAccountStatus.NotEnoughBalance', '账户余额不足', 'quota'],
    ['InvalidImageId.NotFound', 'The specified image does not exist.', 'image'],
    ['InternalError', 'unknown', 'other'],
  ])('%s: %s', async (code, message, kind) => {
    refusal = { code, message };
    const activities = new AlibabaActivities(account);
    await groupsOf().setDesired(name, 3, await group());
    expect(await activities.launchFailure(name, start)).toBeNull();
    pass(60);
    expect(await activities.launchFailure(name, start)).toMatchObject({
      kind,
      message: `${code}: ${message}`,
    });
    refusal = undefined;
    pass(120);
    expect(await activities.launchFailure(name, start)).toBeNull();
  });
});

it('rules of its own are found: rules that act by themselves, tasks and alarm tasks', async () => {
  expect(await new AlibabaRivals(account).nativeScaling(name)).toEqual([
    { name: 'scaling rule keep-half', isAsleep: false },
    { name: 'scheduled task lunch', isAsleep: false },
    { name: 'scheduled task dinner', isAsleep: true },
    { name: 'alarm task cpu-high', isAsleep: false },
  ]);
});

describe('Metrics of servers', () => {
  const asked = (seen: ScalingGroup, metric: string, periodSeconds = 60, statistic?: string) =>
    ({
      group: { name: 'web', scalingGroup: name, config },
      seen,
      use: { key: metric, metric, statistic, periodSeconds },
    }) as AskedMetric;

  function measure(minutes: readonly (readonly number[])[]): void {
    const ids = [...cloud.group('asg-bp100000000000000001').members.keys()];
    for (const [minute, values] of minutes.entries()) {
      const servers = values.flatMap((cpuPercent, index) =>
        Number.isNaN(cpuPercent)
          ? []
          : [[ids[index]!, { cpuPercent, memoryPercent: 1, bytesIn: 60_000_000, bytesOut: 0 }] as const],
      );
      cloud.measure(start + minute * 60_000, new Map(servers));
    }
    pass(minutes.length * 60 + 60);
  }

  it('are the mean of those that have one, by the minute and by longer periods', async () => {
    measure([
      [10, 30],
      [50, Number.NaN],
      [Number.NaN, Number.NaN],
      [80, 100],
    ]);
    const seen = await group();
    const metrics = new AlibabaMetrics(account);
    const end = start + 240_000;
    const [minutes, pairs] = [
      await metrics.history([asked(seen, 'cpu')], start, end),
      await metrics.history([asked(seen, 'cpu', 120)], start, end),
    ];
    expect([...minutes[0]!]).toEqual([20, 50, Number.NaN, 90]);
    expect([...pairs[0]!]).toEqual([35, 90]);
    expect([...(await metrics.history([asked(seen, 'cpu', 120, 'Maximum')], start, end))[0]!]).toEqual([
      50, 100,
    ]);
  });

  it('are in our units, and the newest that is known is told', async () => {
    measure([
      [10, 30],
      [20, 40],
    ]);
    const seen = await group();
    const metrics = new AlibabaMetrics(account);
    const [cpu, network] = await metrics.latest([asked(seen, 'cpu'), asked(seen, 'networkIn')], now);
    expect(cpu).toEqual({ known: true, value: 30, at: start + 60_000 });
    expect(network).toMatchObject({ value: 1_000_000 });
  });

  it('are read once for all rules that go by one of them', async () => {
    measure([[10, 30]]);
    const seen = await group();
    endpoint.requests.length = 0;
    await new AlibabaMetrics(account).history(
      [asked(seen, 'cpu'), asked(seen, 'cpu')],
      start,
      start + 60_000,
    );
    expect(endpoint.requests).toEqual(['DescribeMetricList']);
  });

  it('that cannot be read are unknown, and a metric that nobody measures is none', async () => {
    const seen = await group();
    endpoint.disturb = () => new ApiError('InternalError', 'no');
    const metrics = new AlibabaMetrics(account);
    await expect(metrics.history([asked(seen, 'cpu')], start, start + 60_000)).rejects.toMatchObject({
      code: 'Unavailable',
    });
    expect(await metrics.history([asked(seen, 'disk')], start, start + 60_000)).toEqual([undefined]);
  });
});

describe('Metrics of an application’s own', () => {
  const metric = {
    namespace: 'acs_customMetric_1234567890123456',
    metricName: 'QPS',
    dimensions: { stage: 'live', app: 'web' },
    statistic: 'Average',
    perServer: false,
  };
  const asked = (seen: ScalingGroup) =>
    ({
      group: { name: 'web', scalingGroup: name, config },
      seen,
      use: { key: 'qps', metric, statistic: 'Average', periodSeconds: 60 },
    }) as AskedMetric;

  it('are found by the order of their dimensions, and asked of CloudMonitor', async () => {
    const seen = await group();
    const dimensions = { groupId: '0', dimension: 'app=web&stage=live' };
    for (const value of [300, 500])
      cloud.monitor.put({ namespace: metric.namespace, metricName: 'QPS', dimensions }, start, value);
    pass(180);
    const [values] = await new AlibabaMetrics(account).history([asked(seen)], start, start + 60_000);
    expect([...values!]).toEqual([400]);
    expect(isOfCloudWatch(config, metric)).toBe(false);
    expect(hasAlarm(config, { metric })).toBe(false);
    expect(hasAlarm(config, { metric: { ...metric, namespace: 'Shop/Checkout' } })).toBe(true);
  });
});

describe('A group of many servers', () => {
  it('is read in pages, and measured fifty servers a call', async () => {
    const more = 'asg-bp100000000000000002';
    cloud.addGroup({ id: more, region: settings.region, minSize: 1, maxSize: 200, desired: 120 });
    const big = { ...settings, scalingGroup: more };
    const there = new AlibabaAccount(new Map([[alibabaGroupName(big), big]]), keys, timeline, via);
    const groups = new AlibabaScalingGroups(there, new AlibabaActivities(there));
    const seen = (await groups.describe([alibabaGroupName(big)])).get(alibabaGroupName(big))!;
    expect(seen.servers).toHaveLength(120);
    endpoint.requests.length = 0;
    const cpu = {
      group: { name: 'web', scalingGroup: alibabaGroupName(big), config },
      seen,
      use: { key: 'cpu', metric: 'cpu', periodSeconds: 60 },
    } as AskedMetric;
    await new AlibabaMetrics(there).history([cpu], start, start + 60_000);
    expect(endpoint.requests).toEqual(['DescribeMetricList', 'DescribeMetricList', 'DescribeMetricList']);
  });
});

describe('Who the functions are', () => {
  const role = {
    roleArn: 'acs:ram::1234567890123456:role/rushhour',
    providerArn: 'acs:ram::1234567890123456:oidc-provider/aws',
  };
  const credentials = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  let asked: URLSearchParams[];
  let sts: Server;

  beforeEach(async () => {
    Object.assign(process.env, credentials);
    asked = [];
    sts = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      asked.push(new URLSearchParams(body));
      const result = `<WebIdentityToken>token ${asked.length}</WebIdentityToken><Expiration>2030-01-01T00:00:00Z</Expiration>`;
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<GetWebIdentityTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetWebIdentityTokenResult>${result}</GetWebIdentityTokenResult></GetWebIdentityTokenResponse>`,
      );
    });
    await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
    cloud.addRole({ ...role, accepts: (token) => token.startsWith('token') });
  });

  afterEach(() => {
    sts.closeAllConnections();
    sts.close();
  });

  function accountByRole(): AlibabaAccount {
    const aws = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
    const noSecrets = { read: () => Promise.reject(new Error('no secret is read')), forget: () => {} };
    const byRole = new AlibabaKeys(noSecrets, timeline, via, aws);
    return new AlibabaAccount(new Map([[name, { ...settings, credentials: role }]]), byRole, timeline, via);
  }

  it('is vouched for by AWS, and exchanged for a temporary key that is kept for an hour', async () => {
    const there = accountByRole();
    const groups = new AlibabaScalingGroups(there, new AlibabaActivities(there));
    expect((await groups.describe([name])).get(name)).toMatchObject({ desired: 2 });
    await groups.describe([name]);
    expect(asked.map((one) => [one.get('Action'), one.get('Audience.member.1')])).toEqual([
      ['GetWebIdentityToken', 'sts.aliyuncs.com'],
    ]);
    expect(endpoint.requests.filter((action) => action === 'AssumeRoleWithOIDC')).toHaveLength(1);
    pass(3600);
    await groups.describe([name]);
    expect(asked).toHaveLength(2);
  });

  it('is told when Alibaba Cloud does not take it', async () => {
    endpoint.disturb = (action) =>
      action === 'AssumeRoleWithOIDC'
        ? new ApiError('AuthenticationFail.OIDCToken.Invalid', 'no')
        : undefined;
    const there = accountByRole();
    const failed = new AlibabaScalingGroups(there, new AlibabaActivities(there)).describe([name]);
    await expect(failed).rejects.toMatchObject({
      code: 'Denied',
      message: expect.stringContaining(`take the role ${role.roleArn}`),
    });
  });
});

describe('A group without a desired capacity', () => {
  const settingsOf = { ...settings, scalingGroup: 'asg-bp100000000000000003' };
  const full = alibabaGroupName(settingsOf);

  it('is told by an activity, shows what that brings, and is refused another while it runs', async () => {
    const made = { id: settingsOf.scalingGroup, region: settings.region, minSize: 1, maxSize: 6, desired: 2 };
    cloud.addGroup({ ...made, withoutDesired: true });
    const there = new AlibabaAccount(new Map([[full, settingsOf]]), keys, timeline, via);
    const groups = new AlibabaScalingGroups(there, new AlibabaActivities(there));
    const seen = async () => (await groups.describe([full])).get(full)!;
    await groups.setDesired(full, 2, await seen());
    await groups.setDesired(full, 4, await seen());
    expect((await seen()).desired).toBe(4);
    const early = groups.setDesired(full, 5, await seen());
    await expect(early).rejects.toMatchObject({ code: 'Busy', transient: true });
    // It would silently stay within its bounds.
    await expect(groups.setDesired(full, 7, await seen())).rejects.toMatchObject({ code: 'OutOfBounds' });
    pass(120);
    await groups.setDesired(full, 5, await seen());
    pass(120);
    expect((await seen()).servers).toHaveLength(5);
    // What an activity brings is known from its cause, before there is a server of it; one that fails brings nothing.
    refusal = { code: 'OperationDenied.NoStock', message: 'out of stock' };
    await groups.setDesired(full, 6, await seen());
    expect(await seen()).toMatchObject({ desired: 6, servers: { length: 5 } });
    pass(60);
    expect((await seen()).desired).toBe(5);
    // Suspended, it says that nothing changes, as it does of a group that has the number already.
    cloud.group(settingsOf.scalingGroup).suspended.add('ScaleOut');
    const told = groups.setDesired(full, 6, await seen());
    await expect(told).rejects.toMatchObject({
      code: 'Invalid',
      message: expect.stringMatching(/stays at 5.*suspended/),
    });
  });
});

describe('Health', () => {
  it.each([
    ['a classic load balancer', { classicBalancer: 'lb-2' }],
    [
      'an application load balancer',
      { applicationBalancer: { loadBalancerId: 'alb-2', listenerId: 'lsn-2', serverGroupId: 'sgp-2' } },
    ],
    [
      'a network load balancer',
      { networkBalancer: { loadBalancerId: 'nlb-2', listenerId: 'lsn-2', serverGroupId: 'sgp-2' } },
    ],
  ])('is what %s says of each server', async (_, balancer) => {
    const id = 'asg-bp100000000000000004';
    cloud.addGroup({ id, region: settings.region, minSize: 1, maxSize: 6, desired: 3, ...balancer });
    const place = { ...settings, scalingGroup: id };
    const full = alibabaGroupName(place);
    const there = new AlibabaAccount(new Map([[full, place]]), keys, timeline, via);
    const groups = new AlibabaScalingGroups(there, new AlibabaActivities(there));
    const seen = (await groups.describe([full])).get(full)!;
    const [first, ...others] = seen.servers.map((server) => server.id);
    cloud.terminate(first!);
    expect(await new AlibabaHealth(there).healthy(seen)).toEqual(new Set(others));
  });

  it('is read to the end where a listener has many groups of servers behind it', async () => {
    for (let index = 0; index < 25; index++) {
      const id = `asg-bp1000000000000005${index.toString().padStart(2, '0')}`;
      const applicationBalancer = {
        loadBalancerId: 'alb-5',
        listenerId: 'lsn-5',
        serverGroupId: `sgp-${index}`,
      };
      cloud.addGroup({
        id,
        region: settings.region,
        minSize: 1,
        maxSize: 6,
        desired: 1,
        applicationBalancer,
      });
    }
    const place = { ...settings, scalingGroup: 'asg-bp100000000000000524' };
    const full = alibabaGroupName(place);
    const there = new AlibabaAccount(new Map([[full, place]]), keys, timeline, via);
    const seen = (await new AlibabaScalingGroups(there, new AlibabaActivities(there)).describe([full])).get(
      full,
    )!;
    const health = new AlibabaHealth(there);
    expect((await health.healthy(seen)).size).toBe(1);
    cloud.terminate(seen.servers[0]!.id);
    expect((await health.healthy(seen)).size).toBe(0);
  });
});
