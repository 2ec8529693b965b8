import * as z from 'zod/mini';
import type { AlarmValue, Instant } from '../domain/observation.ts';
import { reasonDatapoint } from '../domain/reason-datapoint.ts';
import { InvalidEvent } from './invalid-event.ts';
import { parseEvent } from './parse-event.ts';
import { instant, words } from './scalars.ts';

/** An alarm that changed its state, out of whichever envelope. */
export interface AlarmChange {
  /** The alarm's name in AWS. */
  readonly alarm: string;
  readonly value: AlarmValue;
  readonly since: Instant;
  /** The newest of the datapoints that turned it; undefined: the envelope does not say. */
  readonly datapoint?: number | undefined;
  /** What it was before; undefined: the envelope does not say. */
  readonly before?: AlarmValue | undefined;
}

const alarmName = words('the name of an alarm', 255);
const value = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA'], {
  error: 'expected OK, ALARM or INSUFFICIENT_DATA',
});
const inside = { error: 'expected an object' };
const reasonData = z.optional(z.string({ error: 'expected text' }));
const state = z.object(
  { value, timestamp: instant, reasonData },
  { error: 'expected the state of an alarm' },
);
const previousState = z.optional(z.object({ value }, inside));
const told = z.object({ alarmName, state, previousState }, inside);

/** What CloudWatch invokes a Lambda action with. */
const lambdaAction = z.object({ alarmData: told });
/** EventBridge's "CloudWatch Alarm State Change". */
const eventBridgeEvent = z.object({ detail: told });
/** SNS delivers one message per invocation. */
const snsEvent = z.object({
  Records: z
    .array(z.object({ Sns: z.object({ Message: z.string(inside) }, inside) }), inside)
    .check(z.length(1, { error: 'expected one message' })),
});
const snsMessage = z.object(
  { AlarmName: alarmName, NewStateValue: value, OldStateValue: z.optional(value), StateChangeTime: instant },
  inside,
);

/**
 * Reads any of the three envelopes in which an alarm can reach a function.
 * @throws InvalidEvent when it is none of them
 */
export function alarmChange(event: unknown): AlarmChange {
  const envelope = typeof event === 'object' && event !== null ? event : {};
  if ('alarmData' in envelope) return fromState(parseEvent(lambdaAction, event).alarmData);
  if ('detail' in envelope) return fromState(parseEvent(eventBridgeEvent, event).detail);
  if ('Records' in envelope) return fromSns(parseEvent(snsEvent, event).Records[0]!.Sns.Message);
  throw new InvalidEvent(['(event): expected an alarm as Lambda action, SNS message or EventBridge event']);
}

function fromState({ alarmName: alarm, state, previousState }: z.infer<typeof told>): AlarmChange {
  const datapoint = reasonDatapoint(state.reasonData);
  const told = datapoint === undefined ? {} : { datapoint };
  return { alarm, value: state.value, since: state.timestamp, before: previousState?.value, ...told };
}

function fromSns(text: string): AlarmChange {
  const message = parseEvent(snsMessage, parseJson(text));
  const { AlarmName: alarm, NewStateValue: value, OldStateValue: before, StateChangeTime: since } = message;
  return { alarm, value, since, before };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidEvent(['Records.0.Sns.Message: expected JSON']);
  }
}
