import type { Decision } from '../domain/decision.ts';
import { fleetFileAsks } from '../domain/fleet-file-asks.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Instant, Observation, ScalingGroup } from '../domain/observation.ts';
import type { Trigger } from '../domain/trigger.ts';
import { PortError } from '../ports/port-error.ts';
import { minuteMs } from '../units.ts';
import { batchOf } from './batch.ts';
import { decideWithLookups } from './decide-with-lookups.ts';
import { warnOfNativeScaling } from './native-scaling.ts';
import { look, observationOf } from './observe.ts';
import { type CarriedOut, Run } from './run.ts';
import { groupNamed, type Scaler, type ScalerGroup } from './scaler.ts';
import { Unsettled } from './unsettled.ts';

/** Each open activity may move and end, each layer change once: more steps than that are a circle. */
const maxSteps = 48;
/** Who loses reads again; somebody wins each time, so that many losses mean that somebody has died at it. */
const maxLosses = 12;
/** News of an alarm that is younger is believed: in a storm of them, `DescribeAlarms` may be called 9 times a second only. */
const freshMs = minuteMs;

/** What is known when a step begins. */
export interface View {
  /** When the look at the group was begun. */
  readonly seenAt: Instant;
  readonly observation: Observation;
  readonly ledger: Ledger | undefined;
}

/** What became of one look at one group. */
export interface Outcome {
  readonly group: string;
  /** Every step, the last of which changed nothing. */
  readonly decisions: readonly Decision[];
  /** The scaling group as it was seen last. */
  readonly scalingGroup: ScalingGroup;
}

/** The same of a group that may not be there. */
export type Settlement = Omit<Outcome, 'scalingGroup'> &
  Pick<View, 'seenAt'> & { readonly scalingGroup: ScalingGroup | undefined };

/**
 * The one path of every function: observe → decide → commit → act → settle, until a step changes nothing.
 *
 * Safe to be cut off between any two calls and to be called again: the intent is committed before the cloud is touched,
 * and the next call finishes what it finds.
 * @throws UnknownGroup, Unsettled, PortError; whatever was committed by then stays, and is finished later
 */
export async function reconcile(scaler: Scaler, groupName: string, trigger: Trigger): Promise<Outcome> {
  const group = groupNamed(scaler, groupName);
  const seen = await see(scaler, group, trigger);
  const { decisions, scalingGroup } = await settle(scaler, group, trigger, seen);
  if (scalingGroup) return { group: groupName, decisions, scalingGroup };
  throw new PortError('NotFound', `${groupName}: there is no scaling group ${group.scalingGroup}`);
}

/**
 * Reads a group's ledger, and only then looks at it. Who acts has written before, so a look that is older than the
 * ledger would take our own change for somebody else's, while a ledger that is older than the look loses its next write.
 */
export async function see(scaler: Scaler, group: ScalerGroup, trigger: Trigger): Promise<View> {
  const ledgers = await scaler.ports.ledger.read([group.name]);
  const now = scaler.ports.clock.now();
  const seen = await look(scaler, batchOf([group]), now, { withAlarms: needsAlarms(trigger, now) });
  const ledger = ledgers.get(group.name);
  return { seenAt: now, observation: observationOf(seen, group, now, ledger), ledger };
}

/**
 * Windows that open and servers that come are news of no alarm: sixty groups at once would wait for seconds for the few calls that
 * there are. A decision that needs alarms asks for them, and what else is red has its own event, and the sweep.
 */
function needsAlarms(trigger: Trigger, now: Instant): boolean {
  if (trigger.kind === 'schedule' || trigger.kind === 'instance') return false;
  return trigger.kind !== 'alarm' || trigger.state.value !== 'ALARM' || now - trigger.state.since >= freshMs;
}

/** Does this step leave everything as it is? */
export function isQuiet({ act, needs, activities, ledger: decided }: Decision, { ledger }: View): boolean {
  if (act || needs.length > 0 || activities.length > 0) return false;
  return decided === ledger || decided.version === 0;
}

/** Takes step after step from what was seen. A group that is not there is no failure. @throws as `reconcile` */
export async function settle(
  scaler: Scaler,
  group: ScalerGroup,
  trigger: Trigger,
  seen: View,
): Promise<Settlement> {
  const decisions: Decision[] = [];
  const problems: unknown[] = [];
  const run = new Run(scaler, group);
  let view = seen;
  let asked = trigger;
  let losses = 0;
  for (let step = 0; step < maxSteps; step++) {
    const { decision, observation, unread } = await decideWithLookups(scaler, group, view, asked);
    problems.push(...unread);
    view = { ...view, observation };
    const begun = run.isBegunByAnother(decision, view.ledger);
    const repeated = run.isRepeated(decision);
    // What a person asks for waits for what this very run has finished: success would say that it was answered.
    if (repeated && asked.kind === 'manual')
      throw new Unsettled(`${group.name}: the change to ${decision.to} was made, and is not seen yet`);
    if (isQuiet(decision, view) || repeated || (begun && asked.kind === 'sweep')) {
      return finish(group, view, [...decisions, decision], problems);
    }
    const committed = begun ? beganElsewhere : await run.commit(decision, view.ledger);
    problems.push(...committed.untold);
    if (committed.kind === 'lost') {
      if (++losses > maxLosses)
        throw new Unsettled(`${group.name}: others were faster ${losses} times, or one has died at it`);
      view = await see(scaler, group, asked);
      continue;
    }
    decisions.push(decision);
    const happened = await run.carryOut(decision, committed.ledger, observation.group);
    if (happened.kind === 'refused' && !isAskedByFile(decision)) problems.push(happened.error);
    if (decision.reason === 'FirstContact') await warnOfNativeScaling(scaler, group);
    if (answers(decision, view.ledger, asked)) asked = { kind: 'sweep' };
    const seenAt = happened.kind === 'nothingToDo' ? view.seenAt : happened.seenAt;
    view = { seenAt, ledger: committed.ledger, observation: seenAfter(observation, happened) };
  }
  throw new Unsettled(`${group.name}: not settled after ${maxSteps} steps: ${decisions.at(-1)?.reason}`);
}

const beganElsewhere = { kind: 'lost', untold: [] } as const;

/** What the fleet file asks for and cannot get is reported once, as news: no sweep fails by it. */
function isAskedByFile({ activities }: Decision): boolean {
  return activities.some(({ by }) => by === fleetFileAsks);
}

/** What is known once a step was carried out. */
function seenAfter(before: Observation, happened: CarriedOut): Observation {
  const observation = { ...before, refused: undefined, carriedOut: undefined };
  switch (happened.kind) {
    case 'nothingToDo':
      return { ...before, refused: undefined };
    case 'done':
      return { ...observation, group: happened.group, set: happened.set, carriedOut: true };
    case 'moved':
      return { ...observation, group: happened.group };
    case 'refused':
      return { ...observation, group: happened.group, refused: happened.error.message };
  }
}

function finish(
  { name }: ScalerGroup,
  { observation, seenAt }: View,
  decisions: readonly Decision[],
  problems: readonly unknown[],
): Settlement {
  if (problems.length > 0) throw problems[0];
  return { group: name, decisions, seenAt, scalingGroup: observation.group };
}

/**
 * Has this step put a person's request into the ledger? Asking again would only be a duplicate. One that was there before
 * is a duplicate, and its answer is still to come.
 */
export function answers({ ledger }: Decision, before: Ledger | undefined, trigger: Trigger): boolean {
  if (trigger.kind !== 'manual') return false;
  const isIn = ({ seen }: Ledger) => seen.some(([requestId]) => requestId === trigger.requestId);
  return isIn(ledger) && !(before && isIn(before));
}
