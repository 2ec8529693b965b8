import type { Activity } from './domain/activity.ts';
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
/** News of an alarm that is younger is believed: in a storm of them, `DescribeAlarms` may be called 9 times a second only. */
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
  return trigger.kind === 'alarm' && trigger.state.value === 'ALARM' && now - trigger.state.since < freshMs;
}

/** Does this step leave everything as it is? */
export function isQuiet(decision: Decision, { ledger }: View): boolean {
  return decision.needs.length === 0 && decision.activities.length === 0 && !nextLedger(decision, ledger);
}

/**
 * What must be written before a step is carried out; undefined: nothing. Whoever acts writes, even if only a new version:
 * an act that rests on a ledger that is no longer the newest would undo what was decided since.
 */
function nextLedger({ act, ledger: decided }: Decision, ledger: Ledger | undefined): Ledger | undefined {
  if (decided !== ledger) return decided.version > 0 ? decided : undefined;
  return act && { ...decided, version: decided.version + 1 };
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
  const run = new Run(house, group);
  let view = seen;
  let asked = trigger;
  let losses = 0;
  for (let step = 0; step < maxSteps; step++) {
    const { decision, observation } = await inform(house, group, view, asked, problems);
    view = { ...view, observation };
    if (isQuiet(decision, view) || run.isRepeated(decision.act)) {
      return finish(group, view, [...decisions, decision], problems);
    }
    if ((await run.commit(decision, view.ledger)) === 'lost') {
      if (++losses > maxLosses)
        throw new Unsettled(`${group.name}: ${losses} writes of its ledger were lost`);
      view = await see(house, group, asked);
      continue;
    }
    decisions.push(decision);
    view = await run.carryOut(decision, view);
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

/** Carries decisions out. Within one run nothing is done twice: what a read does not show yet, the next run will see. */
class Run {
  readonly #house: House;
  readonly #group: HouseGroup;
  readonly #done = new Set<string>();
  readonly #recorded = new Set<string>();
  #refusal: PortError | undefined;

  constructor(house: House, group: HouseGroup) {
    this.#house = house;
    this.#group = group;
  }

  /** @throws the refusal, when the very act that was refused is asked for again */
  isRepeated(act: Act | undefined): boolean {
    const repeated = act !== undefined && this.#done.has(JSON.stringify(act));
    if (repeated && this.#refusal) throw this.#refusal;
    return repeated;
  }

  /** Nobody remembers an activity that the ledger has forgotten, so it must be on record first. */
  async commit(decision: Decision, ledger: Ledger | undefined): Promise<'written' | 'lost'> {
    await this.#record(decision.forgets);
    const next = nextLedger(decision, ledger);
    if (!next) return 'written';
    return this.#house.ports.ledger.write(this.#group.name, next, ledger?.version ?? 0);
  }

  /** Acts, goes on record, and looks at what came of it. An act that fails leaves its activity pending, and is thrown. */
  async carryOut(decision: Decision, { observation, ledger: before }: View): Promise<View> {
    const { ports, log } = this.#house;
    const { scalingGroup, name } = this.#group;
    const { act, activities } = decision;
    const ledger = nextLedger(decision, before) ?? before;
    try {
      if (act) await this.#perform(act);
    } catch (error) {
      await this.#record(activities).catch((second) =>
        log.warn('not on record', { group: name, error: second }),
      );
      throw error;
    }
    await this.#record(activities);
    if (!act) return { observation, ledger };
    const described = await ports.groups.describe([scalingGroup]);
    return {
      observation: { ...observation, group: described.get(scalingGroup), healthy: undefined },
      ledger,
    };
  }

  /** Somebody may have moved the bounds between the look and the act: that is looked at again. @throws PortError */
  async #perform(act: Act): Promise<void> {
    this.#done.add(JSON.stringify(act));
    try {
      await perform(this.#house.ports.groups, this.#group.scalingGroup, act);
    } catch (error) {
      if (!(error instanceof PortError) || error.code !== 'OutOfBounds') throw error;
      this.#refusal = error;
    }
  }

  async #record(activities: readonly Activity[]): Promise<void> {
    const key = (row: Activity) => `${row.activityId} ${row.statusCode} ${row.statusMessage}`;
    const rows = activities.filter((activity) => !this.#recorded.has(key(activity)));
    await record(this.#house, this.#group, rows);
    for (const row of rows) this.#recorded.add(key(row));
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
