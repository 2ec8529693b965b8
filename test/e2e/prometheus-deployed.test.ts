import { LocalPrometheus } from '@rushhour/local-kubernetes/prometheus';
import { deployments } from '@rushhour/local-kubernetes/resource-types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';

let account: Deployed;
let prometheus: LocalPrometheus;

const fleet = (url: string) => `
name: shop
notify: { email: [ops@example.com] }
groups:
  web:
    kubernetes: { cluster: { eks: shop }, namespace: shop, deployment: web }
    minSize: 2
    maxSize: 6
    alarms:
      busy: { metric: { prometheus: { url: "${url}", query: "sum(rate(http_requests_total[1m]))" }, perServer: false },
              comparisonOperator: GreaterThanThreshold, threshold: 100, period: 60,
              evaluationPeriods: 3, datapointsToAlarm: 2, scalingAdjustment: 2, cooldown: 300 }
`;

beforeEach(async () => {
  account = new Deployed('2026-03-04T00:00:00Z');
  prometheus = new LocalPrometheus(account.local.cloud.eventQueue);
  await account.deploy(fleet(await prometheus.listen()));
});
afterEach(async () => {
  await prometheus.close();
  await account[Symbol.asyncDispose]();
});

/** Requests a second, as it is read every 15 seconds. */
async function serve(rate: number, minutes: number, from: number): Promise<number> {
  let total = from;
  for (let scrape = 0; scrape < 4 * minutes; scrape++) {
    prometheus.record('http_requests_total', { app: 'web' }, total);
    total += 15 * rate;
    await account.pass(15);
  }
  return total;
}

function replicas(): number {
  return account.clusters.cluster('shop').workload(deployments, 'shop', 'web').spec.replicas;
}

it('a rule on a query is judged by the sweep, two of three datapoints as CloudWatch has it, and scales once an episode', async () => {
  const total = await serve(50, 6, 10_000);
  expect(replicas()).toBe(2);
  const later = await serve(300, 5, total);
  expect(replicas()).toBe(4);
  await serve(300, 8, later);
  expect(replicas()).toBe(4);
  const [change] = (await account.history('shop', 'web')).filter(({ from, to }) => from !== to);
  expect(change).toMatchObject({ from: 2, to: 4, reason: 'AlarmScaleOut', statusCode: 'Successful' });
});

it('a Prometheus that answers nonsense changes nothing, and is told in the log with what it said', async () => {
  const total = await serve(50, 3, 10_000);
  prometheus.disturb = () => ({ code: 200, text: '<html>Sign in</html>' });
  await serve(300, 5, total);
  expect(replicas()).toBe(2);
  const { events } = await account.call('logs', 'FilterLogEvents', {
    logGroupName: '/aws/lambda/shop-sweep',
  });
  const told = events.map(({ message }: { message: string }) => message).join('\n');
  expect(told).toContain('metrics of rules cannot be read');
  expect(told).toContain('expected an answer of Prometheus');
});
