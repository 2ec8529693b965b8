import { z } from 'zod';
import { draining, launch, loadBalancer } from './launch.ts';
import { alarmRule, behavior, follows, forecast, objective, target } from './rule.ts';
import { duration, identifier, instanceId, size } from './scalars.ts';
import { groupSimulation } from './simulation.ts';
import { scheduleWindow } from './window.ts';

/** One scaling group and everything that may change its capacity. */
export const group = z
  .strictObject({
    /** A group that is there already, taken by its name; otherwise `launch` makes one. */
    existing: z.string().min(1).max(255).optional(),
    launch: launch.optional(),
    minSize: size,
    maxSize: size,
    /** Applied by the scaler, once, when it first meets the group. */
    initialCapacity: size.optional(),
    /** `observe` decides and records, and touches nothing. */
    mode: z.enum(['active', 'observe']).default('active'),
    loadBalancer: loadBalancer.optional(),
    /** Default: ELB behind a load balancer, EC2 otherwise and with adopted servers. */
    healthCheckType: z.enum(['EC2', 'ELB']).optional(),
    healthCheckGracePeriod: z.int().min(0).max(7200).default(300),
    defaultInstanceWarmup: z.int().min(0).max(3600).default(120),
    terminationPolicies: z
      .array(
        z.enum([
          'Default',
          'AllocationStrategy',
          'OldestLaunchTemplate',
          'OldestInstance',
          'NewestInstance',
          'ClosestToNextInstanceHour',
        ]),
      )
      .default(['Default']),
    capacityRebalance: z.boolean().default(false),
    /** Servers that exist: attached, and protected from scale-in. */
    instances: z.array(instanceId).default([]),
    /** Replace a sick server? Default: yes, but not in a group with adopted servers. */
    replaceUnhealthy: z.boolean().optional(),
    draining: draining.optional(),
    schedules: z.record(identifier, scheduleWindow).default({}),
    alarms: z.record(identifier, alarmRule).default({}),
    targets: z.array(target).default([]),
    behavior: behavior.prefault({}),
    follows: follows.optional(),
    objective: objective.optional(),
    forecast: forecast.optional(),
    /** A launch that has not become ready this long after the grace period is counted as failed. */
    activityTimeout: duration.default(900),
    /** For `simulate` and `tune`, in the currency you like. */
    pricePerServerHour: z.number().positive().default(0.1),
    simulation: groupSimulation.prefault({}),
  })
  .superRefine((value, context) => {
    const complain = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if ((value.existing === undefined) === (value.launch === undefined))
      complain(['launch'], 'expected either launch or existing');
    if (value.minSize > value.maxSize) complain(['minSize'], `expected at most maxSize (${value.maxSize})`);
    const { initialCapacity } = value;
    if (
      initialCapacity !== undefined &&
      (initialCapacity < value.minSize || initialCapacity > value.maxSize)
    ) {
      complain(
        ['initialCapacity'],
        `expected between minSize (${value.minSize}) and maxSize (${value.maxSize})`,
      );
    }
    if (value.instances.length > value.maxSize)
      complain(['instances'], `expected at most maxSize (${value.maxSize}) servers`);
    if (new Set(value.instances).size < value.instances.length)
      complain(['instances'], 'expected every server once');
    if (value.objective && value.targets.length > 0)
      complain(['objective'], 'expected no targets beside an objective: both set what is tracked');
    if (value.objective && value.forecast)
      complain(['forecast'], 'expected no forecast beside an objective: it has its own');
    if (value.healthCheckType === 'ELB' && !value.loadBalancer)
      complain(['healthCheckType'], 'expected EC2: the group has no load balancer');
    for (const [name, rule] of Object.entries(value.alarms)) {
      if (needsLoadBalancer(rule.metric) && !value.loadBalancer) {
        complain(
          ['alarms', name, 'metric'],
          `expected a metric of the servers: ${rule.metric} needs a load balancer`,
        );
      }
    }
    for (const [name, window] of Object.entries(value.schedules)) {
      if ((window.minSize ?? 0) > value.maxSize)
        complain(['schedules', name, 'minSize'], `expected at most maxSize (${value.maxSize})`);
      if ((window.maxSize ?? value.maxSize) < value.minSize)
        complain(['schedules', name, 'maxSize'], `expected at least minSize (${value.minSize})`);
    }
    if (value.maxSize > 0 && value.minSize === 0 && !canWakeFromZero(value)) {
      complain(
        ['minSize'],
        'expected at least 1, or a schedule, a load-balancer alarm or a leader: a group with no servers has no CPU metric to wake it',
      );
    }
  });

function needsLoadBalancer(name: unknown): boolean {
  return name === 'requestsPerSecond' || name === 'requestsPerTarget' || name === 'responseTime';
}

interface Wakeable {
  instances: string[];
  schedules: object;
  follows?: object | undefined;
  alarms: Record<string, { metric: unknown; threshold: number }>;
}

/** Servers that stay, a window, a leader, or a metric that exists without servers. */
function canWakeFromZero(value: Wakeable): boolean {
  const measured = Object.values(value.alarms).some(
    (rule) => rule.metric === 'requestsPerSecond' || typeof rule.metric === 'object',
  );
  return (
    value.instances.length > 0 ||
    Object.keys(value.schedules).length > 0 ||
    value.follows !== undefined ||
    measured
  );
}

export type Group = z.output<typeof group>;
