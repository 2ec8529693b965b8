import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handle as adopt } from '../../functions/adopt.ts';
import { handle as bump } from '../../functions/bump.ts';
import { handle as history } from '../../functions/history.ts';
import { handle as onAlarm } from '../../functions/on-alarm.ts';
import { handle as onInstanceEvent } from '../../functions/on-instance-event.ts';
import { handle as onSchedule } from '../../functions/on-schedule.ts';
import { handle as release } from '../../functions/release.ts';
import { UnknownGroup } from '../../shared/engine/scaler.ts';
import { InvalidEvent } from '../../shared/runtime/invalid-event.ts';
import type { Handle } from '../../shared/runtime/lambda.ts';
import { invocation } from '../kit/stage.ts';
import { metStage } from '../unit/functions/fleet.ts';

/** Nobody reads more of an error than this, and logs and queues cost by the byte. */
const longestMessage = 2_000;
const numRuns = 400;

const state = { value: 'ALARM', timestamp: '2026-03-04T01:59:50.000+0000', reason: 'Threshold Crossed' };
const snsMessage = {
  AlarmName: 'lunch-business-cpu-high',
  NewStateValue: 'ALARM',
  StateChangeTime: '2026-03-04T01:59:50.000+0000',
};

/** Events as AWS and people really send them, shortened where nothing reads them. */
const realEvents: Record<string, readonly [Handle<object>, readonly object[]]> = {
  'on-schedule': [
    onSchedule,
    [{ group: 'business', window: 'lunch', edge: 'start', at: '2026-03-04T03:00:00Z' }],
  ],
  'on-alarm': [
    onAlarm,
    [
      { source: 'aws.cloudwatch', alarmData: { alarmName: 'lunch-business-cpu-high', state } },
      { source: 'aws.cloudwatch', detail: { alarmName: 'lunch-business-cpu-high', state } },
      { Records: [{ EventSource: 'aws:sns', Sns: { MessageId: 'm', Message: JSON.stringify(snsMessage) } }] },
    ],
  ],
  'on-instance-event': [
    onInstanceEvent,
    [
      {
        'detail-type': 'EC2 Instance Launch Successful',
        source: 'aws.autoscaling',
        time: '2026-03-04T01:59:50Z',
        detail: { AutoScalingGroupName: 'my-group', EC2InstanceId: 'i-0123456789abcdef0' },
      },
    ],
  ],
  bump: [
    bump,
    [
      { group: 'business', adjustment: 2, for: '2h', reason: 'flash sale', owner: 'alice', requestId: 'r-1' },
      { group: 'business', desiredCapacity: 4, reason: 'test' },
      { group: 'business', pause: 'both', for: 3600, reason: 'release' },
    ],
  ],
  adopt: [adopt, [{ group: 'business', instances: ['i-0123456789abcdef0'], reason: 'it was here before' }]],
  history: [history, [{ group: 'business', last: '2h', limit: 20 }]],
};

const hugeText = 'x'.repeat(200_000);
const nasty = fc.constantFrom<unknown>(
  undefined,
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  -0,
  0.1,
  1e308,
  2 ** 53,
  '',
  hugeText,
  '__proto__',
  'constructor',
  '0000-00-00T00:00:00Z',
  '2026-02-30T12:00:00Z',
  '+275760-09-13T00:00:01Z',
  '2026-03-04T25:61:61Z',
  [],
  Array(10_000).fill('x'),
  {},
  JSON.parse('{"__proto__": {"polluted": true}}'),
  { toString: 'x' },
  Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`key${index}`, index])),
);
const anything = fc.oneof(nasty, fc.jsonValue(), fc.anything());

type Path = readonly (string | number)[];

function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

function withValue(event: unknown, path: Path, value: unknown): unknown {
  if (path.length === 0) return value;
  const [key, ...rest] = path;
  const copy = (Array.isArray(event) ? [...event] : { ...(event as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key!] = withValue(copy[key!], rest, value);
  return copy;
}

/** A real event of which something is replaced, or to which something is added; or anything at all. */
function mutated(events: readonly object[]): fc.Arbitrary<unknown> {
  const one = fc.constantFrom(...events);
  const replaced = one.chain((event) =>
    fc
      .tuple(fc.constantFrom(...places(event)), anything)
      .map(([path, value]) => withValue(event, path, value)),
  );
  const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', hugeText));
  const extended = fc.tuple(one, key, anything).map(([event, name, value]) => {
    return { ...event, ...JSON.parse(JSON.stringify({ [name]: value ?? null })) };
  });
  return fc.oneof(replaced, replaced, extended, anything);
}

describe.each(Object.entries(realEvents))('%s', (_name, [handle, events]) => {
  it('takes its real events', async () => {
    for (const event of events) {
      const stage = await metStage();
      await expect(handle(event, stage.scaler, invocation)).resolves.toBeDefined();
    }
  });

  it('refuses whatever else comes with a clear and bounded error, and leaves capacity alone', async () => {
    const stage = await metStage();
    const property = fc.asyncProperty(mutated(events), async (event) => {
      const before = stage.desired('business');
      const error = await handle(event, stage.scaler, invocation).then(
        () => undefined,
        (problem: unknown) => problem as Error,
      );
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      const desired = stage.desired('business');
      expect(desired).toBeGreaterThanOrEqual(2);
      expect(desired).toBeLessThanOrEqual(10);
      if (!error) return;
      expect(String(error.stack)).not.toMatch(/TypeError|RangeError/);
      expect(error.message.length).toBeLessThan(longestMessage);
      if (error instanceof InvalidEvent || error instanceof UnknownGroup) expect(desired).toBe(before);
    });
    await fc.assert(property, { numRuns });
  });
});

describe('release', () => {
  it('refuses what CloudFormation does not send', async () => {
    const stage = await metStage();
    await fc.assert(
      fc.asyncProperty(anything, async (event) => {
        await expect(release(event, stage.scaler, invocation)).rejects.toBeInstanceOf(InvalidEvent);
      }),
      { numRuns },
    );
  });
});
