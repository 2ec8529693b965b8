import { describe, expect, test } from 'vitest';
import type { Activity } from '../../../shared/domain/activity.ts';
import { LoneGroup, manual, minute, server } from '../../kit/lone-group.ts';

function met(desired: number, group: object = {}): LoneGroup {
  const lone = new LoneGroup({ minSize: 1, maxSize: 10, ...group }, desired);
  lone.look();
  return lone;
}

const more = manual({ kind: 'adjust', adjustment: 2 });
const fewer = manual({ kind: 'adjust', adjustment: -2 });

function statuses(lone: LoneGroup): string[] {
  return [...lone.log.values()].map(({ statusCode }) => statusCode);
}

describe('an activity', () => {
  test('is intended before the cloud is touched, under way once desired is set, and ends when servers are there', () => {
    const lone = met(3);
    const seen: Activity['statusCode'][] = [];
    for (const { activities } of lone.look(more))
      seen.push(...activities.map(({ statusCode }) => statusCode));
    expect(seen).toEqual(['PreInService', 'InProgress']);
    expect(lone.decide().reason).toBe('AtGoal');
    lone.arrive();
    const [ended, forgotten] = lone.look();
    expect(ended?.activities).toMatchObject([{ statusCode: 'Successful', endedAt: lone.now }]);
    expect(forgotten).toMatchObject({ forgets: [{ statusCode: 'Successful' }], activities: [] });
    expect(lone.ledger?.open).toEqual([]);
  });

  test('is tried again when nobody has carried it out', () => {
    const lone = met(3);
    lone.ledger = lone.decide(more).ledger;
    lone.pass(1);
    const again = lone.decide();
    expect(again).toMatchObject({
      to: 5,
      reason: 'ActivityRetried',
      act: { kind: 'setDesired', desired: 5 },
    });
    expect(again.ledger).toBe(lone.ledger);
  });

  test('is found done when the look that did it ended before it could say so', () => {
    const lone = met(3);
    lone.ledger = lone.decide(more).ledger;
    lone.setDesired(5);
    lone.pass(1);
    expect(lone.look().map(({ reason }) => reason)).toEqual(['ActivityMoved', 'AtGoal']);
  });

  test('is cancelled when somebody set another capacity before it could act, and that one is kept', () => {
    const lone = met(3);
    lone.ledger = lone.decide(more).ledger;
    lone.setDesired(4);
    lone.settle();
    expect(lone.group.desired).toBe(4);
    expect(statuses(lone)).toEqual(['Cancelled', 'Successful']);
  });

  test('is cancelled when the group is paused before it could act; what was asked for follows the pause', () => {
    const lone = met(3);
    const { ledger } = lone.decide(more);
    const pause = { direction: 'both', since: lone.now, owner: 'bob', reason: 'release' } as const;
    lone.ledger = { ...ledger, pause };
    lone.settle();
    expect(lone.group.desired).toBe(3);
    expect(statuses(lone)[0]).toBe('Cancelled');
    expect(lone.decide().reason).toBe('GroupPaused');
    lone.settle(manual({ kind: 'resume' }, 'r2'));
    expect(lone.group.desired).toBe(5);
  });

  test('is not successful before its servers are healthy at the load balancer', () => {
    const lone = met(3);
    lone.group = { ...lone.group, trafficSources: ['arn'] };
    lone.others = { ...lone.others, healthy: new Set() };
    lone.look(more);
    lone.arrive();
    expect(lone.look().map(({ reason }) => reason)).toEqual(['AtGoal']);
    lone.others = { ...lone.others, healthy: undefined };
    expect(lone.decide().needs).toEqual(['healthy']);
    lone.others = { ...lone.others, healthy: null };
    expect(lone.decide().reason).toBe('AtGoal');
    lone.others = { ...lone.others, healthy: new Set(lone.group.servers.map(({ id }) => id)) };
    lone.look();
    expect(statuses(lone)).toEqual(['Successful']);
  });

  test('fails at its deadline, and launches are held back then, for longer each time', () => {
    const lone = met(3, { healthCheckGracePeriod: 300, activityTimeout: 900 });
    lone.look(more);
    lone.pass(20);
    const [failed] = lone.look();
    expect(failed?.activities).toMatchObject([
      { statusCode: 'Failed', statusMessage: '3 of 5 were ready at the deadline' },
    ]);
    lone.windows = [lone.window('lunch', 2, 2)];
    expect(lone.look()[0]).toMatchObject({ to: 5, reason: 'LaunchesFailing' });
    lone.pass(1);
    lone.look();
    expect(lone.group.desired).toBe(7);
    lone.pass(20);
    lone.look();
    expect(lone.ledger?.launchHold).toMatchObject({ failures: 2, retryAt: lone.now + 2 * minute });
    lone.ledger = { ...lone.ledger!, launchHold: { ...lone.ledger!.launchHold!, failures: 20 } };
    lone.pass(2);
    lone.look(manual({ kind: 'adjust', adjustment: 1 }, 'r3'));
    lone.pass(20);
    lone.look();
    expect(lone.ledger?.launchHold).toMatchObject({ failures: 21, retryAt: lone.now + 60 * minute });
  });

  test('is not done by servers that are not in service yet, whichever way they wait', () => {
    const lone = met(1);
    lone.look(more);
    for (const state of ['pending', 'standby', 'unhealthy'] as const) {
      const servers = [server('i-a', 'ready'), server('i-b', 'ready'), server('i-c', state)];
      lone.group = { ...lone.group, servers };
      expect([state, lone.look().at(-1)?.reason, statuses(lone)]).toEqual([state, 'AtGoal', ['InProgress']]);
    }
  });

  test('of scaling in is not done while a server drains or waits for its hook', () => {
    const lone = met(3);
    lone.look(fewer);
    lone.group = { ...lone.group, servers: [server('i-a', 'ready'), server('i-b', 'leaving')] };
    lone.look();
    expect(statuses(lone)).toEqual(['InProgress']);
  });

  test('that was never carried out starts no cooldown, and its alarm is answered anew', () => {
    const alarm = { metric: 'cpu', comparisonOperator: 'GreaterThanThreshold', threshold: 70, period: 300 };
    const once = { ...alarm, evaluationPeriods: 3, scalingAdjustment: 2, cooldown: 3600, repeat: false };
    const lone = met(3, { alarms: { 'cpu-high': once } });
    lone.alarm('cpu-high', 'ALARM');
    lone.ledger = lone.decide().ledger;
    lone.setDesired(4);
    lone.settle();
    expect(lone.group.desired).toBe(5);
    expect(statuses(lone)).toEqual(['Cancelled', 'Successful', 'Successful']);
  });

  test('that could never be carried out fails at its deadline, and no launch is blamed', () => {
    const lone = met(3);
    lone.ledger = lone.decide(more).ledger;
    lone.pass(60);
    expect(lone.decide().activities).toMatchObject([
      { statusCode: 'Failed', statusMessage: '5 could not be set' },
    ]);
    lone.ledger = lone.decide().ledger;
    expect(lone.ledger.launchHold).toBeUndefined();
  });

  test('says why launches fail as soon as the group knows', () => {
    const lone = met(3);
    lone.others = { instanceRefresh: null };
    lone.ledger = lone.decide(more).ledger;
    lone.setDesired(5);
    lone.ledger = lone.decide().ledger;
    expect(lone.decide().needs).toEqual(['launchFailure']);
    lone.fail({ at: lone.now + 1, kind: 'quota', message: 'VcpuLimitExceeded' });
    const noticed = lone.decide();
    expect(noticed).toMatchObject({
      reason: 'LaunchesFailing',
      message: 'business stays at 5: not all 5 have come yet: launches fail (quota): VcpuLimitExceeded',
      activities: [{ statusCode: 'InProgress', statusMessage: 'launches fail (quota): VcpuLimitExceeded' }],
    });
    lone.ledger = noticed.ledger;
    expect(lone.decide().reason).toBe('AtGoal');
    lone.fail({ at: lone.now + 2, kind: 'quota', message: 'VcpuLimitExceeded' });
    expect(lone.decide()).toMatchObject({ reason: 'LaunchesFailing', activities: [] });
    lone.arrive();
    lone.look();
    expect(lone.ledger?.launchHold).toBeUndefined();
  });

  test('of scaling in ends when the servers are gone, not when desired has fallen', () => {
    const lone = met(5);
    lone.look(fewer);
    expect(lone.group.desired).toBe(3);
    expect(lone.decide().reason).toBe('AtGoal');
    expect(lone.ledger?.open).toHaveLength(1);
    lone.arrive();
    lone.look();
    expect(statuses(lone)).toEqual(['Successful']);
  });

  test('of scaling in fails when servers never leave', () => {
    const lone = met(5);
    lone.look(fewer);
    lone.pass(60);
    lone.look();
    expect(statuses(lone)).toEqual(['Failed']);
    expect(lone.ledger?.launchHold).toBeUndefined();
  });

  test('is cancelled when the opposite supersedes it', () => {
    const lone = met(3);
    lone.look(more);
    lone.look(manual({ kind: 'set', desiredCapacity: 2 }, 'r2'));
    lone.arrive();
    lone.look();
    expect(statuses(lone)).toEqual(['Cancelled', 'Successful']);
  });

  test('counts units of capacity where servers have weights', () => {
    const lone = met(4);
    const heavy = [server('i-a', 'ready', 2), server('i-b', 'ready', 2)];
    lone.group = { ...lone.group, servers: heavy };
    lone.ledger = lone.decide(manual({ kind: 'set', desiredCapacity: 3 })).ledger;
    lone.group = { ...lone.group, desired: 3 };
    lone.look();
    // Four units are there, and neither server can go without falling below three: nothing leaves, and that is the end.
    expect(statuses(lone)).toEqual(['Successful']);
  });

  test('is refused when eight are still under way', () => {
    const lone = met(1);
    for (let at = 1; at <= 8; at++) lone.look(manual({ kind: 'adjust', adjustment: 1 }, `r${at}`));
    expect(lone.group.desired).toBe(9);
    expect(lone.look(manual({ kind: 'adjust', adjustment: 1 }, 'r9'))[0]).toMatchObject({
      to: 9,
      reason: 'TooManyOpenActivities',
    });
  });

  test('made outside is recorded and followed even when eight are still under way: the first of them is followed no further', () => {
    const lone = met(1);
    for (let at = 1; at <= 8; at++) lone.look(manual({ kind: 'adjust', adjustment: 1 }, `r${at}`));
    lone.setDesired(10);
    lone.look();
    expect(lone.ledger?.open).toHaveLength(8);
    expect([...lone.log.values()][0]).toMatchObject({
      to: 2,
      statusCode: 'Cancelled',
      statusMessage: 'not followed: 8 activities are under way',
    });
    expect([...lone.log.values()].at(-1)).toMatchObject({
      trigger: 'external',
      to: 10,
      statusCode: 'InProgress',
    });
    lone.arrive();
    lone.look();
    expect([...lone.log.values()].at(-1)).toMatchObject({ to: 10, statusCode: 'Successful' });
  });

  test('of scaling in makes room when only its servers take their time', () => {
    const lone = met(10);
    for (let at = 1; at <= 8; at++) lone.look(manual({ kind: 'adjust', adjustment: -1 }, `r${at}`));
    lone.look(manual({ kind: 'adjust', adjustment: 2 }, 'r9'));
    expect(lone.group.desired).toBe(4);
    expect(statuses(lone)[0]).toBe('Cancelled');
  });

  test('of scaling in waits for its own servers, and not for those of a later one', () => {
    const lone = met(5);
    lone.look(manual({ kind: 'adjust', adjustment: -1 }, 'r1'));
    lone.look(manual({ kind: 'adjust', adjustment: -1 }, 'r2'));
    const [first] = lone.group.servers.filter(({ lifecycle }) => lifecycle === 'leaving');
    lone.group = { ...lone.group, servers: lone.group.servers.filter((one) => one !== first) };
    lone.look();
    expect(statuses(lone)).toEqual(['Successful', 'InProgress']);
  });

  test('is refused when its process is suspended, and starts no cooldown', () => {
    const lone = met(3);
    lone.group = { ...lone.group, suspended: ['launching'] };
    expect(lone.look(more)[0]).toMatchObject({ to: 3, reason: 'ProcessSuspended' });
    expect(lone.look(fewer)[0]?.to).toBe(1);
  });
});

describe('a group that is only observed', () => {
  test('is told what each would do, though another would have changed it already', () => {
    const high = { metric: 'cpu', comparisonOperator: 'GreaterThanThreshold', threshold: 70 };
    const alarms = { 'cpu-high': { ...high, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 } };
    const lone = new LoneGroup({ minSize: 2, maxSize: 10, mode: 'observe', alarms }, 4);
    lone.look();
    lone.windows = [lone.window('lunch', 2, 2)];
    lone.look();
    lone.pass(5);
    lone.alarm('cpu-high', 'ALARM');
    lone.look();
    const { ledger } = lone;
    lone.pass(5);
    expect(lone.decide().ledger).toBe(ledger);
    lone.alarm('cpu-high', 'OK');
    lone.look();
    const told = [...lone.log.values()].map(({ reason, by, statusMessage }) => [reason, by, statusMessage]);
    expect(told).toEqual([
      ['ObserveOnly', 'lunch', undefined],
      ['ObserveOnly', 'cpu-high', 'refused 6 times'],
    ]);
  });

  test('is told what would be done, once, and is not touched', () => {
    const lone = met(3, { mode: 'observe', initialCapacity: 5, instances: ['i-0123456789abcdef0'] });
    lone.windows = [lone.window('lunch', 2, 2)];
    const decisions = lone.look();
    expect(decisions.every(({ act }) => act === undefined)).toBe(true);
    expect(decisions[0]).toMatchObject({ to: 3, reason: 'ObserveOnly' });
    expect(lone.decide().ledger).toBe(lone.ledger);
  });
});
