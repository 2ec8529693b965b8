import { describe, expect, it } from 'vitest';
import { lossesWithinMs, lostLately } from '../../../shared/domain/lost-servers.ts';
import type { LossCause, LostServer } from '../../../shared/domain/observation.ts';
import { inEnglish } from '../../kit/in-english.ts';
import { LoneGroup, manual, minute } from '../../kit/lone-group.ts';

const served = { minSize: 2, maxSize: 10 };
const said =
  'At 12:00Z an instance was taken out of service in response to an ELB system health check failure.';

function lose(lone: LoneGroup, count: number, cause: LossCause = 'unhealthy'): readonly LostServer[] {
  const gone = lone.group.servers.slice(0, count);
  const coming = gone.map(({ id }) => ({ ...gone[0]!, id: `${id}-next`, lifecycle: 'pending' as const }));
  lone.group = { ...lone.group, servers: [...lone.group.servers.slice(count), ...coming] };
  return gone.map(({ id }) => ({ server: id, at: lone.now, cause, message: said }));
}

function bereft(count: number, cause?: LossCause): LoneGroup {
  const lone = new LoneGroup(served, 6);
  lone.look();
  lone.others = { ...lone.others, lost: lose(lone, count, cause) };
  return lone;
}

function rows(lone: LoneGroup) {
  return [...lone.log.values()].filter(({ reason }) => /^Servers(Lost|Replaced)/.test(reason));
}

describe('a server that its group has lost', () => {
  it('is a row of the history, with the cause in our words and in the provider’s', () => {
    const lone = bereft(1);
    const [gone] = lone.others.lost!;
    lone.look();
    expect(rows(lone)).toMatchObject([
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
    const lone = bereft(1);
    lone.look();
    const { ledger } = lone;
    lone.pass(1);
    lone.look();
    expect(rows(lone)).toHaveLength(1);
    expect(lone.ledger).toBe(ledger);
  });

  it('is in the same row when it is written again, and in another one with a server that was lost since', () => {
    const lone = bereft(2);
    const both = lone.others.lost!;
    const idWith = (lost: readonly LostServer[]) => {
      lone.others = { ...lone.others, lost };
      return lone.decide().forgets[0]!.activityId;
    };
    const first = idWith(both.slice(0, 1));
    expect(idWith(both.slice(0, 1))).toBe(first);
    expect(idWith(both)).not.toBe(first);
    expect(idWith(both)).toBe(idWith(both));
  });

  it('keeps the group from being where it should be until as many serve as are desired, which is a row, too', () => {
    const lone = bereft(2);
    lone.look();
    expect(lone.decide()).toMatchObject({
      reason: 'ServersLost',
      message: 'business: 2 servers are missing; the group replaces what it has lost',
    });
    lone.pass(3);
    lone.arrive();
    lone.look();
    expect(rows(lone).at(-1)).toMatchObject({
      reason: 'ServersReplaced',
      message: 'business: whole again: 6 in service',
    });
    expect(lone.decide().message).toBe('business stays at 6: it is where it should be');
  });

  it('is told of by name, time and cause for an hour', () => {
    const lone = bereft(1, 'interrupted');
    lone.look();
    const words = () => {
      const lost = lostLately(lone.ledger!, lone.now);
      return lost && inEnglish(lost, lone.now);
    };
    const who = /^…\S+ \(04:00, interrupted by the cloud, as Spot servers are\); /;
    expect(words()).toMatch(who);
    expect(words()).toMatch(/not all are replaced yet$/);
    lone.arrive();
    lone.look();
    expect(words()).toMatch(who);
    expect(words()).toMatch(/; replaced$/);
    lone.pass(61);
    expect(words()).toBeUndefined();
  });
});

describe('a server that the provider wants back', () => {
  const warned = (lone: LoneGroup, server: string) => {
    const detail = 'EC2 Spot Instance Interruption Warning';
    lone.look({ kind: 'instance', detail, at: lone.now, wantedBack: server });
  };

  it('is remembered, once, and in the history when it is gone, with that cause', () => {
    const lone = new LoneGroup(served, 6);
    lone.look();
    const [first] = lone.group.servers;
    warned(lone, first!.id);
    const { ledger } = lone;
    warned(lone, first!.id);
    expect([rows(lone), lone.ledger]).toEqual([[], ledger]);
    lone.pass(2);
    lone.others = { ...lone.others, lost: lose(lone, 2, 'terminated') };
    lone.look();
    expect(rows(lone).map(({ message }) => message)).toEqual([
      `business: lost ${first!.id}: interrupted by the cloud, as Spot servers are`,
      expect.stringMatching(/stopped or terminated from outside$/),
    ]);
  });

  it('was taken out by a person where its group says so', () => {
    const lone = new LoneGroup(served, 6);
    lone.look();
    warned(lone, lone.group.servers[0]!.id);
    lone.others = { ...lone.others, lost: lose(lone, 1, 'byHand') };
    lone.look();
    expect(rows(lone)[0]!.message).toMatch(/taken out by somebody/);
  });

  it('is forgotten after two hours if it stays', () => {
    const lone = new LoneGroup(served, 6);
    lone.look();
    warned(lone, lone.group.servers[0]!.id);
    expect(lone.ledger!.lost!.wantedBack).toHaveLength(1);
    lone.pass((2 * lossesWithinMs) / minute + 1);
    lone.look(manual({ kind: 'adjust', adjustment: 1 }));
    expect(lone.ledger!.lost).toBeUndefined();
  });
});

describe('several at once', () => {
  it('are one row for each cause, which names a few of them', () => {
    const lone = new LoneGroup({ minSize: 2, maxSize: 20 }, 9);
    lone.look();
    const lost = [...lose(lone, 7)];
    const [first] = lost;
    lone.others = { ...lone.others, lost: [{ ...first!, cause: 'terminated' }, ...lost.slice(1)] };
    lone.look();
    const [one, others] = rows(lone);
    expect(one!.message).toBe(`business: lost ${first!.server}: stopped or terminated from outside`);
    expect(others!.message).toMatch(/^business: lost (\S+, ){4}\S+ and 1 more: failed a health check$/);
  });

  it('are news for people from the third within an hour on, and once an hour', () => {
    const lone = bereft(2);
    lone.look();
    expect(rows(lone).filter(({ statusCode }) => statusCode === 'Failed')).toEqual([]);
    lone.pass(10);
    lone.arrive();
    const before = lone.others.lost!;
    lone.others = { ...lone.others, lost: [...before, ...lose(lone, 2)] };
    lone.look();
    const news = () => rows(lone).filter(({ statusCode }) => statusCode === 'Failed');
    expect(news()).toMatchObject([
      { message: 'business: lost 4 servers within an hour: rushhour history business says why' },
    ]);
    lone.pass(10);
    lone.arrive();
    lone.others = { ...lone.others, lost: [...lone.others.lost!, ...lose(lone, 1)] };
    lone.look();
    expect(news()).toHaveLength(1);
  });
});

describe('what the servers show', () => {
  it('is asked about only where something else than our own changes moves them', () => {
    const quiet = new LoneGroup(served, 6);
    quiet.look();
    quiet.others = { ...quiet.others, lost: undefined };
    expect(quiet.decide().needs).toEqual([]);
    lose(quiet, 1);
    expect(quiet.decide().needs).toEqual(['lost']);
  });

  it('changes no capacity later than before: what alarms ask for comes first', () => {
    const rule = { metric: 'cpu', comparisonOperator: 'GreaterThanThreshold', threshold: 70, period: 60 };
    const alarms = { busy: { ...rule, evaluationPeriods: 1, scalingAdjustment: 2 } };
    const lone = new LoneGroup({ ...served, alarms }, 6);
    lone.look();
    lose(lone, 1);
    lone.others = { ...lone.others, lost: undefined };
    lone.alarm('busy', 'ALARM');
    expect(lone.decide()).toMatchObject({ reason: 'AlarmScaleOut', needs: [] });
  });

  it('forgets what is two hours past', () => {
    const lone = bereft(1);
    lone.look();
    lone.arrive();
    lone.look();
    lone.pass((2 * lossesWithinMs) / minute + 1);
    lone.look(manual({ kind: 'adjust', adjustment: 1 }));
    expect(lone.ledger!.lost).toBeUndefined();
  });
});
