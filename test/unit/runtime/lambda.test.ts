import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handle as bump } from '../../../functions/bump.ts';
import { handle as history } from '../../../functions/history.ts';
import { handle as onAlarm } from '../../../functions/on-alarm.ts';
import { handle as sweep } from '../../../functions/sweep.ts';
import { lambda } from '../../../shared/runtime/lambda.ts';
import { metStage } from '../functions/fleet.ts';

const context = {
  awsRequestId: '0c3e8a6e-3b56-4b0e-a9f7-6f0a6b1c2d3e',
  functionName: 'lunch-bump',
  functionVersion: '1',
  memoryLimitInMB: '512',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:lunch-bump',
  getRemainingTimeInMillis: () => 60_000,
} as Context;

let written: string[];

beforeEach(() => {
  written = [];
  const keep = (chunk: unknown) => {
    written.push(String(chunk));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});

afterEach(() => {
  vi.restoreAllMocks();
});

// biome-ignore lint/suspicious/noExplicitAny: log lines and metric lines have their own forms.
function lines(): any[] {
  return written
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

function metric(name: string): number[] {
  return lines().flatMap((line) => (line._aws && name in line ? [line[name]].flat() : []));
}

describe('a deployed function', () => {
  it('returns what its handler returns', async () => {
    const stage = await metStage();
    const answer = await lambda(bump, () => stage.scaler)(
      { group: 'business', adjustment: 1, reason: 'x' },
      context,
    );
    expect(answer).toMatchObject({ group: 'business', desiredCapacity: 3 });
  });

  it('counts activities and the reasons of decisions for the dashboard', async () => {
    const stage = await metStage();
    await lambda(bump, () => stage.scaler)({ group: 'business', adjustment: 1, reason: 'x' }, context);
    expect(metric('Activities')).toEqual([2]);
    const reasons = lines().flatMap((line) =>
      line.Decisions === undefined ? [] : [[line.reason, line.Decisions]],
    );
    expect(reasons).toContainEqual(['ManualChange', 1]);
  });

  it('measures a sweep', async () => {
    const stage = await metStage();
    await lambda(sweep, () => stage.scaler)({}, context);
    expect(metric('Groups')).toEqual([1]);
    expect(metric('SweepDuration')).toHaveLength(1);
  });

  it('writes no line when there is nothing to tell', async () => {
    const stage = await metStage();
    await lambda(history, () => stage.scaler)({ group: 'business' }, context);
    expect(written).toEqual([]);
  });

  it('throws what it could not do, counts it and says why', async () => {
    const stage = await metStage();
    const failed = lambda(bump, () => stage.scaler)(
      { group: 'nowhere', adjustment: 1, reason: 'x' },
      context,
    );
    await expect(failed).rejects.toThrow('the fleet has no group nowhere');
    expect(metric('Errors')).toEqual([1]);
    const complaint = lines().find(({ level }) => level === 'ERROR');
    expect(complaint).toMatchObject({
      message: expect.stringContaining('the fleet has no group nowhere'),
      function_request_id: context.awsRequestId,
    });
  });

  it('keeps payloads and secrets out of its logs', async () => {
    const stage = await metStage();
    const secret = 'AKIAIOSFODNN7EXAMPLE';
    const events = [
      { group: 'business', adjustment: 1, reason: 'fine', password: secret },
      { alarmData: { alarmName: 'lunch-business-cpu-high', state: { value: secret } } },
      { Records: [{ Sns: { Message: `{"token": "${secret}"}` } }] },
      secret,
    ];
    for (const event of events) {
      await expect(lambda(bump, () => stage.scaler)(event, context)).rejects.toThrow();
      await expect(lambda(onAlarm, () => stage.scaler)(event, context)).rejects.toThrow();
    }
    expect(written.join('')).not.toContain(secret);
    expect(lines().filter(({ level }) => level === 'ERROR')).toHaveLength(8);
  });

  it('carries the id of the event through its log lines', async () => {
    const stage = await metStage();
    const event = { id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92', detail: {} };
    await expect(lambda(onAlarm, () => stage.scaler)(event, context)).rejects.toThrow('expected');
    expect(lines().find(({ level }) => level === 'ERROR')).toMatchObject({ correlation_id: event.id });
  });
});
