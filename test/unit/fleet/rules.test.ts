import { describe, expect, it } from 'vitest';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

/** What is wrong with a group of these lines. */
function mistakes(...lines: string[]): string[] {
  const group = ['existing: g', 'minSize: 1', 'maxSize: 9', ...lines].map((line) => `    ${line}`);
  try {
    readFleet(['name: f', 'groups:', '  one:', ...group].join('\n'));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    return error.problems.map(({ path, message }) => `${path.replace('groups.one.', '')}: ${message}`);
  }
}

const above =
  'metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 1';
const below = above.replace('Greater', 'Less').replace('70', '30');
const step = (lower: string, upper: string, change: number) =>
  `{ ${lower && `metricIntervalLowerBound: ${lower}, `}${upper && `metricIntervalUpperBound: ${upper}, `}scalingAdjustment: ${change} }`;
const steps = (rule: string, ...all: string[]) =>
  `alarms: { a: { ${rule}, stepAdjustments: [${all.join(', ')}] } }`;

describe('steps', () => {
  it.each([
    [
      'leave a gap, in whatever order they are written',
      steps(above, step('20', '', 3), step('0', '10', 1)),
      'alarms.a.stepAdjustments.0.metricIntervalLowerBound: expected 10, where stepAdjustments.1 ends, found 20',
    ],
    [
      'overlap',
      steps(above, step('0', '20', 1), step('10', '', 3)),
      'alarms.a.stepAdjustments.1: expected bounds that do not overlap stepAdjustments.0, found keys and values',
    ],
    [
      'end where the metric does not',
      steps(above, step('0', '15', 1)),
      'alarms.a.stepAdjustments.0.metricIntervalUpperBound: expected no bound, or nothing answers what is higher, found 15',
    ],
    [
      'end where the metric does not, below',
      steps(below, step('-10', '0', -1)),
      'alarms.a.stepAdjustments.0.metricIntervalLowerBound: expected no bound, or nothing answers what is lower, found -10',
    ],
    [
      'lie on the side that never breaches',
      steps(above, step('', '0', 1)),
      'alarms.a.stepAdjustments.0.metricIntervalUpperBound: expected no bound, or nothing answers what is higher, found 0',
    ],
  ])('that %s are refused, as AWS does', (_, lines, expected) => {
    expect(mistakes(lines)).toEqual([expected]);
  });

  it('of 0, and in both directions, are taken, and no cooldown at all', () => {
    expect(mistakes(steps(above, step('0', '10', 0), step('10', '', 3)))).toEqual([]);
    expect(mistakes(steps(above, step('0', '10', -1), step('10', '20', 0), step('20', '', 3)))).toEqual([]);
    expect(mistakes(steps(`${above}, cooldown: 0`, step('0', '', 3)))).toEqual([]);
  });

  it('that all do nothing are refused', () => {
    expect(mistakes(steps(above, step('0', '10', 0), step('10', '', 0)))).toEqual([
      expect.stringContaining('alarms.a.stepAdjustments: expected a step other than 0'),
    ]);
    expect(mistakes(`alarms: { a: { ${above}, scalingAdjustment: 0 } }`)).toEqual([
      expect.stringContaining('alarms.a.scalingAdjustment: expected a change other than 0'),
    ]);
  });

  it('that adjoin are taken, above and below', () => {
    expect(mistakes(steps(above, step('0', '10', 1), step('10', '', 3)))).toEqual([]);
    expect(mistakes(steps(below, step('-10', '0', -1), step('', '-10', -2)))).toEqual([]);
  });
});

describe('a rule', () => {
  it('has a minimum adjustment magnitude only where it is a percentage', () => {
    const alarm = (more: string) =>
      `alarms: { a: { ${above}, scalingAdjustment: 50, minAdjustmentMagnitude: 2${more} } }`;
    expect(mistakes(alarm(''))).toEqual([
      'alarms.a.minAdjustmentMagnitude: expected adjustmentType PercentChangeInCapacity beside it, found 2',
    ]);
    expect(mistakes(alarm(', adjustmentType: PercentChangeInCapacity'))).toEqual([]);
  });

  it('and a target of a percentage stay below 100', () => {
    const percent = 'expected a percentage between 0 and 100, found 700';
    expect(mistakes(`alarms: { a: { ${above.replace('70', '700')}, scalingAdjustment: 1 } }`)).toEqual([
      `alarms.a.threshold: ${percent}`,
    ]);
    expect(mistakes('targets: [{ metric: memory, targetValue: 700 }]')).toEqual([
      `targets.0.targetValue: ${percent}`,
    ]);
    expect(mistakes('targets: [{ metric: networkIn, targetValue: 700 }]')).toEqual([]);
  });
});

describe('two rules on one metric', () => {
  const pair = (high: number, low: number, operators = 'Threshold', more = '') =>
    mistakes(
      'alarms:',
      `  high: { ${above.replace('70', `${high}`).replace('Threshold', operators)}, scalingAdjustment: 1 }`,
      `  low: { ${below.replace('30', `${low}`).replace('Threshold', operators)}, scalingAdjustment: -1${more} }`,
    );

  it('are never both in ALARM', () => {
    const expected = 'alarms.low.threshold: expected below that of high (30): both would be in ALARM at once';
    expect(pair(30, 70)).toEqual([`${expected}, found 70`]);
    expect(pair(30, 30, 'OrEqualToThreshold')).toEqual([`${expected}, found 30`]);
    expect(pair(30, 30)).toEqual([]);
    expect(pair(70, 30)).toEqual([]);
  });

  it('are not compared where they look at different statistics of it', () => {
    expect(pair(30, 70, 'Threshold', ', statistic: Maximum')).toEqual([]);
  });
});
