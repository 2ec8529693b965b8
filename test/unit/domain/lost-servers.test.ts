import { describe, expect, it } from 'vitest';
import { lossesWithinMs, lostLately } from '../../../shared/domain/lost-servers.ts';
import type { LossCause, LostServer } from '../../../shared/domain/observation.ts';
import { inEnglish } from '../../kit/in-english.ts';
import { manual, minute, Stage } from './stage.ts';

const served = { minSize: 2, maxSize: 10 };
const said =
  'At 12:00Z an instance was taken out of service in response to an ELB system health check failure.';

function lose(stage: Stage, count: number, cause: LossCause = 'unhealthy'): readonly LostServer[] {
  const gone = stage.group.servers.slice(0, count);
  const coming = gone.map(({ id }) => ({ ...gone[0]!, id: `${id}-next`, lifecycle: 'pending' as const }));
  stage.group = { ...stage.group, servers: [...stage.group.servers.slice(count), ...coming] };
  return gone.map(({ id }) => ({ server: id, at: stage.now, cause, message: said }));
}

function bereft(count: number, cause?: LossCause): Stage {
  const stage = new Stage(served, 6);
  stage.look();
  stage.others = { ...stage.others, lost: lose(stage, count, cause) };
  return stage;
}

function rows(stage: Stage) {
  return [...stage.log.values()].filter(({ reason }) => /^Servers(Lost|Replaced)/.test(reason));
}

describe('a server that its group has lost', () => {
  it('is a row of the history, with the cause in our words and in the provider’s', () => {
    const stage = bereft(1);
    const [gone] = stage.others.lost!;
    stage.look();
    expect(rows(stage)).toMatchObject([
      {
        reason: 'ServersLost',
        message: `business: lost ${gone!.server}: failed a health check`,
        statusMessage: said,
        statusCode: 'Successful',
        startedAt: gone!.at,
        from: 6,
        to: 6,
      },
    ]);
  });

  it('is noted once, however often it is seen', () => {
    const stage = bereft(1);
    stage.look();
    const { ledger } = stage;
    stage.pass(1);
    stage.look();
    expect(rows(stage)).toHaveLength(1);
    expect(stage.ledger).toBe(ledger);
  });

  it('keeps the group from being where it should be until as many serve as are desired, which is a row, too', () => {
    const stage = bereft(2);
    stage.look();
    expect(stage.decide()).toMatchObject({
      reason: 'ServersLost',
      message: 'business: 2 servers are missing; the group replaces what it has lost',
    });
    stage.pass(3);
    stage.arrive();
    stage.look();
    expect(rows(stage).at(-1)).toMatchObject({
      reason: 'ServersReplaced',
      message: 'business: whole again: 6 in service',
    });
    expect(stage.decide().message).toBe('business stays at 6: it is where it should be');
  });

  it('is told of by name, time and cause for an hour', () => {
    const stage = bereft(1, 'interrupted');
    stage.look();
    const words = () => {
      const lost = lostLately(stage.ledger!, stage.now);
      return lost && inEnglish(lost, stage.now);
    };
    const who = /^…\S+ \(04:00, interrupted by the cloud, as Spot servers are\); /;
    expect(words()).toMatch(who);
    expect(words()).toMatch(/not all are replaced yet$/);
    stage.arrive();
    stage.look();
    expect(words()).toMatch(who);
    expect(words()).toMatch(/; replaced$/);
    stage.pass(61);
    expect(words()).toBeUndefined();
  });
});

describe('several at once', () => {
  it('are one row for each cause, which names a few of them', () => {
    const stage = new Stage({ minSize: 2, maxSize: 20 }, 9);
    stage.look();
    const lost = [...lose(stage, 7)];
    const [first] = lost;
    stage.others = { ...stage.others, lost: [{ ...first!, cause: 'terminated' }, ...lost.slice(1)] };
    stage.look();
    const [one, others] = rows(stage);
    expect(one!.message).toBe(`business: lost ${first!.server}: stopped or terminated from outside`);
    expect(others!.message).toMatch(/^business: lost (\S+, ){4}\S+ and 1 more: failed a health check$/);
  });

  it('are news for people from the third within an hour on, and once an hour', () => {
    const stage = bereft(2);
    stage.look();
    expect(rows(stage).filter(({ statusCode }) => statusCode === 'Failed')).toEqual([]);
    stage.pass(10);
    stage.arrive();
    const before = stage.others.lost!;
    stage.others = { ...stage.others, lost: [...before, ...lose(stage, 2)] };
    stage.look();
    const news = () => rows(stage).filter(({ statusCode }) => statusCode === 'Failed');
    expect(news()).toMatchObject([
      { message: 'business: lost 4 servers within an hour: rushhour history business says why' },
    ]);
    stage.pass(10);
    stage.arrive();
    stage.others = { ...stage.others, lost: [...stage.others.lost!, ...lose(stage, 1)] };
    stage.look();
    expect(news()).toHaveLength(1);
  });
});

describe('what the servers show', () => {
  it('is asked about only where something else than our own changes moves them', () => {
    const quiet = new Stage(served, 6);
    quiet.look();
    quiet.others = { ...quiet.others, lost: undefined };
    expect(quiet.decide().needs).toEqual([]);
    lose(quiet, 1);
    expect(quiet.decide().needs).toEqual(['lost']);
  });

  it('changes no capacity later than before: what alarms ask for comes first', () => {
    const rule = { metric: 'cpu', comparisonOperator: 'GreaterThanThreshold', threshold: 70, period: 60 };
    const alarms = { busy: { ...rule, evaluationPeriods: 1, scalingAdjustment: 2 } };
    const stage = new Stage({ ...served, alarms }, 6);
    stage.look();
    lose(stage, 1);
    stage.others = { ...stage.others, lost: undefined };
    stage.alarm('busy', 'ALARM');
    expect(stage.decide()).toMatchObject({ reason: 'AlarmScaleOut', needs: [] });
  });

  it('forgets what is two hours past', () => {
    const stage = bereft(1);
    stage.look();
    stage.arrive();
    stage.look();
    stage.pass((2 * lossesWithinMs) / minute + 1);
    stage.look(manual({ kind: 'adjust', adjustment: 1 }));
    expect(stage.ledger!.lost).toBeUndefined();
  });
});
