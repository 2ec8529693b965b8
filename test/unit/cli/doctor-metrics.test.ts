import { describe, expect, it } from 'vitest';
import { watchesElsewhere } from '../../../cli/doctor/groups.ts';
import { judgeMeasuring, type Measured } from '../../../cli/doctor/measuring.ts';
import { createScaler } from '../../../shared/engine/scaler.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { memoryPorts } from '../../../shared/providers/memory/ports.ts';

/** A group that is taken over. */
function taken(...lines: string[]) {
  const text = `name: shop\ngroups:\n  web:\n    existing: web-asg\n    minSize: 1\n    maxSize: 9\n${lines.map((line) => `    ${line}\n`).join('')}`;
  const life = {
    launch: () => ({ inServiceAfterSeconds: 60, healthyAfterSeconds: 90 }),
    terminationSeconds: () => 30,
  };
  return createScaler(readFleet(text), memoryPorts(0, life)).groups.get('web')!;
}

const all: Measured = {
  groupMetrics: ['GroupInServiceInstances', 'GroupDesiredCapacity'],
  monitoring: new Map([['i-1', 'enabled']]),
};
const objective = 'objective: { unserved: 1% }';

describe('Doctor, of a group that is taken over', () => {
  it('is content when all is measured that its rules go by', () => {
    expect(judgeMeasuring(taken(objective), all)).toMatchObject([{ verdict: 'fine' }]);
  });

  it('says that its group metrics are off, and how to switch them on', () => {
    const [finding] = judgeMeasuring(taken(objective), { ...all, groupMetrics: [] });
    expect(finding).toMatchObject({
      verdict: 'problem',
      message:
        'web: the group metrics of web-asg are off, and its objective needs GroupInServiceInstances and GroupDesiredCapacity',
    });
    expect(finding!.advice).toContain('enable-metrics-collection --auto-scaling-group-name web-asg');
  });

  it('wants no group metrics where nothing is learnt', () => {
    const byTarget = taken('targets: [{ metric: cpu, targetValue: 50 }]');
    expect(judgeMeasuring(byTarget, { ...all, groupMetrics: [] })).toMatchObject([{ verdict: 'fine' }]);
  });

  it('says which servers have basic monitoring, where rules go by CPU of each minute', () => {
    const basic = {
      ...all,
      monitoring: new Map([
        ['i-1', 'enabled'],
        ['i-2', 'disabled'],
      ]),
    };
    const byTarget = taken('targets: [{ metric: cpu, targetValue: 50 }]');
    expect(judgeMeasuring(byTarget, basic)).toMatchObject([
      { verdict: 'problem', message: expect.stringContaining('i-2 with basic monitoring') },
    ]);
  });

  it('says that servers publish more often than the file says, for bytes would be taken for a fifth', () => {
    const byBytes = taken(
      'detailedMonitoring: false',
      'targets: [{ metric: networkIn, targetValue: 1000000 }]',
    );
    expect(judgeMeasuring(byBytes, all)).toMatchObject([{ verdict: 'problem' }]);
    const basic = { ...all, monitoring: new Map([['i-1', 'disabled']]) };
    expect(judgeMeasuring(byBytes, basic)).toMatchObject([{ verdict: 'fine' }]);
  });
});

describe('Doctor, of an alarm on a load balancer', () => {
  const rule = { metric: 'requestsPerSecond' } as Parameters<typeof watchesElsewhere>[1];
  const alarm = {
    AlarmName: 'shop-web-busy',
    Metrics: [
      { Id: 'rate', Expression: 'm / PERIOD(m)' },
      {
        Id: 'm',
        MetricStat: {
          Metric: { Dimensions: [{ Name: 'LoadBalancer', Value: 'app/old/1' }] },
          Period: 60,
          Stat: 'Sum',
        },
      },
    ],
  };

  it('says that it watches one behind which the target group stands no more', () => {
    expect(watchesElsewhere(alarm, rule, 'app/new/2')).toBe(
      'shop-web-busy watches app/old/1, but the target group stands at app/new/2 now',
    );
    expect(watchesElsewhere(alarm, rule, undefined)).toContain('at none now');
    expect(watchesElsewhere(alarm, rule, 'app/old/1')).toBeUndefined();
  });
});
