import { randomUUID } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Activity } from '../shared/domain/activity.ts';
import type { Explanation } from '../shared/domain/explain.ts';
import { explainGroup } from '../shared/engine/explain.ts';
import { type GroupState, groupStates } from '../shared/engine/group-state.ts';
import type { Scaler, ScalerGroup } from '../shared/engine/scaler.ts';
import { callLambda } from '../shared/providers/aws/call-lambda.ts';
import { invokeDeployed } from '../shared/providers/aws/invoke-deployed.ts';
import { operatorName } from '../shared/runtime/operator-name.ts';
import { minuteMs } from '../shared/units.ts';
import { ActionRefused } from './action-refused.ts';
import { groupView } from './group-view.ts';
import { readDay } from './read-day.ts';
import type { ConsoleBackend } from './serve.ts';
import type { ConsoleAction, ConsoleState, GroupDay } from './state.ts';

const keptMs = 3_000;
const rowsPerGroup = 200;

interface Kept {
  readonly value: Promise<unknown>;
  readonly key: string;
  readonly readAt: number;
}

/**
 * The fleet as the operator's own credentials see it. It writes nothing itself: a change is asked of the
 * deployed scaler.
 */
export class CloudBackend implements ConsoleBackend {
  readonly #scaler: Scaler;
  readonly #call = callLambda(new LambdaClient({}));
  readonly #kept = new Map<string, Kept>();

  constructor(scaler: Scaler) {
    this.#scaler = scaler;
  }

  state(): Promise<ConsoleState> {
    return this.#keep('state', '', async () => {
      const { fleet, groups, ports } = this.#scaler;
      const states = await groupStates(this.#scaler, [...groups.values()]);
      const views = states.map(async (state) => groupView(state, await this.#explain(state)));
      return {
        fleet: fleet.name,
        timeZone: fleet.timeZone,
        now: new Date(ports.clock.now()).toISOString(),
        groups: await Promise.all(views),
      };
    });
  }

  async day(name: string): Promise<GroupDay> {
    const group = this.#group(name);
    const now = this.#scaler.ports.clock.now();
    return this.#keep(`day ${name}`, `${Math.floor(now / minuteMs)}`, () =>
      readDay(this.#scaler, group, now),
    );
  }

  log(): Promise<readonly Activity[]> {
    return this.#keep('log', '', async () => {
      const { groups, ports } = this.#scaler;
      const pages = [...groups.keys()].map((name) => ports.activities.query(name, { limit: rowsPerGroup }));
      const activities = (await Promise.all(pages)).flatMap((page) => page.activities);
      return activities.sort((one, other) => other.startedAt - one.startedAt);
    });
  }

  async act(action: ConsoleAction): Promise<unknown> {
    if (!('reason' in action)) throw new ActionRefused('only a local cloud has a world to play with');
    const { reason, group } = action;
    this.#group(group);
    const asked = { group, reason, owner: operatorName(), requestId: randomUUID() };
    switch (action.action) {
      case 'bump':
        return this.#invoke('bump', { ...asked, adjustment: action.adjustment, for: action.for });
      case 'pause':
        return this.#invoke('bump', { ...asked, pause: action.direction, for: action.for });
      case 'resume':
        return this.#invoke('bump', { ...asked, resume: true });
      case 'adopt':
        return this.#invoke('adopt', { ...asked, instances: action.instances });
    }
  }

  #group(name: string): ScalerGroup {
    const group = this.#scaler.groups.get(name);
    if (!group) throw new ActionRefused(`the fleet has no group ${name}`);
    return group;
  }

  async #invoke(name: string, payload: object): Promise<unknown> {
    const result = await invokeDeployed(this.#call, this.#scaler.fleet, name, payload);
    this.#kept.clear();
    if (result.kind === 'unreadable') throw result.cause;
    if (result.kind === 'threw') throw new ActionRefused(result.message);
    return result.answer;
  }

  /** Metrics cost money and change once a minute; what a person or a rule changed shows at once. */
  #explain(state: GroupState): Promise<Explanation | undefined> {
    const { group, observation, ledger, at } = state;
    const key = `${ledger?.version} ${observation.group?.desired} ${Math.floor(at / minuteMs)}`;
    return this.#keep(`explain ${group.name}`, key, () => explainGroup(this.#scaler, state));
  }

  /** Any number of pages that ask every few seconds cost one read: for as long as `key` stays, or for a moment. */
  #keep<T>(what: string, key: string, read: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(what);
    const fresh = kept && kept.key === key && (key !== '' || performance.now() - kept.readAt < keptMs);
    if (fresh) return kept.value as Promise<T>;
    const value = read();
    value.catch(() => this.#kept.delete(what));
    this.#kept.set(what, { value, key, readAt: performance.now() });
    return value;
  }
}
