import { judge } from '@rushhour/local-aws/judge';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRule, rangeOf } from '../../../shared/domain/judge-rule.ts';
import type { AlarmState } from '../../../shared/domain/observation.ts';
import { type CompiledRule, compilePolicy } from '../../../shared/domain/policy.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const operators = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;

function ruleOf(
  evaluationPeriods: number,
  datapointsToAlarm: number,
  treatMissingData: (typeof treatments)[number],
  comparisonOperator: (typeof operators)[number] = 'GreaterThanThreshold',
): CompiledRule {
  const isHigh = comparisonOperator.startsWith('Greater');
  const fleet = readFleet(`
name: f
groups:
  web:
    existing: web
    minSize: 1
    maxSize: 9
    alarms:
      cpu: { metric: { namespace: Shop, metricName: Load }, threshold: 70, comparisonOperator: ${comparisonOperator}, period: 60,
             evaluationPeriods: ${evaluationPeriods}, datapointsToAlarm: ${datapointsToAlarm},
             treatMissingData: ${isHigh ? treatMissingData : 'missing'}, scalingAdjustment: ${isHigh ? 1 : -1} }
`);
  const policy = compilePolicy('web', fleet.groups['web']!);
  return { ...[...policy.scaleOutRules, ...policy.scaleInRules][0]!, missingData: treatMissingData };
}

const before: AlarmState = { value: 'OK', since: 1 };
const markOf = { '-': Number.NaN, '0': 50, X: 90 } as Record<string, number>;

function verdicts(range: string, needed: number) {
  const values = [...range].map((mark) => markOf[mark]!);
  const kept = { value: 'OK', since: 1 } as const;
  return treatments.map((treatment) => {
    const { value, since } = judgeRule(ruleOf(3, needed, treatment), kept, values, 2);
    return treatment === 'ignore' && since === 1 && !range.includes('0') ? 'kept' : value;
  });
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
describe("CloudWatch's own table", () => {
  it.each([
    ['0-X-X', 'OK', 'OK', 'OK', 'OK'],
    ['----0', 'OK', 'OK', 'OK', 'OK'],
    ['-----', 'INSUFFICIENT_DATA', 'kept', 'ALARM', 'OK'],
    ['0XX-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['--X--', 'ALARM', 'kept', 'ALARM', 'OK'],
  ])('%s with three of three datapoints to alarm', (range, ...expected) => {
    expect(verdicts(range, 3)).toEqual(expected);
  });

  it.each([
    ['0-X-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['00X0X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0-X--', 'OK', 'OK', 'ALARM', 'OK'],
    ['----0', 'OK', 'OK', 'ALARM', 'OK'],
    ['----X', 'INSUFFICIENT_DATA', 'kept', 'ALARM', 'OK'],
    ['---X-', 'ALARM', 'kept', 'ALARM', 'OK'],
  ])('%s with two of three datapoints to alarm', (range, ...expected) => {
    expect(verdicts(range, 2)).toEqual(expected);
  });
});

describe('A rule that no alarm watches', () => {
  it('judges as the alarms of the local cloud do, which were written apart', () => {
    const cases = fc.record({
      evaluated: fc.integer({ min: 1, max: 6 }),
      needed: fc.integer({ min: 1, max: 6 }),
      treatment: fc.constantFrom(...treatments),
      operator: fc.constantFrom(...operators),
      marks: fc.array(fc.constantFrom(Number.NaN, 50, 70, 90), { minLength: 8, maxLength: 8 }),
    });
    fc.assert(
      fc.property(cases, ({ evaluated, needed, treatment, operator, marks }) => {
        fc.pre(needed <= evaluated);
        const rule = ruleOf(evaluated, needed, treatment, operator);
        const values = marks.slice(0, rangeOf(rule));
        const breaching = values.map((value) => {
          if (Number.isNaN(value)) return undefined;
          return (
            (operator.includes('OrEqual') && value === 70) ||
            (operator.startsWith('G') ? value > 70 : value < 70)
          );
        });
        const found = judgeRule(rule, before, values, 2);
        expect(found.value).toBe(judge(breaching, evaluated, needed, treatment) ?? 'OK');
      }),
      { numRuns: 400 },
    );
  });

  it('is red since it was found so, with the newest value that breached, and stays so while nothing turns it', () => {
    const rule = ruleOf(2, 2, 'missing');
    const red = judgeRule(rule, before, [50, 50, 80, 90], 1000);
    expect(red).toEqual({ value: 'ALARM', since: 1000, datapoint: 90, judged: 'now' });
    expect(judgeRule(rule, red, [50, 80, 90, 95], 2000)).toEqual(red);
    expect(judgeRule(rule, red, [80, 90, 95, 60], 3000)).toEqual({ value: 'OK', since: 3000, judged: 'now' });
  });

  it('whose metric could not be read is neither red nor quiet, and its memory stays', () => {
    const rule = ruleOf(2, 2, 'breaching');
    expect(judgeRule(rule, before, null, 5)).toEqual({
      value: 'INSUFFICIENT_DATA',
      since: 5,
      judged: 'unread',
    });
  });
});
