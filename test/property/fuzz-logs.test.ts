import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handle as adopt } from '../../functions/adopt.ts';
import { handle as bump } from '../../functions/bump.ts';
import { handle as history } from '../../functions/history.ts';
import { handle as onAlarm } from '../../functions/on-alarm.ts';
import { handle as onInstanceEvent } from '../../functions/on-instance-event.ts';
import { handle as onSchedule } from '../../functions/on-schedule.ts';
import { handle as sweep } from '../../functions/sweep.ts';
import { lambda } from '../../shared/runtime/lambda.ts';
import { metStage } from '../unit/functions/fleet.ts';

const secret = 'hunter2-Zm9vYmFy';
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 } as Context;
const functions = { adopt, bump, history, onAlarm, onInstanceEvent, onSchedule, sweep };
/** An event may be a megabyte; what is logged of one that is refused fits a screen. */
const loggedAtMost = 8_000;

let written: string[];

beforeEach(() => {
  written = [];
  const keep = (chunk: unknown) => {
    written.push(String(chunk));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => void keep(args.join(' ')));
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret);
  vi.stubEnv('AWS_SESSION_TOKEN', secret);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Events with a secret wherever a value may be. */
const leaky = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(secret),
    fc.constant(`${secret} `.repeat(2_000)),
    tie('record'),
  ),
  record: fc.dictionary(
    fc.constantFrom('group', 'reason', 'window', 'at', 'detail', 'alarmData', 'Records', 'password', 'time'),
    tie('value'),
    { minKeys: 1 },
  ),
})).record;

describe.each(Object.entries(functions))('%s', (_name, handle) => {
  it('logs neither secrets nor whole payloads of what it refuses', async () => {
    const stage = await metStage();
    const run = lambda(handle as typeof bump, () => stage.scaler);
    await fc.assert(
      fc.asyncProperty(leaky, async (event) => {
        written = [];
        await run(event, context).catch(() => {});
        const log = written.join('');
        expect(log).not.toContain(secret);
        expect(log.length).toBeLessThan(loggedAtMost);
      }),
      { numRuns: 100 },
    );
  });
});

it('logs no request of a function that works', async () => {
  const stage = await metStage();
  const event = { group: 'business', adjustment: 1, reason: 'sale', requestId: 'r-1' };
  await lambda(bump, () => stage.scaler)(event, context);
  const log = written.join('');
  expect(log).toContain('ManualChange');
  expect(log).not.toContain('r-1');
  expect(log).not.toContain(secret);
});
