import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../cli/dead-letters.ts';
import type { ExaminedLetter } from '../../../cli/examine-dead-letter.ts';
import { type Judge, redriveAll } from '../../../cli/redrive-all.ts';
import { handle as bump } from '../../../functions/bump.ts';
import { metStage } from '../functions/fleet.ts';

const stage = await metStage();
const { fleet } = stage.scaler;

const here = 'us-east-1:111122223333';

function letterFor(name: string, payload: unknown, more: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: 'm-1',
    requestId: 'r-1',
    functionArn: `arn:aws:lambda:${here}:function:${fleet.name}-${name}`,
    givenUpBy: 'lambda',
    ruleArn: undefined,
    senderId: undefined,
    payload,
    error: undefined,
    receiptHandle: 'h',
    ...more,
  };
}

/** Who says yes to everything, and what was shown and asked. */
function judgeWith(answer?: string) {
  const seen: ExaminedLetter[] = [];
  const asked: string[] = [];
  const judge: Judge = {
    look: async (letters) => void seen.push(...letters),
    whyNot: async ({ change }) => {
      asked.push(change!);
      return answer;
    },
  };
  return { seen, asked, judge };
}

/** A queue that hands the letters out once, and those again that were not removed, as if minutes had passed. */
function queueOf(...letters: DeadLetter[]) {
  const left = new Set(letters);
  const given = new Set<DeadLetter>();
  return {
    left,
    given,
    arn: `arn:aws:sqs:${here}:dead-letters`,
    take: async () => [...left],
    remove: async (letter: DeadLetter) => void left.delete(letter),
    giveBack: async (letter: DeadLetter) => void given.add(letter),
  };
}

describe('redriving dead letters', () => {
  it('does not do a second time what the failed attempts have done', async () => {
    const event = { group: 'business', adjustment: 1, reason: 'sale' };
    const invocation = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 60_000 };
    await bump(event, stage.scaler, invocation);
    const desired = stage.desired('business');
    const again = async (_fleet: unknown, _name: string, payload: object) =>
      bump(payload, stage.scaler, { ...invocation, awsRequestId: 'another' });
    const results = await redriveAll(fleet, queueOf(letterFor('bump', event)), judgeWith().judge, again);
    expect(results).toMatchObject([{ done: true }]);
    expect(stage.desired('business')).toBe(desired);
  });

  it("leaves a request's own id, and events of which no id is known", async () => {
    const payloads: object[] = [];
    const invoke = async (_fleet: unknown, _name: string, payload: object) => void payloads.push(payload);
    const own = letterFor('bump', { requestId: 'own' }, { id: 'm-2' });
    await redriveAll(
      fleet,
      queueOf(own, letterFor('on-schedule', { group: 'business' })),
      judgeWith().judge,
      invoke,
    );
    expect(payloads).toEqual([{ requestId: 'own' }, { group: 'business' }]);
  });

  it('removes what succeeds, says why it had failed, and tries the rest once though it comes back', async () => {
    let tries = 0;
    const invoke = async (_fleet: unknown, name: string) => {
      if (name !== 'sweep') return;
      tries++;
      throw new Error('still not allowed');
    };
    const queue = queueOf(
      letterFor('on-alarm', {}, { id: 'm-1', error: 'not allowed' }),
      letterFor('sweep', {}, { id: 'm-2' }),
      letterFor('', {}, { id: 'm-3', functionArn: undefined }),
    );
    expect(await redriveAll(fleet, queue, judgeWith().judge, invoke)).toEqual([
      { function: `${fleet.name}-on-alarm`, done: true, message: 'done; it had failed with: not allowed' },
      { function: `${fleet.name}-sweep`, done: false, message: 'still not allowed' },
      { function: 'an event', done: false, message: expect.stringContaining('for nobody') },
    ]);
    expect(tries).toBe(1);
    expect([...queue.left].map(({ id }) => id)).toEqual(['m-2', 'm-3']);
  });
});

describe('a letter that somebody has written', () => {
  const never = async () => expect.unreachable('nothing may be handed over');
  const bumpAsk = { group: 'business', adjustment: 9, reason: 'sale', owner: 'alice' };

  it('is shown first, with function, group, change, owner and reason, and is not obeyed without a yes', async () => {
    const { seen, asked, judge } = judgeWith('left as it is');
    const letters = [
      letterFor('bump', bumpAsk),
      letterFor('bump', { group: 'business', pause: 'out', reason: 'r' }, { id: 'm-2' }),
      letterFor('adopt', { group: 'business', instances: ['i-1', 'i-2'], reason: 'r' }, { id: 'm-3' }),
      letterFor(
        'release',
        {
          RequestType: 'Delete',
          ResourceProperties: { group: 'business', scalingGroup: 'g', instances: ['i-1'] },
        },
        { id: 'm-4' },
      ),
    ];
    const queue = queueOf(...letters);
    const results = await redriveAll(fleet, queue, judge, never);
    expect(seen[0]).toMatchObject({
      function: `${fleet.name}-bump`,
      group: 'business',
      change: 'change capacity by 9',
      owner: 'alice',
      reason: 'sale',
    });
    expect(asked).toEqual([
      'change capacity by 9',
      'pause "out"',
      'adopt i-1, i-2',
      'Delete: let go of i-1 in g',
    ]);
    expect(results.map(({ done, message }) => [done, message])).toEqual(
      letters.map(() => [false, 'left as it is']),
    );
    expect(queue.left.size).toBe(4);
  });

  it.each<[string, DeadLetter, RegExp]>([
    [
      'another account’s function',
      letterFor(
        'sweep',
        {},
        { functionArn: `arn:aws:lambda:us-east-1:999999999999:function:${fleet.name}-sweep` },
      ),
      /999999999999.*the fleet is in account 111122223333, us-east-1/,
    ],
    [
      'another region’s function',
      letterFor(
        'sweep',
        {},
        { functionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${fleet.name}-sweep` },
      ),
      /eu-west-1/,
    ],
    [
      'another account’s rule',
      letterFor(
        'on-alarm',
        {},
        { givenUpBy: 'caller', ruleArn: 'arn:aws:events:us-east-1:999999999999:rule/r' },
      ),
      /rule .*999999999999/,
    ],
    [
      'another account’s event',
      letterFor('on-alarm', { account: '999999999999', region: 'us-east-1', detail: {} }),
      /its event is of account 999999999999/,
    ],
    [
      'a bump that a rule is said to have asked for',
      letterFor('bump', bumpAsk, { givenUpBy: 'caller' }),
      /no rule/,
    ],
    [
      'a release by a schedule',
      letterFor('release', {}, { givenUpBy: 'caller' }),
      /no schedule invokes release/,
    ],
  ])('stays where it is when its own parts disagree: %s', async (_, letter, why) => {
    const { judge, asked } = judgeWith();
    const queue = queueOf(letter);
    const [result] = await redriveAll(fleet, queue, judge, never);
    expect(result).toMatchObject({ done: false, message: expect.stringMatching(why) });
    expect(asked).toEqual([]);
    expect(queue.left.size).toBe(1);
    expect(queue.given).toEqual(queue.left);
  });

  it('is handed over though it comes from another region, where the fleet has a service there', async () => {
    const event = { account: '111122223333', region: 'eu-west-1', detail: {} };
    const told = async (of: typeof fleet) => {
      const { seen, judge } = judgeWith();
      await redriveAll(of, queueOf(letterFor('on-instance-event', event)), judge, async () => {});
      return seen[0]!.refusal;
    };
    const ecs = { region: 'eu-west-1', cluster: 'shop', service: 'web' };
    const { business } = fleet.groups;
    expect(await told(fleet)).toContain('its event is of account 111122223333, eu-west-1');
    expect(await told({ ...fleet, groups: { ...fleet.groups, web: { ...business!, ecs } } })).toBeUndefined();
  });

  it('stays where it is, as all others do, when whoever has seen them says no', async () => {
    const queue = queueOf(letterFor('sweep', {}));
    const judge = { ...judgeWith().judge, look: () => Promise.reject(new Error('Left as it is.')) };
    await expect(redriveAll(fleet, queue, judge, never)).rejects.toThrow('Left as it is.');
    expect(queue.left.size).toBe(1);
    expect(queue.given).toEqual(queue.left);
  });
});
