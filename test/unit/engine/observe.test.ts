import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../shared/domain/observation.ts';
import { batchOf } from '../../../shared/engine/batch.ts';
import { look, observationOf } from '../../../shared/engine/observe.ts';
import type { AskedMetric } from '../../../shared/ports/metrics.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import { Stage } from '../../kit/stage.ts';

const start = '2026-03-04T03:00:00Z';
const reading: Reading = { known: true, value: 40, at: 0 };

const withTargets = `
name: lunch
groups:
  one:
    existing: one
    minSize: 1
    maxSize: 5
    loadBalancer: { targetGroupArns: ["${arn('targetgroup/one/1')}"], loadBalancerArn: "${arn('loadbalancer/app/one/1')}" }
    targets: [ { metric: cpu, targetValue: 50 }, { metric: requestsPerTarget, targetValue: 100 } ]
  two:
    existing: two
    minSize: 1
    maxSize: 5
    targets: [ { metric: memory, targetValue: 80 } ]
  three: { existing: three, minSize: 1, maxSize: 5 }
`;

const following = `
name: lunch
groups:
  front: { existing: front, minSize: 1, maxSize: 9 }
  back: { existing: back, minSize: 1, maxSize: 9, follows: { group: front, ratio: 0.5 } }
`;

function arn(resource: string): string {
  return `arn:aws:elasticloadbalancing:us-east-1:123456789012:${resource}`;
}

/** A stage whose metrics are answered, or refused, by the test; queries are kept call by call. */
function measuredStage(answer: (asked: AskedMetric) => Reading) {
  const calls: AskedMetric[][] = [];
  const stage = new Stage(withTargets, {
    start,
    around: (ports) => ({
      ...ports,
      metrics: {
        latest: async (asked) => {
          calls.push([...asked]);
          return asked.map(answer);
        },
        history: async () => [],
      },
    }),
  });
  const trafficSources = [arn('targetgroup/one/1')];
  stage.ports.groups.put({ ...stage.ports.groups.get('one'), trafficSources: trafficSources });
  stage.ports.groups.putLoadBalancer(trafficSources[0]!, arn('loadbalancer/app/one/1'));
  return { stage, calls };
}

describe('a look at many groups', () => {
  it('reads the metrics of all targets in one call, and none for groups without', async () => {
    const { stage, calls } = measuredStage(() => reading);
    const groups = [...stage.scaler.groups.values()];
    await look(stage.scaler, batchOf(groups), stage.now);
    expect(calls).toHaveLength(1);
    expect(calls[0]!.map(({ group, use }) => `${use.metric} of ${group.name}`)).toEqual([
      'cpu of one',
      'requestsPerTarget of one',
      'memory of two',
    ]);
    await look(stage.scaler, batchOf([stage.scaler.groups.get('three')!]), stage.now);
    expect(calls).toHaveLength(1);
  });

  it('says what a group was seen to stand behind, where its load balancer is to be found', async () => {
    const { stage, calls } = measuredStage(() => reading);
    await look(stage.scaler, batchOf([stage.scaler.groups.get('one')!]), stage.now);
    const asked = calls[0]!.find(({ use }) => use.metric === 'requestsPerTarget');
    expect(asked?.seen?.trafficSources).toEqual([arn('targetgroup/one/1')]);
  });

  it('gives each group its own readings, by metric key', async () => {
    const { stage } = measuredStage(({ use }) =>
      use.metric === 'memory' ? { known: true, value: 70, at: 1 } : reading,
    );
    const groups = [...stage.scaler.groups.values()];
    const seen = await look(stage.scaler, batchOf(groups), stage.now);
    const two = observationOf(seen, stage.scaler.groups.get('two')!, stage.now, undefined);
    expect(two.metrics).toEqual({ 'memory@60': { known: true, value: 70, at: 1 } });
  });

  it('counts a leader’s servers in the units that its desired capacity has', () => {
    const { scaler, now } = new Stage(following, { start });
    const heavy = {
      lifecycle: 'ready' as const,
      protectedFromScaleIn: false,
      weight: 2,
    };
    const servers = ['i-1', 'i-2', 'i-3'].map((id) => ({ id, ...heavy }));
    const nothing = {
      at: now,
      alarms: undefined,
      datapoints: undefined,
      readings: new Map(),
      forecasts: new Map(),
      balancers: new Map(),
    };
    const front = {
      name: 'front',
      minSize: 1,
      maxSize: 9,
      desired: 4,
      servers,
      suspended: [],
      trafficSources: [],
    };
    const seen = { ...nothing, scalingGroups: new Map([['front', front]]) };
    const { leader } = observationOf(seen, scaler.groups.get('back')!, now, undefined);
    expect(leader).toEqual({ group: 'front', desired: 4, inService: 6 });
  });

  it('takes metrics that cannot be read for unknown, and goes on', async () => {
    const { stage } = measuredStage(() => {
      throw new PortError('Throttled', 'too fast');
    });
    const group = stage.scaler.groups.get('two')!;
    const seen = await look(stage.scaler, batchOf([group]), stage.now);
    expect(observationOf(seen, group, stage.now, undefined).metrics).toEqual({
      'memory@60': { known: false, why: 'failed' },
    });
  });

  it('takes one that could not be read for unknown, and says so in the log', async () => {
    const { stage } = measuredStage(({ use }) =>
      use.metric === 'requestsPerTarget' ? { known: false, why: 'failed' } : reading,
    );
    const warnings: unknown[] = [];
    const log = { info() {}, warn: (message: string) => void warnings.push(message) };
    const groups = [...stage.scaler.groups.values()];
    const seen = await look({ ...stage.scaler, log }, batchOf(groups), stage.now);
    expect(observationOf(seen, groups[0]!, stage.now, undefined).metrics).toMatchObject({
      'cpu@60': reading,
      'requestsPerTarget@60': { known: false },
    });
    expect(observationOf(seen, groups[1]!, stage.now, undefined).metrics).toEqual({ 'memory@60': reading });
    expect(warnings).toEqual(['metrics cannot be read']);
  });
});
