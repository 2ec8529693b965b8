import { beforeEach, describe, expect, it } from 'vitest';
import { handle as sweep } from '../../../functions/sweep.ts';
import { groupStates } from '../../../shared/engine/group-state.ts';
import type { Scaler } from '../../../shared/engine/scaler.ts';
import { metricQuery } from '../../../shared/fleet/metric-query.ts';
import type { AskedMetric } from '../../../shared/ports/metrics.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import { invocation, Stage } from '../../kit/stage.ts';

const fleet = `
name: f
groups:
  web:
    existing: web
    minSize: 2
    maxSize: 9
    defaultInstanceWarmup: 60
    alarms:
      cpu-high: { metric: cpu, threshold: 70, comparisonOperator: GreaterThanThreshold, period: 60, evaluationPeriods: 3,
                  scalingAdjustment: 2, cooldown: 300 }
      cpu-low: { metric: cpu, threshold: 30, comparisonOperator: LessThanThreshold, period: 120, evaluationPeriods: 2,
                 scalingAdjustment: -1, cooldown: 300 }
`;

let stage: Stage;
let scaler: Scaler;
let calls: (readonly AskedMetric[])[];
let broken: boolean;

/** The same fleet of a provider whose metrics CloudWatch does not have. */
function withoutAlarms(whole: Scaler): Scaler {
  const groups = [...whole.groups].map(([name, group]) => {
    const judgedRules = [...group.policy.scaleOutRules, ...group.policy.scaleInRules];
    return [name, { ...group, alarms: [], judgedRules }] as const;
  });
  return { ...whole, groups: new Map(groups) };
}

beforeEach(() => {
  calls = [];
  broken = false;
  stage = new Stage(fleet, {
    start: '2026-03-04T00:00:00Z',
    around: (ports) => ({
      ...ports,
      metrics: {
        latest: (...asked) => ports.metrics.latest(...asked),
        history: async (asked, from, to) => {
          calls.push(asked);
          if (broken) throw new PortError('Unavailable', 'no answer');
          return ports.metrics.history(asked, from, to);
        },
      },
    }),
  });
  scaler = withoutAlarms(stage.scaler);
});

async function minutes(count: number, cpu: number | undefined): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    const query = metricQuery(
      { metric: 'cpu', periodSeconds: 60 },
      { scalingGroup: 'web', detailedMonitoring: true },
    );
    if (cpu !== undefined) stage.ports.metrics.put(query, stage.now, cpu);
    stage.ports.clock.advance(60);
    await sweep({}, scaler, invocation);
  }
}

const desired = () => stage.ports.groups.get('web').desired;
const ledger = async () => (await stage.ports.ledger.read(['web'])).get('web')!;

describe('A group whose rules no alarm watches', () => {
  it('scales out once so many datapoints breach, says by which value, and waits for its cooldown', async () => {
    await minutes(6, 50);
    expect(desired()).toBe(2);
    await minutes(4, 91);
    expect(desired()).toBe(4);
    const { activities } = await stage.ports.activities.query('web', { limit: 9 });
    expect(activities.find(({ reason }) => reason === 'AlarmScaleOut')?.why).toMatchObject({
      key: 'alarmScales',
      rule: 'cpu-high',
      moved: { value: 91 },
    });
    await minutes(4, 91);
    expect(desired()).toBe(4);
    await minutes(6, 91);
    expect(desired()).toBe(6);
  });

  it('scales in likewise, on the periods of that rule', async () => {
    stage.ports.groups.setDesired('web', 4);
    await minutes(3, 50);
    await minutes(8, 10);
    expect(desired()).toBe(3);
  });

  it('has its alarms in the ledger, since when they are so, and shows them as any group', async () => {
    await minutes(6, 50);
    const since = (await ledger()).alarms!['cpu-high']!.since;
    await minutes(3, 50);
    expect((await ledger()).alarms!['cpu-high']).toEqual({ value: 'OK', since });
    const [state] = await groupStates(scaler, [...scaler.groups.values()]);
    expect(state!.alarms.map(({ rule, state }) => [rule, state?.value])).toEqual([
      ['cpu-high', 'OK'],
      ['cpu-low', 'OK'],
    ]);
  });

  it('writes nothing while its alarms stay as they are', async () => {
    await minutes(12, 50);
    const { version } = await ledger();
    await minutes(10, 50);
    expect((await ledger()).version).toBe(version);
  });

  it('reads rules of one period in one call', async () => {
    await minutes(1, 50);
    expect(calls.slice(0, 2).map((asked) => asked.map(({ use }) => use.key))).toEqual([
      ['cpu-high'],
      ['cpu-low'],
    ]);
  });

  it('neither scales out nor in while its metric cannot be read, and remembers the alarm that it had', async () => {
    await minutes(6, 50);
    await minutes(4, 91);
    const { alarms } = await ledger();
    expect(alarms!['cpu-high']!.value).toBe('ALARM');
    const before = desired();
    broken = true;
    await minutes(20, 5);
    expect(desired()).toBe(before);
    expect((await ledger()).alarms!['cpu-high']).toEqual(alarms!['cpu-high']);
  });

  it('gives no servers away when its datapoints stop', async () => {
    stage.ports.groups.setDesired('web', 5);
    await minutes(6, 50);
    await minutes(20, undefined);
    expect(desired()).toBe(5);
  });

  it("begins anew with a group that has taken another's place: its alarm is not as old as that of the other", async () => {
    await minutes(6, 50);
    const known = await ledger();
    const told = {
      ...known,
      version: known.version + 1,
      missing: { since: stage.now, state: 'told' as const },
    };
    await stage.ports.ledger.write('web', told, known.version);
    await minutes(2, 50);
    const { missing, alarms } = await ledger();
    expect(missing).toBeUndefined();
    expect(alarms!['cpu-high']).toMatchObject({ value: 'OK' });
    expect(alarms!['cpu-high']!.since).toBeGreaterThan(known.alarms!['cpu-high']!.since);
  });
});
