import { describe, expect, test } from 'vitest';
import { explain, type RuleNow } from '../../../shared/domain/explain.ts';
import { decisionNow, nearingRules } from '../../../shared/domain/nearing.ts';
import { type Outlook, outlookOf } from '../../../shared/domain/outlook.ts';
import type { CompiledRule } from '../../../shared/domain/policy.ts';
import { decisionInEnglish, explanationInEnglish, inEnglish } from '../../kit/in-english.ts';
import { LoneGroup, minute, noon, policyOf } from '../../kit/lone-group.ts';

const high = {
  metric: 'cpu',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 70,
  period: 300,
  evaluationPeriods: 3,
  scalingAdjustment: 2,
  cooldown: 300,
};
const low = { ...high, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 };

function ruleOf(rule: object): CompiledRule {
  const [compiled] = policyOf({ alarms: { rule: { ...high, ...rule } } }).scaleOutRules;
  return compiled!;
}

/** Half an hour, and then so many minutes of another value. */
const series = (before: number, minutes: number, now: number) =>
  Float64Array.from([...Array<number>(30).fill(before), ...Array<number>(minutes).fill(now)]);

function said(lone: LoneGroup, rules: readonly RuleNow[]): string {
  const { policy, now } = lone;
  return decisionInEnglish(policy.name, decisionNow(lone.decide(), rules), now).message;
}

describe('the outlook of an alarm', () => {
  test('sees nothing coming while its newest period does not breach', () => {
    expect(outlookOf(ruleOf({}), series(40, 2, 90), noon)).toEqual({
      value: 60,
      isBreaching: false,
      breaching: 0,
      periods: 3,
      needed: 3,
      actsAt: undefined,
    });
  });

  test.each([
    ['the first', 4, 1, 11],
    ['the first, five minutes later', 8, 1, 7],
    ['the second', 9, 2, 6],
    ['the third', 14, 3, 1],
  ])(
    'names the minute when its alarm turns red, as soon as %s period breaches',
    (_, minutes, breaching, minutesLeft) => {
      const outlook = outlookOf(ruleOf({}), series(40, minutes, 80), noon);
      expect(outlook).toMatchObject({ isBreaching: true, breaching, periods: 3, needed: 3 });
      expect((outlook!.actsAt! - noon) / minute).toBe(minutesLeft);
    },
  );

  test('counts as many as must breach, and not all that are looked at', () => {
    const outlook = outlookOf(
      ruleOf({ evaluationPeriods: 5, datapointsToAlarm: 2 }),
      series(40, 4, 80),
      noon,
    );
    expect(outlook).toMatchObject({ breaching: 1, periods: 5, needed: 2 });
    expect((outlook!.actsAt! - noon) / minute).toBe(6);
  });

  test('takes a period for what its minutes make of it', () => {
    const queued = { namespace: 'Shop', metricName: 'Queued', dimensions: {}, perServer: false };
    const combinedBy = (statistic: string) =>
      outlookOf(ruleOf({ metric: { ...queued, statistic } }), Float64Array.of(1, 2, 3, 4, 5), noon)?.value;
    expect(['Average', 'Sum', 'Maximum', 'Minimum'].map(combinedBy)).toEqual([3, 15, 5, 1]);
  });

  test('goes by what is known, and says nothing where nothing is', () => {
    const some = series(80, 3, Number.NaN);
    expect(outlookOf(ruleOf({}), some, noon)).toMatchObject({ value: 80, isBreaching: true });
    expect(outlookOf(ruleOf({}), series(80, 5, Number.NaN), noon)).toBeUndefined();
  });
});

const soon: Outlook = {
  value: 99.754,
  isBreaching: true,
  breaching: 1,
  periods: 3,
  needed: 3,
  actsAt: noon + 11 * minute,
};

function quiet(desired = 3): LoneGroup {
  const lone = new LoneGroup(
    { minSize: 3, maxSize: 5, alarms: { 'cpu-high': high, 'cpu-low': low } },
    desired,
  );
  lone.look();
  return lone;
}

describe('a rule whose alarm is about to turn red', () => {
  test('says its value, how far it is, when it acts and what it then does', () => {
    const lone = quiet();
    const outlooks = new Map([['cpu-high', soon]]);
    const told = explanationInEnglish(
      explain(lone.policy, lone.ledger, lone.observation, lone.now, outlooks)!,
      lone.now,
    );
    expect(told.rules[0]).toMatchObject({
      state: 'nears',
      servers: 5,
      until: soon.actsAt,
      message: 'cpu-high: cpu is 99.75, above 70: 1 of 3 periods; acts about 04:11 (+2)',
    });
    expect(told.rules[1]!.state).toBe('content');
  });

  test('makes its group say so, which is not where it should be any more', () => {
    const lone = quiet();
    const { policy, ledger, observation, now } = lone;
    const rules = nearingRules(policy, ledger, observation, new Map([['cpu-high', soon]]), now);
    expect(said(lone, rules)).toBe(
      'business stays at 3: cpu-high: cpu is 99.75, above 70: 1 of 3 periods; acts about 04:11 (+2)',
    );
    expect(said(lone, [])).toBe('business stays at 3: it is where it should be');
  });

  test('waits for its cooldown', () => {
    const lone = quiet();
    lone.alarm('cpu-high', 'ALARM');
    lone.settle();
    lone.settle();
    lone.alarm('cpu-high', 'OK');
    const { policy, ledger, observation, now } = lone;
    const tall = { ...observation, group: { ...observation.group!, maxSize: 9 } };
    const wide = { ...policy, maxSize: 9 };
    const early = { ...soon, actsAt: now + minute };
    const [rule] = nearingRules(wide, ledger, tall, new Map([['cpu-high', early]]), now);
    expect(rule?.until).toBe(now + 5 * minute);
  });

  test('is nothing to speak of where it would change nothing', () => {
    const lone = quiet(5);
    const { policy, ledger, observation, now } = lone;
    expect(nearingRules(policy, ledger, observation, new Map([['cpu-high', soon]]), now)).toEqual([]);
  });

  test('that takes servers away does not make its group restless', () => {
    const lone = quiet(4);
    const { policy, ledger, observation, now } = lone;
    const rules = nearingRules(
      policy,
      ledger,
      observation,
      new Map([['cpu-low', { ...soon, value: 12 }]]),
      now,
    );
    expect(rules.map(({ why }) => inEnglish(why, now))).toEqual([
      'cpu-low: cpu is 12, below 30: 1 of 3 periods; acts about 04:11 (−1)',
    ]);
    expect(said(lone, rules)).toBe('business stays at 4: it is where it should be');
  });
});
