import { decide } from '../../shared/domain/decide.ts';
import type { Act, Decision } from '../../shared/domain/decision.ts';
import type { Ledger } from '../../shared/domain/ledger.ts';
import type {
  AlarmState,
  AlarmValue,
  LaunchFailure,
  Lifecycle,
  Observation,
  OpenWindow,
  Reading,
  ScalingGroup,
  Server,
  Suspension,
} from '../../shared/domain/observation.ts';
import { compilePolicy, type Policy } from '../../shared/domain/policy.ts';
import type { ManualRequest, Trigger } from '../../shared/domain/trigger.ts';
import { group as groupSchema } from '../../shared/fleet/group.ts';
import { decisionInEnglish, type ToldActivity, type ToldDecision } from './in-english.ts';

export const minute = 60_000;
export const noon = Date.parse('2026-03-04T04:00:00Z');

/** A group of the fleet file, with what every group must have filled in. */
export function policyOf(group: object): Policy {
  const launch = { imageId: 'ami-0a1b2c3d4e5f60718', instanceType: 'c7g.large' };
  const sizes = { minSize: 1, maxSize: 10 };
  return compilePolicy(
    'business',
    groupSchema.parse({ ...sizes, ...group, ...('existing' in group || 'ecs' in group ? {} : { launch }) }),
  );
}

export const sweep: Trigger = { kind: 'sweep' };

export function manual(request: ManualRequest, requestId = 'r1'): Trigger {
  return { kind: 'manual', requestId, request, reason: 'test', owner: 'alice' };
}

/** One group and the little of the world that a decision needs, driven by hand: no clock, no load. */
export class LoneGroup {
  readonly policy: Policy;
  ledger: Ledger | undefined;
  group: ScalingGroup;
  now = noon;
  alarms: Record<string, AlarmState> | undefined = {};
  windows: OpenWindow[] = [];
  metrics: Record<string, Reading> = {};
  others: Partial<Observation> = {
    instanceRefresh: null,
    launchFailure: null,
    contradiction: null,
    lost: null,
  };
  /** The last row of each activity, in the order in which they began. */
  readonly log = new Map<string, ToldActivity>();
  #servers = 0;
  #vanished = false;

  constructor(group: object, desired: number) {
    this.policy = policyOf(group);
    const { minSize, maxSize } = this.policy;
    this.group = {
      name: 'business',
      minSize,
      maxSize,
      desired,
      servers: [],
      suspended: [],
      trafficSources: [],
    };
    this.#match('ready');
    for (const rule of [...this.policy.scaleOutRules, ...this.policy.scaleInRules])
      this.alarm(rule.name, 'OK');
  }

  get observation(): Observation {
    const { group, alarms, windows, metrics } = this;
    return { group: this.#vanished ? undefined : group, alarms, windows, metrics, ...this.others };
  }

  decide(trigger: Trigger = sweep): ToldDecision {
    const decision = decide(this.policy, this.ledger, this.observation, trigger, this.now);
    return decisionInEnglish(this.policy.name, decision, this.now);
  }

  /** As reconcile does: again and again until nothing changes. The servers asked for are `Pending`. */
  look(trigger: Trigger = sweep): ToldDecision[] {
    const decisions: ToldDecision[] = [];
    this.others = { ...this.others, set: undefined };
    let asked = trigger;
    for (let round = 0; round < 20; round++) {
      const decision = this.decide(asked);
      decisions.push(decision);
      if (decision.needs.length > 0) throw new Error(`needs ${decision.needs}`);
      const quiet = decision.ledger === this.ledger || decision.ledger.version === 0;
      if (!quiet) this.ledger = decision.ledger;
      for (const row of [...decision.forgets, ...decision.activities]) this.log.set(row.activityId, row);
      if (decision.act) this.act(decision.act);
      else if (quiet) return decisions;
      if (asked.kind === 'manual' && isSeen(decision, asked.requestId)) asked = sweep;
    }
    throw new Error(`never settles: ${decisions.at(-1)?.message}`);
  }

  /** Looks, lets servers come and go, and looks again. */
  settle(trigger: Trigger = sweep): ToldDecision[] {
    const decisions = this.look(trigger);
    this.arrive();
    return [...decisions, ...this.look()];
  }

  act(act: Act): void {
    if (act.kind === 'setDesired') {
      this.setDesired(act.desired);
      this.others = { ...this.others, set: act.desired };
    } else if (act.kind === 'attach') {
      const servers = [...this.group.servers, ...act.serverIds.map((id) => server(id, 'ready'))];
      this.group = { ...this.group, servers, desired: this.group.desired + act.serverIds.length };
    } else if (act.kind === 'detach') {
      const servers = this.group.servers.filter(({ id }) => !act.serverIds.includes(id));
      this.group = { ...this.group, servers, desired: this.group.desired - act.serverIds.length };
    } else if (act.kind === 'replaceUnhealthy') {
      const suspended: readonly Suspension[] = act.replace ? [] : ['replacing'];
      this.group = { ...this.group, suspended };
    } else {
      const servers = this.group.servers.map((one) =>
        act.serverIds.includes(one.id) ? { ...one, protectedFromScaleIn: true } : one,
      );
      this.group = { ...this.group, servers };
    }
  }

  setDesired(desired: number): void {
    this.group = { ...this.group, desired };
    this.#match('pending');
  }

  /** What is pending comes into service, what is leaving is gone. */
  arrive(): void {
    const servers = this.group.servers
      .filter(({ lifecycle }) => lifecycle !== 'leaving')
      .map((one): Server => ({ ...one, lifecycle: 'ready' }));
    this.group = { ...this.group, servers };
  }

  alarm(rule: string, value: AlarmValue): void {
    this.alarms = { ...this.alarms, [rule]: { value, since: this.now } };
  }

  metric(key: string, value: number, at = this.now - minute): void {
    this.metrics = { ...this.metrics, [key]: { known: true, value, at } };
  }

  /** Somebody deleted the group, or made it again. */
  vanish(vanished = true): void {
    this.#vanished = vanished;
  }

  /** A server fails its health check, or passes it again. */
  setLifecycle(id: string, lifecycle: Lifecycle): void {
    const servers = this.group.servers.map((one) => (one.id === id ? { ...one, lifecycle } : one));
    this.group = { ...this.group, servers };
  }

  pass(minutes: number): void {
    this.now += minutes * minute;
  }

  window(
    name: string,
    boost: number | undefined,
    hours: number,
    bounds: Partial<OpenWindow> = {},
  ): OpenWindow {
    const window = { name, start: this.now, end: this.now + hours * 60 * minute, ...bounds };
    return boost === undefined ? window : { ...window, boost: { type: 'ChangeInCapacity', value: boost } };
  }

  fail(failure: LaunchFailure | null): void {
    this.others = { ...this.others, launchFailure: failure };
  }

  #match(lifecycle: Lifecycle): void {
    const { desired } = this.group;
    const servers = [...this.group.servers];
    let units = servers.filter((one) => one.lifecycle !== 'leaving').length;
    for (; units < desired; units++) servers.push(server(`i-${++this.#servers}`, lifecycle));
    for (let at = servers.length - 1; at >= 0 && units > desired; at--) {
      const one = servers[at]!;
      if (one.protectedFromScaleIn || one.lifecycle === 'leaving') continue;
      servers[at] = { ...one, lifecycle: 'leaving' };
      units--;
    }
    this.group = { ...this.group, servers };
  }
}

function isSeen({ ledger }: Pick<Decision, 'ledger'>, requestId: string): boolean {
  return ledger.seen.some(([id]) => id === requestId);
}

export function server(id: string, lifecycle: Lifecycle, weight = 1): Server {
  return { id, lifecycle, protectedFromScaleIn: false, weight };
}

export function changes(decisions: readonly ToldDecision[]): string[] {
  return decisions.filter(({ from, to }) => from !== to).map(({ message }) => message);
}
