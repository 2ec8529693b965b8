import fc from 'fast-check';

/* Fleet files of everything that there is to say, most of them valid: `readFleet` says which. */

const name = fc.constantFrom('a', 'web', 'api-2', 'batch', 'session', 'a-very-long-name-of-31-letters', 'x9');
const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((it) => (it === undefined ? {} : { [key]: it }));
/** All of these keys in one object. */
const all = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((some) => Object.assign({}, ...some) as Record<string, unknown>);
const named = <T>(value: fc.Arbitrary<T>, most: number) => fc.dictionary(name, value, { maxKeys: most });

const cron = fc
  .tuple(
    fc.integer({ min: 0, max: 59 }),
    fc.integer({ min: 0, max: 22 }),
    fc.constantFrom('*', 'MON-FRI', 'SAT,SUN', '1-5'),
  )
  .map(([minute, hour, days]) => ({
    start: `${minute} ${hour} * * ${days}`,
    end: `${minute} ${hour + 1} * * *`,
  }));
const once = fc
  .integer({ min: 1, max: 27 })
  .map((day) => ({ start: `2027-02-${String(day).padStart(2, '0')}T08:30`, end: '2027-03-01T00:00' }));
const lasting = fc.constantFrom('30m', 3600, '12h').map((duration) => ({ start: '0 8 L * *', duration }));
const window = all(
  fc.oneof(cron, once, lasting),
  fc.oneof(
    fc.constantFrom(1, 2, '50%').map((scalingAdjustment) => ({ scalingAdjustment })),
    fc.constant({ minSize: 3 }),
    fc.constant({ minSize: 3, maxSize: 4 }),
  ),
  optional('timeZone', fc.constantFrom('Europe/Berlin', 'Asia/Kolkata', 'UTC')),
  optional('except', fc.constant(['holidays', '2026-12-31'])),
);

const custom = fc.constantFrom(
  {
    namespace: 'Shop',
    metricName: 'Orders',
    dimensions: { Shop: 'Köln', Tier: '1 {gold}' },
    perServer: false,
  },
  {
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: 'q' },
    statistic: 'p99',
  },
);
const metric = fc.oneof(
  fc.constantFrom(
    'cpu',
    'memory',
    'disk',
    'networkIn',
    'networkOut',
    'requestsPerSecond',
    'requestsPerTarget',
    'responseTime',
  ),
  custom,
);
const stepping = fc.constantFrom<object>(
  { scalingAdjustment: 2 },
  { adjustmentType: 'PercentChangeInCapacity', scalingAdjustment: 20, minAdjustmentMagnitude: 2 },
  {
    stepAdjustments: [
      { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 },
      { metricIntervalLowerBound: 10, scalingAdjustment: 3 },
    ],
  },
);
const rising = all(fc.constant({ comparisonOperator: 'GreaterThanThreshold', threshold: 71.5 }), stepping);
const falling = fc.constant({
  comparisonOperator: 'LessThanOrEqualToThreshold',
  threshold: 20,
  scalingAdjustment: -1,
});
const alarm = all(
  metric.map((metric) => ({ metric })),
  fc.oneof({ weight: 3, arbitrary: rising }, { weight: 1, arbitrary: falling }),
  fc.constantFrom(
    { period: 60, evaluationPeriods: 3 },
    { period: 300, evaluationPeriods: 4, datapointsToAlarm: 2 },
  ),
  optional('treatMissingData', fc.constantFrom('missing', 'ignore', 'notBreaching')),
  optional('cooldown', fc.constantFrom(60, '10m')),
);

const disk = fc.constantFrom(
  { device: '/dev/sdf', sizeGiB: 100, type: 'gp3', iops: 4000 },
  { device: '/dev/sdg', sizeGiB: 500, type: 'st1', keep: true },
  { device: '/dev/sdh', sizeGiB: 50, type: 'io2', iops: 5000, snapshotId: 'snap-0123456789abcdef0' },
);
const launch = all(
  fc
    .constantFrom(
      'ami-0a1b2c3d4e5f60718',
      'ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
    )
    .map((imageId) => ({ imageId })),
  fc
    .constantFrom<string | string[]>('c7g.large', ['m7g.large', 'c7g.large', 'r8g.large'])
    .map((instanceType) => ({ instanceType })),
  optional(
    'purchase',
    fc.constantFrom({ onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 25 }, {}),
  ),
  optional(
    'systemDisk',
    fc.constantFrom({ sizeGiB: 30 }, { sizeGiB: 8, type: 'io1', iops: 200, device: '/dev/sda1' }),
  ),
  optional('dataDisks', fc.uniqueArray(disk, { selector: ({ device }) => device, maxLength: 3 })),
  optional('environment', fc.constant({ TIER: 'it\'s gold; $(id) `x` "y"', MOTTO: 'a\nb', EMPTY: '' })),
  optional('secrets', fc.constant({ PASSWORD: 'shop/db+1=a@b', KEY: 'key' })),
  optional('instanceProfile', fc.constant('own-profile')),
  optional('securityGroups', fc.constant(['sg-0123456789abcdef0'])),
  optional('detailedMonitoring', fc.boolean()),
);

const certificateArn =
  'arn:aws:acm:eu-central-1:123456789012:certificate/6f2b0bd1-0000-0000-0000-000000000000';
const balancer = all(
  fc.constantFrom<object>(
    { port: 80 },
    { port: 443, protocol: 'HTTPS', certificateArn },
    { port: 443, protocol: 'HTTPS', certificateArn, redirectHttp: false, rateLimitPerClient: 2000 },
    { port: 5432, protocol: 'TCP' },
    { port: 8443, protocol: 'TLS', certificateArn, targetPort: 8080 },
    { port: 80, algorithm: 'least_outstanding_requests', rateLimitPerClient: 100 },
    { port: 80, slowStartSeconds: 60, targetPort: 8080 },
  ),
  fc.constantFrom('internet-facing', 'internal').map((scheme) => ({ scheme })),
  optional(
    'healthCheck',
    fc.constantFrom({ path: '/health?deep=1' }, { port: 9000, intervalSeconds: 30, timeoutSeconds: 10 }),
  ),
  optional('allowFrom', fc.constant(['203.0.113.0/24', '2001:db8::/32'])),
  optional('deregistrationDelaySeconds', fc.constantFrom(0, 30)),
);
const importedBalancer = {
  targetGroupArns: ['arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/g/0a1b2c3d4e5f6071'],
  loadBalancerArn:
    'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/g/0a1b2c3d4e5f6071',
};

const origin = fc.oneof(
  {
    weight: 3,
    arbitrary: all(
      launch.map((it) => ({ launch: it })),
      optional('loadBalancer', balancer),
    ),
  },
  {
    weight: 1,
    arbitrary: all(
      fc
        .integer({ min: 0, max: 1e9 })
        .map((id) => ({ existing: `(Prod) web.${id}/blue!`.replace(' ', '_') })),
      optional('loadBalancer', fc.constant(importedBalancer)),
      optional(
        'instances',
        fc.integer({ min: 0, max: 0xffffff }).map((id) => [`i-0${id.toString(16).padStart(16, '0')}`]),
      ),
    ),
  },
);
const tracking = fc.oneof<fc.Arbitrary<object>[]>(
  fc.constant({}),
  fc.constant({ targets: [{ metric: 'cpu', targetValue: 60 }] }),
  fc.constant({
    targets: [
      { metric: 'memory', targetValue: 60, disableScaleIn: true },
      { metric: 'cpu', targetValue: 50 },
    ],
  }),
  fc.constant({ objective: { unserved: '0.1%' } }),
  fc.constant({ forecast: { unserved: 0.01, targetValue: 70 } }),
);
const group = all(
  origin,
  tracking,
  fc.constant({ minSize: 2, maxSize: 12 }),
  optional('schedules', named(window, 4)),
  optional('alarms', named(alarm, 3)),
  optional(
    'draining',
    fc.constantFrom(
      { command: 'systemctl stop "shop"\nsleep 5 && echo \'done\'' },
      { command: 'x', timeoutSeconds: 7200, defaultResult: 'ABANDON' },
    ),
  ),
  optional('terminationPolicies', fc.constant(['OldestLaunchTemplate', 'Default'])),
  optional('capacityRebalance', fc.boolean()),
  optional('mode', fc.constantFrom('active', 'observe')),
  optional('initialCapacity', fc.constant(3)),
  optional('healthCheckGracePeriod', fc.constantFrom(0, 600)),
  optional(
    'behavior',
    fc.constant({ scaleDown: { policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }] } }),
  ),
);

const existingVpc = {
  vpcId: 'vpc-0123456789abcdef0',
  cidr: '10.1.0.0/16',
  availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  publicSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
};
const network = fc.constantFrom<object>(
  {},
  { maxAzs: 3, natGateways: 1 },
  { cidr: '172.16.0.0/20', natGateways: 2 },
  existingVpc,
);
const tags = fc.constantFrom<object>(
  { team: 'Köln @1' },
  Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`tag ${index}`, 'x'.repeat(256)])),
);

/** What a fleet file holds. */
export const fleets = all(
  fc.constantFrom('f', 'shop', 'a-fleet-of-a-very-long-name-31x').map((name) => ({ name })),
  fc.constant({ calendars: { holidays: ['2026-12-25..2026-12-26'] } }),
  optional('timeZone', fc.constantFrom('Asia/Shanghai', 'America/New_York', 'UTC')),
  optional('notify', fc.constant({ email: ['ops@example.com', 'on-call+1@example.org'] })),
  optional('historyRetentionDays', fc.constant(30)),
  optional('network', network),
  optional('tags', tags),
  fc.dictionary(name, group, { minKeys: 1, maxKeys: 4 }).map((groups) => ({ groups })),
  fc.boolean().map((follows) => ({ follows })),
).map(({ follows, ...fleet }) => (follows ? withRelations(fleet) : fleet));

/** The last group follows the first, and is told its address. */
function withRelations(fleet: Record<string, unknown>): Record<string, unknown> {
  const groups = fleet['groups'] as Record<string, Record<string, unknown>>;
  const [[leader, first] = ['', {}], ...others] = Object.entries(groups);
  const last = others.at(-1);
  if (!last) return fleet;
  const [name, group] = last;
  const launch = group['launch'] as Record<string, unknown> | undefined;
  const told = launch && first['launch'] && first['loadBalancer'];
  const environment = { ...(launch?.['environment'] as object), LEADER: `address-of:${leader}` };
  const follower = {
    ...group,
    ...(told ? { launch: { ...launch, environment } } : {}),
    follows: { group: leader, ratio: 0.5 },
  };
  return { ...fleet, groups: { ...groups, [name]: follower } };
}
