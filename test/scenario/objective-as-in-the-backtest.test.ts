import { describe, expect, it } from 'vitest';
import { handle as learn } from '../../functions/learn.ts';
import { handle as sweep } from '../../functions/sweep.ts';
import { createScaler } from '../../shared/engine/scaler.ts';
import type { Forecaster, Scaler } from '../../shared/engine/scaler-group.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { asIfInCharge } from '../../shared/forecast/as-if-in-charge.ts';
import { forecastPolicy } from '../../shared/forecast/forecast-policy.ts';
import { forecastFromModels } from '../../shared/forecast/forecaster.ts';
import { readLoad } from '../../shared/forecast/read-load.ts';
import { localTime } from '../../shared/forecast/zone-time.ts';
import { type Advice, type LoadMinute, Objective } from '../../shared/objective/objective.ts';
import type { ObjectivePolicy } from '../../shared/objective/objective-policy.ts';
import { type MemoryPorts, memoryPorts } from '../../shared/providers/memory/ports.ts';
import { seededRandom } from '../../simulate/world/random.ts';
import { invocation } from '../kit/stage.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const bounds = { minSize: 1, maxSize: 60 };
const fleetFile = (timeZone: string) => `
name: shop
timeZone: ${timeZone}
groups:
  web:
    existing: web-asg
    minSize: 1
    maxSize: 60
    defaultInstanceWarmup: 180
    objective:
      unserved: 0.1%
      metric: { namespace: Shop, metricName: Load, dimensions: { Service: web }, statistic: Sum, perServer: false }
      targetValue: 1
`;

/** A pool: idle nearly always, with a crowd of an unknown size and length some eight times a day. */
function pool(from: number, minutes: number): (at: number) => number {
  const random = seededRandom(7);
  const load = new Float64Array(minutes).fill(1);
  for (let crowd = 0; crowd < minutes / 180; crowd++) {
    const start = Math.floor(random.next() * minutes);
    const [height, length] = [2 + 12 * random.next() ** 3, 5 + 40 * random.next()];
    for (let minute = start; minute < Math.min(minutes, start + length); minute++) load[minute]! += height;
  }
  return (at) => load[(at - from) / minuteMs]! * (1 + 0.1 * Math.sin(at / 7e5));
}

/** 20 from 9 to 18 by the clock on the wall in Berlin, 4 at night. */
function office(at: number): number {
  const ahead = localTime('Europe/Berlin').aheadAt(at / minuteMs);
  const hour = (at / hourMs + ahead / 60) % 24;
  return (hour >= 9 && hour < 18 ? 20 : 4) * (1 + 0.03 * Math.sin(at / 7e5));
}

/** What production says of each minute, and what an objective says that was never saved and saw each minute once. */
interface Said {
  readonly at: string;
  readonly production: number | undefined;
  readonly onward: number;
}

class LearningFleet {
  readonly ports: MemoryPorts;
  readonly scaler: Scaler;
  readonly said: Said[] = [];
  readonly #load: (at: number) => number;
  #onward: Objective | undefined;
  /** The newest minute of the first lesson. */
  #learntAt = 0;
  #onItsWay: () => void = () => undefined;

  constructor(timeZone: string, start: number, load: (at: number) => number) {
    this.#load = load;
    this.ports = memoryPorts(start, {
      launch: () => ({ inServiceAfterSeconds: 10, healthyAfterSeconds: 170 }),
      terminationSeconds: () => 60,
    });
    const nothing = { servers: [], suspended: [], trafficSources: [] };
    this.ports.groups.put({ name: 'web-asg', ...bounds, desired: 8, ...nothing });
    const both: Forecaster = async (scaler, groups, seen, now) => {
      const production = await forecastFromModels(scaler, groups, seen, now);
      const advice = await this.#goOn(now);
      const need = production.get('web')!.need;
      if (advice)
        this.said.push({ at: new Date(now).toISOString(), production: need, onward: advice.desired });
      return production;
    };
    this.scaler = createScaler(readFleet(fleetFile(timeZone)), this.ports, undefined, both);
  }

  /** The group is left alone: others keep eight servers. */
  pass(minutes: number): void {
    for (let minute = 0; minute < minutes; minute++) this.#endMinute();
  }

  async learnFirst(): Promise<void> {
    this.#learntAt = this.ports.clock.now() - 2 * minuteMs;
    await learn({}, this.scaler);
  }

  /** In production's form: a sweep each minute, learning each hour. */
  async run(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      if (this.ports.clock.now() % hourMs === 5 * minuteMs) await learn({}, this.scaler);
      await sweep({}, this.scaler, invocation);
      this.#endMinute();
    }
  }

  /** The same objective minute by minute, from all that the first lesson is given. */
  async #goOn(now: number): Promise<Advice | undefined> {
    const group = this.scaler.groups.get('web')!;
    const policy = forecastPolicy(group.config, this.scaler.fleet)!;
    const seen = await this.ports.groups.describe(['web-asg']);
    const from = this.#onward ? (this.#onward.minute + 1) * minuteMs : now - 15 * dayMs + hourMs;
    const { minutes } = (await readLoad(this.scaler, [[group, policy]], seen, from, now)).get('web')!;
    const first = minutes.findIndex(({ load }) => Number.isFinite(load));
    const known = first < 0 ? [] : minutes.slice(first);
    const lived = this.#onward ? known : this.#firstLesson(policy.objective, known);
    this.#onward ??= new Objective(policy.objective);
    return lived.map((minute) => this.#onward!.step(minute)).at(-1);
  }

  /** Up to the full hour of the first lesson as if it had been in charge, and as it was from then on. */
  #firstLesson(policy: ObjectivePolicy, known: readonly LoadMinute[]): LoadMinute[] {
    const hour = Math.floor(this.#learntAt / hourMs) * 60;
    const lessons = known.filter(({ minute }) => minute <= hour);
    return [...asIfInCharge(policy, lessons), ...known.filter(({ minute }) => minute > hour)];
  }

  /** A minute is measured after the sweep that begins it, and can be read when the next one has ended. */
  #endMinute(): void {
    const { metrics, groups, clock } = this.ports;
    const { desired, servers } = groups.get('web-asg');
    const inService = servers.filter(({ lifecycle }) => lifecycle === 'ready').length;
    const own = { AutoScalingGroupName: 'web-asg' };
    const at = clock.now();
    this.#onItsWay();
    this.#onItsWay = () => {
      const put = (
        namespace: string,
        metricName: string,
        dimensions: Record<string, string>,
        value: number,
      ) => metrics.put({ namespace, metricName, dimensions, statistic: 'Average' }, at, value);
      put('Shop', 'Load', { Service: 'web' }, this.#load(at));
      put('AWS/AutoScaling', 'GroupDesiredCapacity', own, desired);
      put('AWS/AutoScaling', 'GroupInServiceInstances', own, inService);
    };
    clock.advance(60);
  }
}

/** From the first lesson on: what differs. */
async function differences(learning: LearningFleet, days: number, minutes: number): Promise<Said[]> {
  learning.pass(days * 1440);
  await learning.learnFirst();
  await learning.run(minutes);
  expect(learning.said.length).toBeGreaterThan(0.9 * minutes);
  expect(new Set(learning.said.map(({ onward }) => onward)).size).toBeGreaterThan(4);
  return learning.said.filter(({ production, onward }) => production !== onward);
}

describe('sweep and learn decide what the backtest decides', () => {
  it('on a pool', async () => {
    const start = Date.parse('2026-03-02T00:00:00Z');
    const learning = new LearningFleet('UTC', start, pool(start, 8 * 1440));
    expect(await differences(learning, 6, 1440)).toEqual([]);
  });

  it('over the change of clocks', async () => {
    const learning = new LearningFleet('Europe/Berlin', Date.parse('2026-03-19T05:00:00Z'), office);
    // From Saturday morning to Monday noon; the clocks go forward on Sunday.
    expect(await differences(learning, 9, 55 * 60)).toEqual([]);
    const monday = learning.said.filter(({ at }) => at >= '2026-03-30T06:45' && at < '2026-03-30T07:00');
    // It is there at nine by the clock on the wall, which is seven in UTC and no longer eight.
    expect(Math.max(...monday.map(({ onward }) => onward))).toBeGreaterThanOrEqual(20);
  });
});
