import { expect, test } from 'vitest';
import type { Policy } from '../../../shared/domain/policy.ts';
import { isInService } from '../../../shared/domain/servers.ts';
import { generateLoad, lunchDayShape } from '../../../simulate/world/generator.ts';
import { LoneGroup, minute } from '../../kit/lone-group.ts';

const seeds = [7, 8, 9];
const perServer = 100;
const rule = { metric: 'cpu', period: 300, evaluationPeriods: 2, cooldown: 300 };
const group = {
  minSize: 2,
  maxSize: 20,
  defaultInstanceWarmup: 60,
  alarms: {
    'cpu-high': { ...rule, comparisonOperator: 'GreaterThanThreshold', threshold: 70, scalingAdjustment: 1 },
    'cpu-low': { ...rule, comparisonOperator: 'LessThanThreshold', threshold: 55, scalingAdjustment: -1 },
  },
};

/** A guard looks at metrics that fall when servers join: take that from the rules, and nothing else changes. */
function unguarded(policy: Policy): Policy {
  const blind = policy.scaleOutRules.map((one) => ({ ...one, perServer: false }));
  return { ...policy, scaleOutRules: blind };
}

/** Two datapoints of five minutes in a row on the wrong side of a threshold, as the rules have it. */
function alarmValue(past: readonly number[], breaches: (value: number) => boolean): 'OK' | 'ALARM' {
  return past.length >= 2 && past.slice(-2).every(breaches) ? 'ALARM' : 'OK';
}

interface Day {
  readonly adaptations: number;
  readonly unserved: number;
  readonly serverHours: number;
}

/** A noisy day, minute by minute: how often capacity changed, and how much of the load found no server. */
function day(seed: number, prepare: (policy: Policy) => Policy): Day {
  const lone = new LoneGroup(group, 3);
  Object.assign(lone, { policy: prepare(lone.policy) });
  const shape = { ...lunchDayShape, requestsPerSecond: 190, noise: 0.12 };
  const minutes: number[] = [];
  const past: number[] = [];
  const sum = { adaptations: 0, unserved: 0, serverHours: 0 };
  for (const requestsPerMinute of generateLoad(shape, { seed, minutes: 1440 })) {
    lone.pass(1);
    if (minutes.length % 2 === 0) lone.arrive();
    const inService = lone.group.servers.filter(isInService).length;
    const demand = requestsPerMinute / 60;
    minutes.push(Math.min(100, (100 * demand) / (inService * perServer)));
    if (minutes.length === 5) past.push(minutes.splice(0).reduce((total, cpu) => total + cpu / 5, 0));
    lone.metric('cpu@300', past.at(-1) ?? 60, lone.now - 5 * minute);
    ring(
      lone,
      'cpu-high',
      alarmValue(past, (cpu) => cpu > 70),
    );
    ring(
      lone,
      'cpu-low',
      alarmValue(past, (cpu) => cpu < 55),
    );
    sum.adaptations += lone.look().filter(({ from, to }) => from !== to).length;
    sum.unserved += Math.max(0, demand - inService * perServer) / demand / 1440;
    sum.serverHours += inService / 60;
  }
  return sum;
}

function ring(lone: LoneGroup, name: string, value: 'OK' | 'ALARM'): void {
  if (lone.alarms![name]?.value !== value) lone.alarm(name, value);
}

/** The mean of some days. */
function days(prepare: (policy: Policy) => Policy): Day {
  const all = seeds.map((seed) => day(seed, prepare));
  const mean = (of: (one: Day) => number) => all.reduce((total, one) => total + of(one) / all.length, 0);
  return {
    adaptations: mean(({ adaptations }) => adaptations),
    unserved: mean(({ unserved }) => unserved),
    serverHours: mean(({ serverHours }) => serverHours),
  };
}

function told({ adaptations, unserved, serverHours }: Day): string {
  return `${adaptations.toFixed(0)} adaptations a day, ${(100 * unserved).toFixed(3)} % unserved, ${serverHours.toFixed(1)} server-hours`;
}

test('the guard cuts adaptations on a noisy day at equal service', () => {
  const without = days(unguarded);
  const guarded = days((policy) => policy);
  console.log(
    `seeds ${seeds}\nwithout the flap guard: ${told(without)}\nwith the flap guard:    ${told(guarded)}`,
  );
  expect(guarded.adaptations).toBeLessThan(0.75 * without.adaptations);
  expect(guarded.unserved).toBeLessThanOrEqual(without.unserved);
});
