import { describe, expect, test } from 'vitest';
import type { Activity } from '../../../shared/domain/activity.ts';
import { manual, minute, Stage, server } from './stage.ts';

function met(desired: number, group: object = {}): Stage {
  const stage = new Stage({ minSize: 1, maxSize: 10, ...group }, desired);
  stage.look();
  return stage;
}

const more = manual({ kind: 'adjust', adjustment: 2 });
const fewer = manual({ kind: 'adjust', adjustment: -2 });

function statuses(stage: Stage): string[] {
  return [...stage.log.values()].map(({ statusCode }) => statusCode);
}

describe('an activity', () => {
  test('is intended before the cloud is touched, under way once desired is set, and ends when servers are there', () => {
    const stage = met(3);
    const seen: Activity['statusCode'][] = [];
    for (const { activities } of stage.look(more))
      seen.push(...activities.map(({ statusCode }) => statusCode));
    expect(seen).toEqual(['PreInService', 'InProgress']);
    expect(stage.decide().reason).toBe('AtGoal');
    stage.arrive();
    const [ended, forgotten] = stage.look();
    expect(ended?.activities).toMatchObject([{ statusCode: 'Successful', endedAt: stage.now }]);
    expect(forgotten).toMatchObject({ forgets: [{ statusCode: 'Successful' }], activities: [] });
    expect(stage.ledger?.open).toEqual([]);
  });

  test('is tried again when nobody has carried it out', () => {
    const stage = met(3);
    stage.ledger = stage.decide(more).ledger;
    stage.pass(1);
    const again = stage.decide();
    expect(again).toMatchObject({
      to: 5,
      reason: 'ActivityRetried',
      act: { kind: 'setDesired', desired: 5 },
    });
    expect(again.ledger).toBe(stage.ledger);
  });

  test('is found done when the look that did it ended before it could say so', () => {
    const stage = met(3);
    stage.ledger = stage.decide(more).ledger;
    stage.setDesired(5);
    stage.pass(1);
    expect(stage.look().map(({ reason }) => reason)).toEqual(['ActivityMoved', 'AtGoal']);
  });

  test('is cancelled when somebody set another capacity before it could act, and that one is kept', () => {
    const stage = met(3);
    stage.ledger = stage.decide(more).ledger;
    stage.setDesired(4);
    stage.settle();
    expect(stage.group.desired).toBe(4);
    expect(statuses(stage)).toEqual(['Cancelled', 'Successful']);
  });

  test('is cancelled when the group is paused before it could act; what was asked for follows the pause', () => {
    const stage = met(3);
    const { ledger } = stage.decide(more);
    const pause = { direction: 'both', since: stage.now, owner: 'bob', reason: 'release' } as const;
    stage.ledger = { ...ledger, pause };
    stage.settle();
    expect(stage.group.desired).toBe(3);
    expect(statuses(stage)[0]).toBe('Cancelled');
    expect(stage.decide().reason).toBe('GroupPaused');
    stage.settle(manual({ kind: 'resume' }, 'r2'));
    expect(stage.group.desired).toBe(5);
  });

  test('is not successful before its servers are healthy at the load balancer', () => {
    const stage = met(3);
    stage.group = { ...stage.group, trafficSources: ['arn'] };
    stage.others = { ...stage.others, healthy: new Set() };
    stage.look(more);
    stage.arrive();
    expect(stage.look().map(({ reason }) => reason)).toEqual(['AtGoal']);
    stage.others = { ...stage.others, healthy: undefined };
    expect(stage.decide().needs).toEqual(['healthy']);
    stage.others = { ...stage.others, healthy: null };
    expect(stage.decide().reason).toBe('AtGoal');
    stage.others = { ...stage.others, healthy: new Set(stage.group.servers.map(({ id }) => id)) };
    stage.look();
    expect(statuses(stage)).toEqual(['Successful']);
  });

  test('fails at its deadline, and launches are held back then, for longer each time', () => {
    const stage = met(3, { healthCheckGracePeriod: 300, activityTimeout: 900 });
    stage.look(more);
    stage.pass(20);
    const [failed] = stage.look();
    expect(failed?.activities).toMatchObject([
      { statusCode: 'Failed', statusMessage: '3 of 5 were ready at the deadline' },
    ]);
    stage.windows = [stage.window('lunch', 2, 2)];
    expect(stage.look()[0]).toMatchObject({ to: 5, reason: 'LaunchesFailing' });
    stage.pass(1);
    stage.look();
    expect(stage.group.desired).toBe(7);
    stage.pass(20);
    stage.look();
    expect(stage.ledger?.launchHold).toMatchObject({ failures: 2, retryAt: stage.now + 2 * minute });
    stage.ledger = { ...stage.ledger!, launchHold: { ...stage.ledger!.launchHold!, failures: 20 } };
    stage.pass(2);
    stage.look(manual({ kind: 'adjust', adjustment: 1 }, 'r3'));
    stage.pass(20);
    stage.look();
    expect(stage.ledger?.launchHold).toMatchObject({ failures: 21, retryAt: stage.now + 60 * minute });
  });

  test('is not done by servers that are not in service yet, whichever way they wait', () => {
    const stage = met(1);
    stage.look(more);
    for (const state of ['pending', 'standby', 'unhealthy'] as const) {
      const servers = [server('i-a', 'ready'), server('i-b', 'ready'), server('i-c', state)];
      stage.group = { ...stage.group, servers };
      expect([state, stage.look().at(-1)?.reason, statuses(stage)]).toEqual([
        state,
        'AtGoal',
        ['InProgress'],
      ]);
    }
  });

  test('of scaling in is not done while a server drains or waits for its hook', () => {
    const stage = met(3);
    stage.look(fewer);
    stage.group = { ...stage.group, servers: [server('i-a', 'ready'), server('i-b', 'leaving')] };
    stage.look();
    expect(statuses(stage)).toEqual(['InProgress']);
  });

  test('that was never carried out starts no cooldown, and its alarm is answered anew', () => {
    const alarm = { metric: 'cpu', comparisonOperator: 'GreaterThanThreshold', threshold: 70, period: 300 };
    const once = { ...alarm, evaluationPeriods: 3, scalingAdjustment: 2, cooldown: 3600, repeat: false };
    const stage = met(3, { alarms: { 'cpu-high': once } });
    stage.alarm('cpu-high', 'ALARM');
    stage.ledger = stage.decide().ledger;
    stage.setDesired(4);
    stage.settle();
    expect(stage.group.desired).toBe(5);
    expect(statuses(stage)).toEqual(['Cancelled', 'Successful', 'Successful']);
  });

  test('that could never be carried out fails at its deadline, and no launch is blamed', () => {
    const stage = met(3);
    stage.ledger = stage.decide(more).ledger;
    stage.pass(60);
    expect(stage.decide().activities).toMatchObject([
      { statusCode: 'Failed', statusMessage: '5 could not be set' },
    ]);
    stage.ledger = stage.decide().ledger;
    expect(stage.ledger.launchHold).toBeUndefined();
  });

  test('says why launches fail as soon as the group knows', () => {
    const stage = met(3);
    stage.others = { instanceRefresh: null };
    stage.ledger = stage.decide(more).ledger;
    stage.setDesired(5);
    stage.ledger = stage.decide().ledger;
    expect(stage.decide().needs).toEqual(['launchFailure']);
    stage.fail({ at: stage.now + 1, kind: 'quota', message: 'VcpuLimitExceeded' });
    const noticed = stage.decide();
    expect(noticed).toMatchObject({
      reason: 'LaunchesFailing',
      message: 'business stays at 5: not all 5 have come yet: launches fail (quota): VcpuLimitExceeded',
      activities: [{ statusCode: 'InProgress', statusMessage: 'launches fail (quota): VcpuLimitExceeded' }],
    });
    stage.ledger = noticed.ledger;
    expect(stage.decide().reason).toBe('AtGoal');
    stage.fail({ at: stage.now + 2, kind: 'quota', message: 'VcpuLimitExceeded' });
    expect(stage.decide()).toMatchObject({ reason: 'LaunchesFailing', activities: [] });
    stage.arrive();
    stage.look();
    expect(stage.ledger?.launchHold).toBeUndefined();
  });

  test('of scaling in ends when the servers are gone, not when desired has fallen', () => {
    const stage = met(5);
    stage.look(fewer);
    expect(stage.group.desired).toBe(3);
    expect(stage.decide().reason).toBe('AtGoal');
    expect(stage.ledger?.open).toHaveLength(1);
    stage.arrive();
    stage.look();
    expect(statuses(stage)).toEqual(['Successful']);
  });

  test('of scaling in fails when servers never leave', () => {
    const stage = met(5);
    stage.look(fewer);
    stage.pass(60);
    stage.look();
    expect(statuses(stage)).toEqual(['Failed']);
    expect(stage.ledger?.launchHold).toBeUndefined();
  });

  test('is cancelled when the opposite supersedes it', () => {
    const stage = met(3);
    stage.look(more);
    stage.look(manual({ kind: 'set', desiredCapacity: 2 }, 'r2'));
    stage.arrive();
    stage.look();
    expect(statuses(stage)).toEqual(['Cancelled', 'Successful']);
  });

  test('counts units of capacity where servers have weights', () => {
    const stage = met(4);
    const heavy = [server('i-a', 'ready', 2), server('i-b', 'ready', 2)];
    stage.group = { ...stage.group, servers: heavy };
    stage.ledger = stage.decide(manual({ kind: 'set', desiredCapacity: 3 })).ledger;
    stage.group = { ...stage.group, desired: 3 };
    stage.look();
    // Four units are there, and neither server can go without falling below three: nothing leaves, and that is the end.
    expect(statuses(stage)).toEqual(['Successful']);
  });

  test('is refused when eight are still under way', () => {
    const stage = met(1);
    for (let at = 1; at <= 8; at++) stage.look(manual({ kind: 'adjust', adjustment: 1 }, `r${at}`));
    expect(stage.group.desired).toBe(9);
    expect(stage.look(manual({ kind: 'adjust', adjustment: 1 }, 'r9'))[0]).toMatchObject({
      to: 9,
      reason: 'TooManyOpenActivities',
    });
  });

  test('made outside is recorded and followed even when eight are still under way: the first of them is followed no further', () => {
    const stage = met(1);
    for (let at = 1; at <= 8; at++) stage.look(manual({ kind: 'adjust', adjustment: 1 }, `r${at}`));
    stage.setDesired(10);
    stage.look();
    expect(stage.ledger?.open).toHaveLength(8);
    expect([...stage.log.values()][0]).toMatchObject({
      to: 2,
      statusCode: 'Cancelled',
      statusMessage: 'not followed: 8 activities are under way',
    });
    expect([...stage.log.values()].at(-1)).toMatchObject({
      trigger: 'external',
      to: 10,
      statusCode: 'InProgress',
    });
    stage.arrive();
    stage.look();
    expect([...stage.log.values()].at(-1)).toMatchObject({ to: 10, statusCode: 'Successful' });
  });

  test('of scaling in makes room when only its servers take their time', () => {
    const stage = met(10);
    for (let at = 1; at <= 8; at++) stage.look(manual({ kind: 'adjust', adjustment: -1 }, `r${at}`));
    stage.look(manual({ kind: 'adjust', adjustment: 2 }, 'r9'));
    expect(stage.group.desired).toBe(4);
    expect(statuses(stage)[0]).toBe('Cancelled');
  });

  test('of scaling in waits for its own servers, and not for those of a later one', () => {
    const stage = met(5);
    stage.look(manual({ kind: 'adjust', adjustment: -1 }, 'r1'));
    stage.look(manual({ kind: 'adjust', adjustment: -1 }, 'r2'));
    const [first] = stage.group.servers.filter(({ lifecycle }) => lifecycle === 'leaving');
    stage.group = { ...stage.group, servers: stage.group.servers.filter((one) => one !== first) };
    stage.look();
    expect(statuses(stage)).toEqual(['Successful', 'InProgress']);
  });

  test('is refused when its process is suspended, and starts no cooldown', () => {
    const stage = met(3);
    stage.group = { ...stage.group, suspended: ['launching'] };
    expect(stage.look(more)[0]).toMatchObject({ to: 3, reason: 'ProcessSuspended' });
    expect(stage.look(fewer)[0]?.to).toBe(1);
  });
});

describe('a group that is only observed', () => {
  test('is told what each would do, though another would have changed it already', () => {
    const high = { metric: 'cpu', comparisonOperator: 'GreaterThanThreshold', threshold: 70 };
    const alarms = { 'cpu-high': { ...high, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 } };
    const stage = new Stage({ minSize: 2, maxSize: 10, mode: 'observe', alarms }, 4);
    stage.look();
    stage.windows = [stage.window('lunch', 2, 2)];
    stage.look();
    stage.pass(5);
    stage.alarm('cpu-high', 'ALARM');
    stage.look();
    const { ledger } = stage;
    stage.pass(5);
    expect(stage.decide().ledger).toBe(ledger);
    stage.alarm('cpu-high', 'OK');
    stage.look();
    const told = [...stage.log.values()].map(({ reason, by, statusMessage }) => [reason, by, statusMessage]);
    expect(told).toEqual([
      ['ObserveOnly', 'lunch', undefined],
      ['ObserveOnly', 'cpu-high', 'refused 6 times'],
    ]);
  });

  test('is told what would be done, once, and is not touched', () => {
    const stage = met(3, { mode: 'observe', initialCapacity: 5, instances: ['i-0123456789abcdef0'] });
    stage.windows = [stage.window('lunch', 2, 2)];
    const decisions = stage.look();
    expect(decisions.every(({ act }) => act === undefined)).toBe(true);
    expect(decisions[0]).toMatchObject({ to: 3, reason: 'ObserveOnly' });
    expect(stage.decide().ledger).toBe(stage.ledger);
  });
});
