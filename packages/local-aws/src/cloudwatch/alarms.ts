import type { AlarmHistoryItem, CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { CloudContext } from '../cloud-context.ts';
import { type Instant, ServiceError } from '../service.ts';
import { evaluateAlarm, goesOnScaling, timestamp, type Verdict } from './alarm-evaluation.ts';
import { notify, repeatScaling } from './alarm-notices.ts';
import { type AlarmRule, parseAlarmRule } from './alarm-rule.ts';
import type { AlarmState } from './judge.ts';
import type { MetricStore } from './metric-store.ts';

const minute = 60_000;
/** Datapoints of a minute arrive on the minute; alarms look a moment later. */
const evaluationDelayMs = 5_000;
const historyLimit = 10_000;

/** A metric alarm, or a composite one (which has a rule and no metric). */
export type Alarm = MetricAlarm & CompositeAlarm;

/** Every alarm with its state, evaluated each minute; actions run on transitions only. */
export class Alarms {
  readonly history: AlarmHistoryItem[] = [];
  readonly #alarms = new Map<string, Alarm>();
  readonly #rules = new Map<string, AlarmRule>();
  readonly #cloud: CloudContext;
  readonly #store: MetricStore;
  #ticking = false;

  constructor(cloud: CloudContext, store: MetricStore) {
    this.#cloud = cloud;
    this.#store = store;
  }

  all(): Alarm[] {
    return [...this.#alarms.values()].sort((a, b) => (a.AlarmName! < b.AlarmName! ? -1 : 1));
  }

  find(nameOrArn: string): Alarm | undefined {
    return this.#alarms.get(nameOrArn.startsWith('arn:') ? nameOrArn.split(':alarm:')[1]! : nameOrArn);
  }

  get(name: string): Alarm {
    const alarm = this.find(name);
    if (!alarm) throw new ServiceError('ResourceNotFound', `Alarm ${name} does not exist`, 404);
    return alarm;
  }

  /** Creates an alarm in INSUFFICIENT_DATA, or changes one, which keeps its state. */
  put(definition: Alarm): void {
    const now = new Date(this.#cloud.eventQueue.now());
    const before = this.#alarms.get(definition.AlarmName!);
    const state: Alarm = before
      ? stateOf(before)
      : {
          StateValue: 'INSUFFICIENT_DATA',
          StateReason: 'Unchecked: Initial alarm creation',
          StateUpdatedTimestamp: now,
          StateTransitionedTimestamp: now,
        };
    if (definition.AlarmRule) this.#rules.set(definition.AlarmName!, parseAlarmRule(definition.AlarmRule));
    this.#alarms.set(definition.AlarmName!, {
      ...definition,
      ...state,
      AlarmConfigurationUpdatedTimestamp: now,
    });
    const summary = `Alarm "${definition.AlarmName}" ${before ? 'updated' : 'created'}`;
    this.#remember(this.get(definition.AlarmName!), 'ConfigurationUpdate', summary, {
      type: before ? 'Update' : 'Create',
      version: '1.0',
    });
    this.#startTicking();
  }

  delete(name: string): void {
    this.#alarms.delete(name);
    this.#rules.delete(name);
  }

  /** Sets the state by hand, as SetAlarmState does; the next evaluation may set it back. */
  setState(name: string, verdict: Verdict): void {
    this.#transition(this.get(name), verdict);
  }

  #startTicking(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    const first = Math.ceil((this.#cloud.eventQueue.now() + 1) / minute) * minute + evaluationDelayMs;
    this.#cloud.eventQueue.at(first, 'alarm evaluation', () => this.#tick());
  }

  #tick(): void {
    const now = this.#cloud.eventQueue.now();
    for (const alarm of this.#alarms.values()) {
      if (alarm.AlarmRule) continue;
      const verdict = evaluateAlarm(this.#store, alarm, now);
      if (!verdict) continue;
      if (verdict.state !== alarm.StateValue) this.#transition(alarm, verdict);
      else if (goesOnScaling(alarm)) this.#goOnScaling(alarm, verdict);
    }
    for (const [name, rule] of this.#rules) this.#evaluateComposite(this.#alarms.get(name)!, rule, now);
    const next = Math.floor(now / minute) * minute + minute + evaluationDelayMs;
    this.#cloud.eventQueue.at(next, 'alarm evaluation', () => this.#tick());
  }

  #goOnScaling(alarm: Alarm, { reasonData }: Verdict): void {
    alarm.StateReasonData = reasonData;
    repeatScaling(this.#cloud, alarm, (summary) => this.#remember(alarm, 'Action', summary, {}));
  }

  #evaluateComposite(alarm: Alarm, rule: AlarmRule, now: Instant): void {
    const stateOfChild = (child: string) =>
      (this.find(child)?.StateValue ?? 'INSUFFICIENT_DATA') as AlarmState;
    const state = rule(stateOfChild) ? 'ALARM' : 'OK';
    if (state === alarm.StateValue) return;
    const reason = `${alarm.AlarmRule} is ${state === 'ALARM' ? 'true' : 'false'}`;
    const reasonData = JSON.stringify({ triggeringAlarms: [], evaluatedAt: timestamp(now) });
    this.#transition(alarm, { state, reason, reasonData });
  }

  #transition(alarm: Alarm, verdict: Verdict): void {
    const now = this.#cloud.eventQueue.now();
    const previous = {
      value: alarm.StateValue!,
      reason: alarm.StateReason!,
      reasonData: alarm.StateReasonData,
      at: alarm.StateUpdatedTimestamp!.getTime(),
    };
    alarm.StateReason = verdict.reason;
    alarm.StateReasonData = verdict.reasonData || undefined;
    alarm.StateUpdatedTimestamp = new Date(now);
    if (verdict.state === alarm.StateValue) return;
    alarm.StateValue = verdict.state;
    alarm.StateTransitionedTimestamp = new Date(now);
    this.#remember(alarm, 'StateUpdate', `Alarm updated from ${previous.value} to ${verdict.state}`, {
      version: '1.0',
      oldState: { stateValue: previous.value, stateReason: previous.reason },
      newState: { stateValue: verdict.state, stateReason: verdict.reason },
    });
    notify(this.#cloud, { alarm, at: now, previous }, (summary) =>
      this.#remember(alarm, 'Action', summary, {}),
    );
  }

  #remember(
    alarm: Alarm,
    type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action',
    summary: string,
    data: unknown,
  ): void {
    this.history.push({
      AlarmName: alarm.AlarmName,
      AlarmType: alarm.AlarmRule ? 'CompositeAlarm' : 'MetricAlarm',
      Timestamp: new Date(this.#cloud.eventQueue.now()),
      HistoryItemType: type,
      HistorySummary: summary,
      HistoryData: JSON.stringify(data),
    });
    if (this.history.length > historyLimit) this.history.shift();
  }
}

function stateOf(alarm: Alarm): Alarm {
  const { StateValue, StateReason, StateReasonData, StateUpdatedTimestamp, StateTransitionedTimestamp } =
    alarm;
  return { StateValue, StateReason, StateReasonData, StateUpdatedTimestamp, StateTransitionedTimestamp };
}
