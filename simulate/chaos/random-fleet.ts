import { type Fleet, fleetOf, fleet as fleetSchema } from '../../shared/fleet/fleet.ts';
import { providerOf } from '../../shared/fleet/provider-kind.ts';
import type { Draw } from './dice.ts';
import { groupElsewhere, loadRules } from './elsewhere/fleet-elsewhere.ts';
import { strayServers } from './stray-servers.ts';

const elb = 'arn:aws:elasticloadbalancing:r:1';

const names = ['business', 'session', 'reports'];

/**
 * Who keeps the servers of a fleet's groups: EC2 Auto Scaling, Amazon ECS, somebody who can do nothing but be told a number, or
 * other clouds and clusters, each behind the product's own adapter.
 */
export const providers = ['auto-scaling', 'by-number', 'ecs', 'kubernetes', 'tencent', 'alibaba'] as const;

export type Provider = (typeof providers)[number];

const noCalendar = (): never => {
  throw new Error('no fleet of these has a calendar');
};
const byNumberSchema = fleetOf({ country: noCalendar, ics: noCalendar }, () => ({
  ...providerOf({}),
  name: 'somebody who keeps a number',
  can: new Set(),
}));

/** Rarely is one refused, as two windows that are open at once contradict each other. */
const drawsAtMost = 20;

/**
 * A fleet with policies of every kind, small enough that bounds, windows and cooldowns meet often.
 * @param hour UTC; the windows lie after it
 */
export function randomFleet(draw: Draw, hour: number, size: number, provider: Provider): Fleet {
  const schema = provider === 'by-number' ? byNumberSchema : fleetSchema;
  for (let tries = 1; ; tries++) {
    const groups: Record<string, object> = {};
    for (const name of names.slice(0, size)) {
      const group = randomGroup(draw, name, Object.keys(groups), hour);
      groups[name] = ofProvider[provider](group, name, draw);
    }
    const { data, error } = schema.safeParse({ name: 'lunch', groups });
    if (data) return data;
    if (tries === drawsAtMost) throw error;
  }
}

const ofProvider: Readonly<Record<Provider, (group: RandomGroup, name: string, draw: Draw) => object>> = {
  'auto-scaling': (group) => group,
  'by-number': withoutCapabilities,
  ecs: ({ existing: _, instances: __, ...group }, service, draw) => ({
    ...group,
    alarms: { ...group.alarms, ...(draw.chance(0.4) && loadRules(draw)) },
    ecs: { cluster: 'shop', service },
  }),
  kubernetes: (group, name, draw) => groupElsewhere(draw, 'kubernetes', group, name),
  tencent: (group, name, draw) => groupElsewhere(draw, 'tencent', group, name),
  alibaba: (group, name, draw) => groupElsewhere(draw, 'alibaba', group, name),
};

/** What stands before a scaling group. */
export function targetGroupOf(scalingGroup: string): string {
  return `${elb}:targetgroup/${scalingGroup.replace(/^.*[:/]/, 'asg-')}/1`;
}

/** As a fleet file has it. */
interface RandomGroup {
  readonly alarms: Readonly<Record<string, object>>;
  readonly targets?: readonly object[];
  readonly loadBalancer: object;
  readonly instances?: readonly string[];
  readonly [key: string]: unknown;
}

function randomGroup(draw: Draw, name: string, leaders: readonly string[], hour: number): RandomGroup {
  const minSize = draw.between(1, 3);
  const maxSize = minSize + (draw.chance(0.1) ? 30 : draw.between(2, 9));
  const tracks = draw.chance(0.25);
  return {
    existing: `asg-${name}`,
    minSize,
    maxSize,
    loadBalancer: {
      targetGroupArns: [targetGroupOf(`asg-${name}`)],
      loadBalancerArn: `${elb}:loadbalancer/app/asg-${name}/1`,
    },
    healthCheckGracePeriod: draw.of([30, 60, 120]),
    activityTimeout: draw.of([60, 120, 300]),
    defaultInstanceWarmup: draw.of([0, 60, 120]),
    schedules: randomWindows(draw, hour, minSize, maxSize),
    alarms: tracks && draw.chance(0.5) ? {} : randomAlarms(draw),
    ...(tracks ? { targets: [randomTarget(draw)] } : randomForecast(draw)),
    ...(draw.chance(0.4) && { behavior: randomBehavior(draw) }),
    ...(draw.chance(0.2) && { initialCapacity: draw.between(minSize, maxSize) }),
    ...(draw.chance(0.05) && { mode: 'observe' }),
    ...(name === 'business' && draw.chance(0.2) && { instances: strayServers.slice(0, draw.between(1, 2)) }),
    ...(leaders.length > 0 &&
      draw.chance(0.4) && { follows: { group: draw.of(leaders), ratio: draw.of([0.5, 1, 1.5]) } }),
  };
}

/** The same without what asks for a load balancer or for servers that are adopted; whose load would be counted by one goes by CPU. */
function withoutCapabilities({ loadBalancer: _, instances: __, ...group }: RandomGroup): object {
  const { 'qps-high': ___, ...alarms } = group.alarms;
  const targets = group.targets?.map((target) => ({ ...target, metric: 'cpu' }));
  return { ...group, alarms, ...(targets && { targets }) };
}

function randomWindows(draw: Draw, hour: number, minSize: number, maxSize: number): Record<string, object> {
  const windows: Record<string, object> = {};
  let end: number | undefined;
  for (const name of ['lunch', 'sale', 'night'].slice(0, draw.between(0, 3))) {
    // Often right after the one before: what closes then goes to what opens.
    const start = end !== undefined && draw.chance(0.3) ? end : draw.between(2, 100);
    const minutes = draw.between(3, 50);
    end = start + minutes;
    const effect = draw.of([
      { scalingAdjustment: draw.between(1, 4) },
      { scalingAdjustment: draw.between(1, 4) },
      { scalingAdjustment: draw.of(['50%', '100%', '30%']) },
      { minSize: draw.between(minSize, maxSize) },
      { maxSize: draw.between(minSize, maxSize) },
    ]);
    windows[name] = {
      start: `${start % 60} ${(hour + Math.floor(start / 60)) % 24} * * *`,
      duration: minutes * 60,
      ...effect,
    };
  }
  return windows;
}

function randomAlarms(draw: Draw): Record<string, object> {
  const alarms: Record<string, object> = {};
  const base = { period: 60, evaluationPeriods: 1 };
  const high = { ...base, comparisonOperator: 'GreaterThanThreshold' };
  if (draw.chance(0.85))
    alarms['cpu-high'] = {
      ...high,
      metric: 'cpu',
      threshold: 70,
      ...randomStep(draw),
      cooldown: draw.of([60, 180, 600]),
    };
  if (draw.chance(0.8))
    alarms['cpu-low'] = {
      ...base,
      comparisonOperator: 'LessThanThreshold',
      metric: 'cpu',
      threshold: 30,
      scalingAdjustment: draw.between(-3, -1),
      cooldown: draw.of([60, 180, 600]),
    };
  if (draw.chance(0.4))
    alarms['qps-high'] = {
      ...high,
      metric: 'requestsPerSecond',
      threshold: draw.of([200, 400]),
      scalingAdjustment: draw.between(1, 3),
      cooldown: draw.of([60, 300]),
    };
  return alarms;
}

function randomStep(draw: Draw): object {
  return draw.of<object>([
    { scalingAdjustment: draw.between(1, 3) },
    { scalingAdjustment: draw.between(1, 3) },
    {
      adjustmentType: 'PercentChangeInCapacity',
      scalingAdjustment: draw.of([10, 50, 100]),
      minAdjustmentMagnitude: 2,
    },
    { adjustmentType: 'ExactCapacity', scalingAdjustment: draw.between(4, 9) },
    {
      stepAdjustments: [
        { metricIntervalUpperBound: 15, scalingAdjustment: 1 },
        { metricIntervalLowerBound: 15, scalingAdjustment: 3 },
      ],
    },
  ]);
}

function randomForecast(draw: Draw): object {
  if (draw.chance(0.8)) return {};
  return draw.of([{ objective: { unserved: '1%' } }, { forecast: { unserved: '1%' } }]);
}

function randomTarget(draw: Draw): object {
  return {
    metric: draw.of(['cpu', 'cpu', 'requestsPerSecond']),
    targetValue: draw.of([40, 60]),
    disableScaleIn: draw.chance(0.2),
  };
}

function randomBehavior(draw: Draw): object {
  const direction = () => ({
    stabilizationWindowSeconds: draw.of([0, 120, 300]),
    selectPolicy: draw.of(['Max', 'Max', 'Min', 'Disabled']),
    policies: draw.chance(0.7)
      ? [
          {
            type: draw.of(['Instances', 'Percent']),
            value: draw.of([1, 2, 50, 100]),
            periodSeconds: draw.of([60, 180]),
          },
        ]
      : [],
  });
  return { scaleUp: { ...direction(), selectPolicy: draw.of(['Max', 'Min']) }, scaleDown: direction() };
}
