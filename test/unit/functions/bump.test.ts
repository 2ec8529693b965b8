import { describe, expect, it } from 'vitest';
import { handle } from '../../../functions/bump.ts';
import { wasDone } from '../../../shared/engine/answer.ts';
import { invocation } from '../../kit/stage.ts';
import { metStage } from './fleet.ts';

const asked = { group: 'business', reason: 'a sale', owner: 'ada' };

describe('bump', () => {
  it('adds servers', async () => {
    const stage = await metStage();
    const answer = await handle({ ...asked, adjustment: 3 }, stage.scaler, invocation);
    expect(answer).toMatchObject({ desiredCapacity: 5, decisions: [{ reason: 'ManualChange' }, {}] });
    expect(answer.decisions[0]!.message).toContain('ada (a sale)');
  });

  it('logs who says to have asked, with the id by which CloudTrail knows who it was', async () => {
    const stage = await metStage();
    const lines: object[] = [];
    const log = {
      info: (message: string, details: object) => lines.push({ message, ...details }),
      warn() {},
    };
    await handle({ ...asked, adjustment: 1, requestId: 'mine' }, { ...stage.scaler, log }, invocation);
    expect(lines[0]).toEqual({
      message: 'asked by hand',
      group: 'business',
      request: 'adjust',
      claimedOwner: 'ada',
      requestId: 'mine',
      invocation: invocation.awsRequestId,
    });
  });

  it('sets a capacity', async () => {
    const stage = await metStage();
    await handle({ ...asked, desiredCapacity: 7 }, stage.scaler, invocation);
    expect(stage.desired('business')).toBe(7);
  });

  it('gives back by itself what was asked for a time', async () => {
    const stage = await metStage();
    await handle({ ...asked, adjustment: 1, for: '30m' }, stage.scaler, invocation);
    await stage.playUntil('2026-03-04T02:29:00Z');
    expect(stage.desired('business')).toBe(3);
    await stage.playUntil('2026-03-04T02:35:00Z');
    expect(stage.desired('business')).toBe(2);
  });

  it('pauses, so that nothing is touched, and resumes', async () => {
    const stage = await metStage();
    await handle({ ...asked, pause: true }, stage.scaler, { ...invocation, awsRequestId: 'pause' });
    await stage.playUntil('2026-03-04T03:10:00Z');
    expect(stage.desired('business')).toBe(2);
    await handle({ ...asked, resume: true }, stage.scaler, { ...invocation, awsRequestId: 'resume' });
    expect(stage.desired('business')).toBe(4);
  });

  it('is harmless when Lambda retries it', async () => {
    const stage = await metStage();
    for (let tries = 0; tries < 3; tries++) {
      await handle({ ...asked, adjustment: 1 }, stage.scaler, invocation);
    }
    expect(stage.desired('business')).toBe(3);
  });

  it('says that a repeated request was carried out, also when there is more to tell just then', async () => {
    const stage = await metStage();
    const once = { ...asked, adjustment: 1, requestId: 'once' };
    await handle(once, stage.scaler, invocation);
    stage.ports.clock.advance(100);
    const again = await handle(once, stage.scaler, invocation);
    expect(again.decisions[0]!.reason).toBe('ActivityEnded');
    expect(again.decisions.at(-1)!.reason).toBe('DuplicateRequest');
    expect(wasDone(again)).toBe(true);
    expect(stage.desired('business')).toBe(3);
  });

  it('tells apart requests that only look alike', async () => {
    const stage = await metStage();
    for (const requestId of ['first', 'second']) {
      await handle({ ...asked, adjustment: 1, requestId }, stage.scaler, invocation);
    }
    expect(stage.desired('business')).toBe(4);
  });

  it.each([
    [{ ...asked }, 'expected exactly one of adjustment, desiredCapacity, pause and resume'],
    [{ ...asked, adjustment: 1, desiredCapacity: 5 }, 'expected exactly one of'],
    [{ ...asked, adjustment: 0 }, 'adjustment: expected a change other than 0'],
    [{ ...asked, adjustment: 1.5 }, 'adjustment: expected a whole number'],
    [{ ...asked, adjustment: Number.NaN }, 'adjustment: expected a whole number'],
    [{ ...asked, adjustment: 1e300 }, 'adjustment: expected a'],
    [{ ...asked, adjustment: '1' }, 'adjustment: expected a whole number'],
    [{ ...asked, desiredCapacity: -1 }, 'desiredCapacity: expected 0 or more servers'],
    [{ ...asked, adjustment: 1, for: 'a while' }, 'for: expected a duration'],
    [{ ...asked, adjustment: 1, for: '10000d' }, 'for: expected a duration'],
    [{ ...asked, desiredCapacity: 5, for: '2h' }, 'for: expected none'],
    [{ ...asked, pause: 'sideways' }, 'pause: expected true, both, out or in'],
    [{ group: 'business', adjustment: 1 }, 'reason: expected a reason'],
    [{ ...asked, adjustment: 1, reason: 'x'.repeat(10_000) }, 'reason: expected a reason, at most 200'],
    [{ ...asked, adjustment: 1, reason: '  ' }, 'reason: expected a reason, at most 200'],
    [{ ...asked, adjustment: 1, reason: 'a \u001b[2Jsale' }, 'reason: expected a reason without control'],
    [{ ...asked, adjustment: 1, reason: 'a sale \u202efdp' }, 'reason: expected a reason without control'],
    [{ ...asked, adjustment: 1, reason: 'a\u200bsale' }, 'reason: expected a reason without control'],
    [{ ...asked, adjustment: 1, owner: 'ada \ud800' }, 'owner: expected a name without control'],
    [{ ...asked, adjustment: 1, owner: 'a\u2060da' }, 'owner: expected a name without control'],
    [{ ...asked, adjustment: 1, owner: 'ada\u2066' }, 'owner: expected a name without control'],
    [{ ...asked, adjustment: 1, requestId: '../../etc' }, 'requestId: expected a request id'],
    [JSON.parse('{"__proto__": {"adjustment": 1}, "group": "business", "reason": "x"}'), 'expected'],
    ['business +1', 'expected object'],
  ])('refuses %j, says why, and changes nothing', async (event, complaint) => {
    const stage = await metStage();
    await expect(handle(event, stage.scaler, invocation)).rejects.toThrow(complaint);
    expect(stage.desired('business')).toBe(2);
  });

  it('names all that is wrong at once', async () => {
    const stage = await metStage();
    const refused = handle({ group: 7, adjustment: 'x', extra: 1 }, stage.scaler, invocation);
    await expect(refused).rejects.toMatchObject({
      name: 'InvalidEvent',
      problems: [
        'group: expected the name of a group',
        'adjustment: expected a whole number of servers',
        'reason: expected a reason, at most 200 characters',
        '(event): expected no extra',
      ],
    });
  });
});
