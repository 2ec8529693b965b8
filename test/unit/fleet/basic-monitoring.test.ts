import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../shared/domain/policy.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

const group = (...lines: string[]) =>
  `name: shop\ngroups:\n  web:\n    existing: web-asg\n    minSize: 1\n    maxSize: 9\n${lines.map((line) => `    ${line}\n`).join('')}`;
const basic = 'detailedMonitoring: false';

describe('A group with basic monitoring, which publishes every five minutes', () => {
  it('is tracked by periods of five minutes, where it is EC2 that measures', () => {
    const text = group(
      basic,
      'targets: [{ metric: cpu, targetValue: 50 }, { metric: memory, targetValue: 50 }]',
    );
    const { metrics } = compilePolicy('web', readFleet(text).groups['web']!);
    expect(metrics.map(({ metric, periodSeconds }) => [metric, periodSeconds])).toEqual([
      ['cpu', 300],
      ['memory', 60],
    ]);
  });

  it('is refused an objective on what EC2 measures, for that goes by the minute', () => {
    expect(() => readFleet(group(basic, 'objective: { unserved: 1% }'))).toThrow(
      'expected detailedMonitoring',
    );
    expect(() => readFleet(group(basic, 'forecast: { metric: networkIn, targetValue: 5 }'))).toThrow(
      'expected detailedMonitoring',
    );
  });

  it('is refused an alarm of shorter periods', () => {
    const rule =
      'alarms: { high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 } }';
    expect(() => readFleet(group(basic, rule))).toThrow('expected 300 or more');
  });
});
