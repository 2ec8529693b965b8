import { beforeEach, describe, expect, it } from 'vitest';
import { handle as learn } from '../../functions/learn.ts';
import { handle as sweep } from '../../functions/sweep.ts';
import { isInService } from '../../shared/domain/servers.ts';
import { explainGroup } from '../../shared/engine/explain.ts';
import { groupStates } from '../../shared/engine/group-state.ts';
import { createScaler, type Scaler } from '../../shared/engine/scaler.ts';
import type { MetricQuery } from '../../shared/fleet/metric-query.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { PortError } from '../../shared/ports/port-error.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { type MemoryPorts, memoryPorts } from '../../shared/providers/memory/ports.ts';
import { inEnglish } from '../kit/in-english.ts';
import { invocation } from '../kit/stage.ts';

const minuteMs = 60_000;
const days = 14;
const morning = Date.parse('2026-03-18T10:30:00Z');
const longAgo = morning - days * 1440 * minuteMs;
const fleetFile = (policy: string) => `
name: lunch
timeZone: Asia/Shanghai
groups:
  business: { existing: business, minSize: 2, maxSize: 20, defaultInstanceWarmup: 180, ${policy} }
`;
const targetGroup = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/business/1';
const promise = 'objective: { unserved: 0.1%, metric: cpu, targetValue: 80 }';

/** In servers at 80 % CPU: four all day, eight from eleven to one, and a little unrest. */
function loadAt(at: number): number {
  const minute = (at / minuteMs) % 1440;
  const lunch = minute >= 660 && minute < 780 ? 2 : 1;
  return lunch * 4 * (1 + 0.02 * Math.sin(minute / 7));
}

function query(namespace: string, metricName: string): MetricQuery {
  const dimensions = { AutoScalingGroupName: 'business' };
  const gauge = { statistic: 'Average', periodSeconds: 60, silenceIsZero: false, divisor: 1 };
  return { id: metricName, namespace, metricName, dimensions, ...gauge };
}

class LearningFleet {
  readonly ports: MemoryPorts;
  readonly scaler: Scaler;
  /** Of what is measured, nothing arrives. */
  silent = false;

  constructor(policy: string, start = longAgo, around = (ports: MemoryPorts): Ports => ports) {
    this.ports = memoryPorts(start, {
      launch: () => ({ inServiceAfterSeconds: 10, healthyAfterSeconds: 170 }),
      terminationSeconds: () => 60,
    });
    const bounds = { minSize: 2, maxSize: 20, desired: 10 };
    const nothing = { servers: [], suspended: [], trafficSources: [targetGroup] };
    this.ports.groups.put({ name: 'business', ...bounds, ...nothing });
    this.scaler = createScaler(readFleet(fleetFile(policy)), around(this.ports));
  }

  /** As long as nobody scales, ten servers carry it. */
  async pass(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      await this.#measure();
      this.ports.clock.advance(60);
    }
  }

  async sweep(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      await this.#measure();
      this.ports.clock.advance(60);
      await sweep({}, this.scaler, invocation);
    }
  }

  get desired(): number {
    return this.ports.groups.get('business').desired;
  }

  /** Servers that have booted. */
  async serving(): Promise<number> {
    return (await this.ports.groups.healthy(this.ports.groups.get('business'))).size;
  }

  async said(): Promise<string> {
    const [state] = await groupStates(this.scaler, [...this.scaler.groups.values()]);
    return inEnglish((await explainGroup(this.scaler, state!))!.rules[0]!.why);
  }

  /** A server that boots is busy too, and Auto Scaling has it in service. */
  async #measure(): Promise<void> {
    if (this.silent) return;
    const { ports, desired } = this;
    const now = ports.clock.now();
    const serving = await this.serving();
    const { servers } = ports.groups.get('business');
    const inService = servers.filter(isInService).length;
    for (let server = 0; server < servers.length; server++) {
      const cpu = server < serving ? Math.min(100, (80 * loadAt(now)) / serving) : 35;
      ports.metrics.put(query('AWS/EC2', 'CPUUtilization'), now, cpu);
    }
    ports.metrics.put(query('AWS/AutoScaling', 'GroupInServiceInstances'), now, inService);
    ports.metrics.put(query('AWS/AutoScaling', 'GroupDesiredCapacity'), now, desired);
  }
}

describe('an objective that has seen two weeks of lunches', () => {
  let learning: LearningFleet;
  beforeEach(async () => {
    learning = new LearningFleet(promise);
    await learning.pass(days * 1440);
    await learn({}, learning.scaler);
  });

  it('opens before lunch, carries it, and gives the servers back after it', async () => {
    await learning.sweep(20);
    expect(learning.desired).toBeLessThanOrEqual(7);
    await learning.sweep(10);
    expect(await learning.serving()).toBeGreaterThanOrEqual(8);
    let [load, unserved] = [0, 0];
    for (let minute = 0; minute < 115; minute++) {
      const now = loadAt(learning.ports.clock.now());
      load += now;
      unserved += Math.max(0, now - (await learning.serving()));
      await learning.sweep(1);
    }
    expect(unserved / load).toBeLessThan(0.001);
    await learning.sweep(65);
    expect(learning.desired).toBeLessThanOrEqual(7);
    const reasons = learning.ports.activities.of('business').map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(new Set(['ObjectiveScaleOut', 'ObjectiveScaleIn']));
  });

  it('says in one sentence what it expects', async () => {
    await learning.sweep(5);
    expect(await learning.said()).toMatch(
      /^needs \d+: expects \d+\.\d ± \d\.\d servers' load at .*10:\d\d; the \d+th would be used /,
    );
  });

  it('holds while nothing is measured: silence is unknown, never zero load', async () => {
    await learning.sweep(20);
    const before = learning.desired;
    learning.silent = true;
    await learning.sweep(30);
    expect(learning.desired).toBe(before);
    expect(await learning.said()).toBe('the load is unknown: it holds');
  });

  it('writes an item that DynamoDB can hold, however long it learns', async () => {
    for (let hour = 0; hour < 48; hour++) {
      await learning.pass(60);
      expect(await learn({}, learning.scaler)).toMatchObject({ minutes: { business: 60 } });
    }
    const model = (await learning.ports.models.read(['business'])).get('business');
    expect(JSON.stringify(model).length).toBeLessThan(350_000);
  });

  it('learns what it would have cost to be in charge, and not that plenty of servers were there', async () => {
    const [before] = await groupStates(learning.scaler, [...learning.scaler.groups.values()]);
    expect(inEnglish(before!.observation.forecast!.why)).not.toMatch(/100% of the \d+-day/);
  });

  it('learns nothing twice', async () => {
    const model = async () => (await learning.ports.models.read(['business'])).get('business');
    const before = await model();
    expect(await learn({}, learning.scaler)).toEqual({ minutes: { business: 0 } });
    expect(await model()).toEqual(before);
  });
});

describe('an objective', () => {
  it('that is younger than two days goes by what it sees, and says so', async () => {
    const learning = new LearningFleet(promise, Date.parse('2026-03-18T13:30:00Z'));
    await learning.pass(120);
    await learn({}, learning.scaler);
    await learning.sweep(30);
    expect(learning.desired).toBeGreaterThanOrEqual(4);
    expect(learning.desired).toBeLessThanOrEqual(12);
    expect(await learning.said()).toContain('knows 0.1 days and no season yet');
  });

  it('learns anew when the fleet file says another metric or target', async () => {
    const before = new LearningFleet(promise);
    await before.pass(3 * 1440);
    await learn({}, before.scaler);
    const fleet = readFleet(fleetFile('objective: { unserved: 0.1%, metric: cpu, targetValue: 40 }'));
    await learn({}, createScaler(fleet, before.ports));
    const model = (await before.ports.models.read(['business'])).get('business');
    expect(model).toMatchObject({ basis: expect.stringContaining('40') });
    expect(JSON.stringify(model)).not.toContain('"basis":"[1,\\"cpu\\",80');
  });

  it('holds, and tells the log, while its metrics cannot be read', async () => {
    const broken = new LearningFleet(promise, morning, (ports) => ({
      ...ports,
      metrics: {
        latest: (...asked) => ports.metrics.latest(...asked),
        history: async () => Promise.reject(new PortError('Throttled', 'read 3 metrics')),
      },
    }));
    await broken.sweep(10);
    expect(broken.desired).toBe(10);
    await expect(learn({}, broken.scaler)).rejects.toThrow('business: read 3 metrics');
  });
});

it('a forecast alone is a floor before lunch, and takes nothing away after it', async () => {
  const learning = new LearningFleet('forecast: { unserved: 1%, metric: cpu, targetValue: 80 }');
  await learning.pass(days * 1440);
  await learn({}, learning.scaler);
  await learning.scaler.ports.groups.setDesired('business', 5, learning.ports.groups.get('business'));
  await learning.sweep(35);
  expect(await learning.serving()).toBeGreaterThanOrEqual(8);
  const { why } = learning.ports.activities.of('business').at(-1)!;
  expect(inEnglish(why)).toContain('forecast');
});
