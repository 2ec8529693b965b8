import { AlibabaCloud } from '@rushhour/local-alibaba';
import { AlibabaEndpoint } from '@rushhour/local-alibaba/endpoint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { steadyWorld, TestTimeline } from '../../../packages/local-alibaba/test/test-timeline.ts';
import { alibabaGroupName } from '../../../shared/fleet/alibaba.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import type { AskedMetric } from '../../../shared/ports/metrics.ts';
import { AlibabaAccount } from '../../../shared/providers/alibaba/account.ts';
import { AlibabaActivities } from '../../../shared/providers/alibaba/activities.ts';
import { AlibabaKeys } from '../../../shared/providers/alibaba/keys.ts';
import { AlibabaMetrics } from '../../../shared/providers/alibaba/metrics.ts';
import { AlibabaScalingGroups } from '../../../shared/providers/alibaba/scaling-groups.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-03-04T00:00:00Z');
const id = 'asg-bp100000000000000001';
const place = { region: 'cn-hangzhou', scalingGroup: id, credentials: 'key' };
const name = alibabaGroupName(place);
const config = readFleet(
  `name: f\ngroups: { web: { alibaba: { region: cn-hangzhou, scalingGroup: ${id}, credentials: key }, minSize: 1, maxSize: 9 } }`,
).groups['web']!;
const forwarding = (kind: string) => ({
  loadBalancerId: `${kind}-1`,
  listenerId: `lsn-${kind}`,
  serverGroupId: `sgp-${kind}`,
});
const classic = { classicBalancer: 'lb-1' };
const application = { applicationBalancer: forwarding('alb') };

let timeline: TestTimeline;
let cloud: AlibabaCloud;
let endpoint: AlibabaEndpoint;
let account: AlibabaAccount;

beforeEach(async () => {
  timeline = new TestTimeline(start);
  cloud = new AlibabaCloud(timeline, steadyWorld());
  cloud.addKey('id', 'secret');
  endpoint = new AlibabaEndpoint(cloud);
  const via = new URL(await endpoint.listen());
  const secrets = {
    read: async () => ({ accessKeyId: 'id', accessKeySecret: 'secret' }) as never,
    forget: () => {},
  };
  account = new AlibabaAccount(
    new Map([[name, place]]),
    new AlibabaKeys(secrets, timeline, via),
    timeline,
    via,
  );
});

afterEach(() => endpoint.close());

async function read(metrics: readonly string[], periodSeconds = 60, upTo = 5): Promise<unknown[]> {
  const seen = (await new AlibabaScalingGroups(account, new AlibabaActivities(account)).describe([name])).get(
    name,
  );
  const asked = metrics.map(
    (metric) =>
      ({
        group: { name: 'web', scalingGroup: name, config },
        seen,
        use: { key: metric, metric, periodSeconds, statistic: undefined },
      }) as AskedMetric,
  );
  endpoint.requests.length = 0;
  const read = await new AlibabaMetrics(account).history(asked, start, start + upTo * minuteMs);
  return read.map((values) => values && [...values]);
}

function serve(requests: readonly number[], millis = 250): void {
  for (const [minute, count] of requests.entries())
    cloud.balance(id, start + minute * minuteMs, {
      requests: count,
      responseMillis: count > 0 ? millis : undefined,
    });
  timeline.advance(10 * minuteMs);
}

const readings = () => endpoint.requests.filter((action) => action === 'DescribeMetricList').length;

describe.each([
  ['a classic load balancer', classic],
  ['an application load balancer', application],
])('Of %s', (_, balancer) => {
  beforeEach(() => {
    cloud.addGroup({ id, region: place.region, minSize: 1, maxSize: 9, desired: 4, ...balancer });
  });

  it('requests a second, those of each healthy server and response times are measured', async () => {
    serve([6000, 12_000, 6000, 6000, 6000]);
    expect(await read(['requestsPerSecond', 'requestsPerTarget', 'responseTime'])).toEqual([
      [100, 200, 100, 100, 100],
      [25, 50, 25, 25, 25],
      [0.25, 0.25, 0.25, 0.25, 0.25],
    ]);
    expect((await read(['requestsPerSecond'], 120))[0]).toEqual([150, 100]);
  });

  it('a minute in which nobody came has no requests and nobody waited, and one of which nothing is known is unknown', async () => {
    serve([6000, 0, 6000]);
    const unknown = Number.NaN;
    expect(await read(['requestsPerSecond', 'responseTime'])).toEqual([
      [100, 0, 100, unknown, unknown],
      [0.25, 0, 0.25, unknown, unknown],
    ]);
  });

  it('a minute that may still be published is unknown', async () => {
    for (const [minute, requests] of [6000, 0, 0].entries())
      cloud.balance(id, start + minute * minuteMs, { requests });
    timeline.advance(4 * minuteMs + 1000);
    expect(await read(['requestsPerSecond'], 60, 3)).toEqual([[100, Number.NaN, Number.NaN]]);
  });

  it('one call a minute is enough while requests come', async () => {
    serve([6000, 6000, 6000, 6000, 6000]);
    await read(['requestsPerSecond']);
    expect(readings()).toBe(1);
  });
});

it('requests at both kinds of balancers are added, and servers counted once', async () => {
  cloud.addGroup({
    id,
    region: place.region,
    minSize: 1,
    maxSize: 9,
    desired: 4,
    ...classic,
    ...application,
  });
  serve([6000, 6000]);
  expect(await read(['requestsPerSecond', 'requestsPerTarget'], 60, 2)).toEqual([
    [200, 200],
    [50, 50],
  ]);
});

it('another group of servers behind the same balancer is none of ours', async () => {
  const other = 'asg-bp100000000000000002';
  const beside = { ...forwarding('alb'), listenerId: 'lsn-2', serverGroupId: 'sgp-2' };
  cloud.addGroup({ id, region: place.region, minSize: 1, maxSize: 9, desired: 4, ...application });
  cloud.addGroup({
    id: other,
    region: place.region,
    minSize: 1,
    maxSize: 9,
    desired: 4,
    applicationBalancer: beside,
  });
  cloud.balance(other, start, { requests: 60_000 });
  serve([6000]);
  expect(await read(['requestsPerSecond'], 60, 1)).toEqual([[100]]);
});

it.each([
  ['nothing', {}],
  ['a network load balancer', { networkBalancer: forwarding('nlb') }],
])('a group with %s before it has no requests that anybody counts', async (_, balancer) => {
  cloud.addGroup({ id, region: place.region, minSize: 1, maxSize: 9, desired: 4, ...balancer });
  expect(await read(['requestsPerSecond'])).toEqual([undefined]);
});
