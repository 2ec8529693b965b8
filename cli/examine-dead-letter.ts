import { awsRegionOf } from '../shared/fleet/aws-region-of.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { functionName, functionNames } from '../shared/fleet/names.ts';
import type { DeadLetter } from './dead-letters.ts';

/** A letter as it is shown to a person before anything is done with it. */
export interface ExaminedLetter {
  readonly letter: DeadLetter;
  /** Which of the fleet's functions it is for; undefined if it is for none, or not what it says. */
  readonly own: string | undefined;
  /** In AWS, or what stands there instead. */
  readonly function: string;
  readonly group: string | undefined;
  /** What it asks for; undefined: it only says when to look. */
  readonly change: string | undefined;
  readonly owner: string | undefined;
  readonly reason: string | undefined;
  /** Why it cannot be handed over; undefined: it can. */
  readonly refusal: string | undefined;
}

/** Functions that do what their event says; all others only learn from it when to look. */
const obedient: ReadonlySet<string> = new Set(['bump', 'adopt', 'release']);

/**
 * Reads what a letter asks for, and whether its own parts agree about where it comes from: a queue takes what anybody
 * writes who may send to it.
 * @param queueArn of the queue it lay in: functions and rules of the fleet are in its account and region
 */
export function examineDeadLetter(fleet: Fleet, queueArn: string, letter: DeadLetter): ExaminedLetter {
  const arn = letter.functionArn;
  const name = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(arn ?? '')?.[1];
  const own = functionNames.find((each) => functionName(fleet, each) === name);
  const payload = Object(letter.payload) as Record<string, unknown>;
  const properties = Object(payload['ResourceProperties']) as Record<string, unknown>;
  const refusal = own === undefined ? noFunction(name) : disagreement(fleet, queueArn, own, letter);
  return {
    letter,
    own: refusal === undefined ? own : undefined,
    function: name ?? 'an event',
    group: text(payload['group']) ?? text(properties['group']),
    change: own !== undefined && obedient.has(own) ? changeOf(own, payload, properties) : undefined,
    owner: text(payload['owner']),
    reason: text(payload['reason']),
    refusal,
  };
}

function noFunction(name: string | undefined): string {
  return `for ${name ?? 'nobody'}, which is no function of this fleet: look at it in the console of SQS`;
}

function disagreement(fleet: Fleet, queueArn: string, own: string, letter: DeadLetter): string | undefined {
  const [, partition, , region, account] = queueArn.split(':');
  const isHere = (arn: string, service: string) =>
    arn.startsWith(`arn:${partition}:${service}:${region}:${account}:`);
  if (!isHere(letter.functionArn!, 'lambda'))
    return `it names ${letter.functionArn}, and the fleet is in account ${account}, ${region}`;
  if (letter.ruleArn !== undefined && !isHere(letter.ruleArn, 'events'))
    return `it names the rule ${letter.ruleArn}, and the fleet is in account ${account}, ${region}`;
  if (letter.givenUpBy === 'caller' && obedient.has(own))
    return `no rule and no schedule invokes ${own}: somebody has written this letter`;
  const { account: from = account, region: at = region } = Object(letter.payload);
  if (from !== account || (at !== region && !isSentOn(fleet, own, at)))
    return `its event is of account ${from}, ${at}, and the fleet is in account ${account}, ${region}`;
  return undefined;
}

/** Events of tasks in another region may come from there: somebody has a rule that sends them on. */
function isSentOn({ groups }: Fleet, own: string, region: unknown): boolean {
  return own === 'on-instance-event' && Object.values(groups).some((group) => awsRegionOf(group) === region);
}

function changeOf(
  own: string,
  payload: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, unknown>>,
): string {
  if (own === 'adopt') return `adopt ${list(payload['instances'])}`;
  if (own === 'release')
    return `${text(payload['RequestType']) ?? 'release'}: let go of ${list(properties['instances'])} in ${text(properties['scalingGroup'])}`;
  const { adjustment, desiredCapacity, pause, resume, for: forSeconds } = payload;
  const asks = [
    adjustment === undefined ? [] : `change capacity by ${JSON.stringify(adjustment)}`,
    desiredCapacity === undefined ? [] : `set capacity to ${JSON.stringify(desiredCapacity)}`,
    pause === undefined ? [] : `pause ${JSON.stringify(pause)}`,
    resume === undefined ? [] : 'resume',
    forSeconds === undefined ? [] : `for ${JSON.stringify(forSeconds)} seconds`,
  ].flat();
  return asks.join(', ') || 'nothing that bump knows';
}

function list(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(', ') || 'no server' : 'no server';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
