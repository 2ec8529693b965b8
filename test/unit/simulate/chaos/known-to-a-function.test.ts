import { describe, expect, it } from 'vitest';
import type { OpenActivity } from '../../../../shared/domain/ledger.ts';
import type { AlarmState } from '../../../../shared/domain/observation.ts';
import { createScaler, type Scaler } from '../../../../shared/engine/scaler.ts';
import { readFleet } from '../../../../shared/fleet/read-fleet.ts';
import { memoryPorts } from '../../../../shared/providers/memory/ports.ts';
import { minuteMs } from '../../../../shared/units.ts';
import { inEnvelope } from '../../../../simulate/chaos/alarm-news.ts';
import { checkData } from '../../../../simulate/chaos/check-alarm.ts';
import { checkAnswer } from '../../../../simulate/chaos/check-answer.ts';
import type { Checker, Violation } from '../../../../simulate/chaos/checker.ts';
import { Dice } from '../../../../simulate/chaos/dice.ts';
import type { FunctionRun } from '../../../../simulate/chaos/function-run.ts';
import { noteDenied } from '../../../../simulate/chaos/note-told.ts';
import { newPast } from '../../../../simulate/chaos/past.ts';
import type { Write } from '../../../../simulate/chaos/write.ts';

const now = Date.parse('2026-03-15T11:18:03Z');
const file = `
name: lunch
groups:
  web:
    existing: asg-web
    minSize: 1
    maxSize: 9
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 1,
                  scalingAdjustment: 1, cooldown: 60 }
    targets: [{ metric: cpu, targetValue: 60 }]
`;
const life = {
  launch: () => ({ inServiceAfterSeconds: 0, healthyAfterSeconds: 0 }),
  terminationSeconds: () => 0,
};
const scaler = createScaler(readFleet(file), memoryPorts(now, life));
const group = scaler.groups.get('web')!;
const [[, alarm]] = group.alarms as [[string, string]];

describe('A scale-in beside an alarm that a late look has found without data', () => {
  const lateLook: AlarmState = { value: 'INSUFFICIENT_DATA', since: now - 2 * minuteMs };
  const scaleIn = {
    reason: 'TargetScaleIn',
    why: { key: 'atGoal' },
    from: 4,
    to: 3,
  } as unknown as OpenActivity;
  const news = (of: string, since: number) =>
    inEnvelope({ alarm: of, value: 'OK', since }, new Dice(since).of('envelope'));

  it.each(['alarmData', 'detail', 'Records'])('is right where its news in %s is newer', (envelope) => {
    const since = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seconds) => now - seconds * 1000);
    const payload = since.map((at) => news(alarm, at)).find((one) => envelope in one);
    expect(payload).toBeDefined();
    expect(violationsOf(payload)).toEqual([]);
  });

  it.each([
    ['news of another alarm', news('lunch-web-cpu-low', now - 3000)],
    ['news from before the look', news(alarm, now - 3 * minuteMs)],
  ])('is wrong with %s', (_, payload) => {
    expect(violationsOf(payload)).toEqual([expect.stringMatching('though cpu-high is INSUFFICIENT_DATA')]);
  });

  it('is wrong by a function that no news has called', () => {
    expect(violationsOf({}, 'sweep')).toEqual([
      expect.stringMatching('though cpu-high is INSUFFICIENT_DATA'),
    ]);
  });

  function violationsOf(payload: object | undefined, functionName = 'on-alarm'): string[] {
    const by = runOf(scaler, { functionName, payload });
    by.told.alarms.set(alarm, lateLook);
    by.told.readings.set(`web ${group.policy.targets[0]!.metricKey}`, { known: true, value: 0, at: now });
    const { checker, violations } = newChecker();
    checkData(checker, { by, group } as unknown as Write, scaleIn);
    return violations.map(({ message }) => message);
  }
});

describe('A function that was refused servers for good', () => {
  const attach = { name: 'adopt.attach', args: ['asg-web', ['i-1']] };

  it('may report success once an activity has failed by it', () => {
    expect(violationsAfter({ statusCode: 'Failed', attach: ['i-1', 'i-2'] })).toEqual([]);
  });

  it.each([
    ['no activity', {}],
    ['one that is under way', { statusCode: 'InProgress', attach: ['i-1'] }],
    ['one of other servers', { statusCode: 'Failed', attach: ['i-2'] }],
  ] as const)('may not with %s', (_, activity) => {
    expect(violationsAfter(activity)).toEqual([expect.stringMatching('though i-1 were refused')]);
  });

  it('may not where it could not protect servers', () => {
    const by = runOf(scaler, {});
    noteDenied({ name: 'protect.protect', args: ['asg-web', ['i-1'], true], by } as never);
    expect(by.failed).toBe(true);
  });

  function violationsAfter(activity: Partial<OpenActivity>): string[] {
    const by = runOf(scaler, { functionName: 'bump', payload: { group: 'web', requestId: 'r' } });
    noteDenied({ ...attach, by } as never);
    expect(by.failed).toBe(false);
    const { checker, violations } = newChecker(activity as OpenActivity);
    checkAnswer(checker, by, { decisions: [{ reason: 'AtGoal' }] } as object);
    return violations.map(({ message }) => message);
  }
});

function runOf(scaler: Scaler, rest: Partial<FunctionRun>): FunctionRun {
  const told = { alarms: new Map(), readings: new Map(), datapoints: new Map(), losses: new Map() };
  const run = {
    id: 'f/1',
    functionName: 'sweep',
    payload: {},
    startedAt: now,
    scaler,
    failed: false,
    refused: [],
  };
  return { ...run, told, ...rest } as unknown as FunctionRun;
}

function newChecker(activity?: OpenActivity) {
  const violations: Pick<Violation, 'message'>[] = [];
  const past = newPast();
  if (activity) past.opened.set('1', activity);
  const checker = {
    violate: (_: number, message: string) => violations.push({ message }),
    ledgerOf: () => ({ seen: [['r', now]] }),
    pastOf: () => past,
  };
  return { checker: checker as unknown as Checker, violations };
}
