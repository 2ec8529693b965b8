import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wholeCloud } from '@rushhour/local-aws';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import type { Principal } from '@rushhour/local-aws/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alarmName, tableName } from '../../shared/fleet/names.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { World } from '../../simulate/world/world.ts';
import { rushhour } from '../kit/run-rushhour.ts';

const groupCount = 500;
const names = Array.from({ length: groupCount }, (_, index) => `group-${index}`);
const rule = 'comparisonOperator: GreaterThanThreshold, period: 300, evaluationPeriods: 3';
const text = `name: large
groups:
${names
  .map(
    (name) => `  ${name}:
    existing: ${name}
    minSize: 2
    maxSize: 8
    alarms:
      cpu-high: { metric: cpu, threshold: 70, ${rule}, scalingAdjustment: 2 }
      cpu-very-high: { metric: cpu, threshold: 90, ${rule}, scalingAdjustment: 3 }`,
  )
  .join('\n')}
`;

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const imageId = 'ami-0123456789abcdef0';
const folder = mkdtempSync(join(tmpdir(), 'rushhour-'));
const fleetFile = join(folder, 'large.yaml');
writeFileSync(fleetFile, text);

const start = Date.now() - 3_600_000;
const local = wholeCloud({ start, region: 'us-east-1', seed: 7 }, new World(7, {}));
const { cloud } = local;
const endpoint = new Endpoint(cloud);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await endpoint.close();
  await cloud.close();
});

/** Groups that are there already, as somebody has made them who now wants a scaler. */
async function makeGroups(): Promise<void> {
  const call = (service: string, operation: string, input: object) =>
    cloud.call(service, operation, input, owner);
  local.fleet.ec2.images.seed(imageId, 'large', 'arm64', start);
  await call('ec2', 'CreateLaunchTemplate', {
    LaunchTemplateName: 'large',
    LaunchTemplateData: { ImageId: imageId, InstanceType: 'c7g.large', Monitoring: { Enabled: true } },
  });
  for (const AutoScalingGroupName of names)
    await call('autoscaling', 'CreateAutoScalingGroup', {
      AutoScalingGroupName,
      ...{ MinSize: 2, MaxSize: 8, DesiredCapacity: 2 },
      LaunchTemplate: { LaunchTemplateName: 'large', Version: '$Latest' },
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
    });
  const fleet = readFleet(text);
  const hash = { AttributeName: 'group', KeyType: 'HASH' };
  const range = { AttributeName: 'sort', KeyType: 'RANGE' };
  for (const [table, keys] of [
    ['ledger', [hash]],
    ['activities', [hash, range]],
  ] as const)
    await call('dynamodb', 'CreateTable', {
      TableName: tableName(fleet, table),
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys,
      AttributeDefinitions: keys.map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' })),
    });
  for (const group of names)
    for (const [name, { threshold, comparisonOperator, evaluationPeriods }] of Object.entries(
      fleet.groups[group]!.alarms,
    ))
      await call('monitoring', 'PutMetricAlarm', {
        AlarmName: alarmName(fleet, group, name),
        ...{ Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Statistic: 'Average', Period: 300 },
        Dimensions: [{ Name: 'AutoScalingGroupName', Value: group }],
        Threshold: threshold,
        ComparisonOperator: comparisonOperator,
        EvaluationPeriods: evaluationPeriods,
      });
}

let environment: Record<string, string>;

beforeAll(async () => {
  const url = await endpoint.listen();
  await makeGroups();
  const changed = { AutoScalingGroupName: 'group-217', MaxSize: 9 };
  await cloud.call('autoscaling', 'UpdateAutoScalingGroup', changed, owner);
  await cloud.eventQueue.runUntil(Date.now());
  cloud.eventQueue.follow();
  environment = {
    ...{ AWS_ENDPOINT_URL: url, AWS_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  };
}, 120_000);

it('doctor looks at five hundred groups without being throttled once, and finds the one that is not fine', async () => {
  const { stdout, stderr } = await rushhour(['doctor', '--fleet', fleetFile], environment);
  expect(stderr).toBe('');
  expect(Object.fromEntries(endpoint.rates.refused)).toEqual({});
  expect(stdout).toContain('group-217: maxSize is 9, by the fleet file it is 8');
  expect(stdout).toMatch(/drift +group-0 is as the fleet file says; and 498 others/);
  expect(stdout).not.toMatch(/could not look/);
  expect(stdout).toContain('large-ledger and large-activities are left from an earlier deployment');
  expect(stdout.split('\n').length).toBeLessThan(60);
}, 300_000);

it('status shows them all without being throttled once', async () => {
  const { stdout } = await rushhour(['status', '--json', '--fleet', fleetFile], environment);
  expect(Object.fromEntries(endpoint.rates.refused)).toEqual({});
  const { groups, unread } = JSON.parse(stdout);
  expect(unread).toEqual([]);
  expect(groups).toHaveLength(groupCount);
  expect(groups[217]).toMatchObject({
    desired: 2,
    servers: [{ lifecycle: 'ready' }, { lifecycle: 'ready' }],
  });
}, 300_000);
