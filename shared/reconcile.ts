import type { Act, Decision } from './domain/decision.ts';
import type { Ledger } from './domain/ledger.ts';
import type { Instant, Observation, ScalingGroup } from './domain/observation.ts';
import type { Trigger } from './domain/trigger.ts';
import { groupNamed, type House, type HouseGroup } from './house.ts';
import { inform } from './inform.ts';
import { look, observationOf } from './observe.ts';
import { PortError } from './ports/port-error.ts';
import type { ScalingGroups } from './ports/scaling-groups.ts';
import { record } from './record.ts';

/** Each open activity may move and end, each layer change once: more steps than that are a circle. */
const maxSteps = 32;
/** Writers who lose read again; somebody wins each time, so many losses in a row mean that something is wrong. */
const maxLosses = 6;
/** An alarm event that is younger is believed; `DescribeAlarms` may be called 9 times a second only. */
const freshMs = 60_000;

/** What is known when a step begins. */
export interface View {
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

/** It went on without end: too many writes lost, or too many steps. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}

/**
 * The one path of every function: observe → decide → commit → act → settle, until a step changes nothing.
 *
 * Safe to be cut off between any two calls and to be called again: the intent is committed before the cloud is touched,
 * and the next call finishes what it finds.
 * @throws UnknownGroup, Unsettled, PortError; whatever was committed by then stays, and is finished later
 */
export async function reconcile(house: House, groupName: string, trigger: Trigger): Promise<Outcome> {
  const group = groupNamed(house, groupName);
  return settle(house, group, trigger, await see(house, group, trigger));
}

/** Looks at one group and reads its ledger. */
async function see(house: House, group: HouseGroup, trigger: Trigger): Promise<View> {
  const now = house.ports.clock.now();
  const [seen, ledgers] = await Promise.all([
    look(house, [group], now, !isFreshAlarm(trigger, now)),
    house.ports.ledger.read([group.name]),
  ]);
  return { observation: observationOf(seen, group, now), ledger: ledgers.get(group.name) };
}

function isFreshAlarm(trigger: Trigger, now: Instant): boolean {
  return trigger.kind === 'alarm' && now - trigger.state.since < freshMs;
}

/** Does this step leave everything as it is? */
export function isQuiet(decision: Decision, { ledger }: View): boolean {
  if (decision.act || decision.needs.length > 0 || decision.activities.length > 0) return false;
  return !mustWrite(decision, ledger);
}

function mustWrite(decision: Decision, ledger: Ledger | undefined): boolean {
  return decision.ledger !== ledger && decision.ledger.version > 0;
}

/** Takes step after step from what was seen. @throws as `reconcile` */
export async function settle(
  house: House,
  group: HouseGroup,
  trigger: Trigger,
  seen: View,
): Promise<Outcome> {
  const decisions: Decision[] = [];
  const problems: unknown[] = [];
  const acts = new ActsOnce();
  let view = seen;
  let asked = trigger;
  let losses = 0;
  for (let step = 0; step < maxSteps; step++) {
    const informed = await inform(house, group, view, asked, problems);
    const { decision } = informed;
    view = { ...view, observation: informed.observation };
    const quiet = isQuiet(decision, view);
    if (quiet || acts.isRepeated(decision.act)) {
      decisions.push(decision);
      return finish(group, view, decisions, problems);
    }
    if ((await commit(house, group, decision, view.ledger)) === 'lost') {
      if (++losses > maxLosses)
        throw new Unsettled(`${group.name}: ${losses} writes of its ledger were lost`);
      view = await see(house, group, asked);
      continue;
    }
    decisions.push(decision);
    view = await carryOut(house, group, decision, view, acts);
    asked = isAnswered(asked, decision.ledger) ? { kind: 'sweep' } : asked;
  }
  throw new Unsettled(
    `${group.name}: still not settled after ${maxSteps} steps: ${decisions.at(-1)?.message}`,
  );
}

function finish(
  { name, scalingGroup }: HouseGroup,
  { observation }: View,
  decisions: readonly Decision[],
  problems: readonly unknown[],
): Outcome {
  if (!observation.group)
    throw new PortError('NotFound', `${name}: there is no scaling group ${scalingGroup}`);
  if (problems.length > 0) throw problems[0];
  return { group: name, decisions, scalingGroup: observation.group };
}

/** Nobody remembers an activity that the ledger has forgotten, so its row must be in the log first. */
async function commit(
  { ports }: House,
  group: HouseGroup,
  decision: Decision,
  ledger: Ledger | undefined,
): Promise<'written' | 'lost'> {
  for (const activity of decision.forgets) await ports.activities.put(activity);
  if (!mustWrite(decision, ledger)) return 'written';
  return ports.ledger.write(group.name, decision.ledger, ledger?.version ?? 0);
}

/** Acts, writes down, and looks at what came of it. An act that fails leaves its activity pending, and is thrown. */
async function carryOut(
  house: House,
  group: HouseGroup,
  decision: Decision,
  { observation, ledger: before }: View,
  acts: ActsOnce,
): Promise<View> {
  const ledger = mustWrite(decision, before) ? decision.ledger : before;
  const { act } = decision;
  if (!act) {
    await record(house, group, decision.activities);
    return { observation, ledger };
  }
  try {
    await acts.perform(house.ports.groups, group.scalingGroup, act);
  } finally {
    await record(house, group, decision.activities);
  }
  const described = await house.ports.groups.describe([group.scalingGroup]);
  const seen = { ...observation, group: described.get(group.scalingGroup), healthy: undefined };
  return { observation: seen, ledger };
}

/** Within one look nothing is done twice: what a read does not show yet, the next look will. */
class ActsOnce {
  readonly #done = new Set<string>();
  #refusal: PortError | undefined;

  /** @throws the refusal, when the very act that was refused is asked for again */
  isRepeated(act: Act | undefined): boolean {
    const repeated = act !== undefined && this.#done.has(JSON.stringify(act));
    if (repeated && this.#refusal) throw this.#refusal;
    return repeated;
  }

  /** Somebody may have moved the bounds between the look and the act: that is looked at again. @throws PortError */
  async perform(groups: ScalingGroups, name: string, act: Act): Promise<void> {
    this.#done.add(JSON.stringify(act));
    try {
      await perform(groups, name, act);
    } catch (error) {
      if (!(error instanceof PortError) || error.code !== 'OutOfBounds') throw error;
      this.#refusal = error;
    }
  }
}

async function perform(groups: ScalingGroups, name: string, act: Act): Promise<void> {
  switch (act.kind) {
    case 'setDesired':
      return groups.setDesiredCapacity(name, act.desired);
    case 'attach':
      await groups.attach(name, act.serverIds);
      return groups.protect(name, act.serverIds, true);
    case 'detach':
      await groups.protect(name, act.serverIds, false);
      return groups.detach(name, act.serverIds);
    case 'protect':
      return groups.protect(name, act.serverIds, true);
  }
}

/** Once a person's request is in the ledger, asking again would only be a duplicate. */
function isAnswered(trigger: Trigger, { seen }: Ledger): boolean {
  return trigger.kind === 'manual' && seen.some(([requestId]) => requestId === trigger.requestId);
}
