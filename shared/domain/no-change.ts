import { minuteMs } from '../units.ts';
import type { Blocker, Decision } from './decision.ts';
import { activityId, type DecisionContext } from './decision-context.ts';
import { rolloutFailed } from './failed-rollout.ts';
import type { LastingBlocker, Ledger } from './ledger.ts';
import { decided, undecided } from './outcome.ts';
import { holdsBack, pauseSentence } from './pause.ts';
import type { CompiledRule } from './policy.ts';
import type { ReasonCode } from './reason.ts';
import { remark } from './remark.ts';
import type { Sentence } from './sentence.ts';
import { inServiceCapacity } from './servers.ts';
import type { Cause } from './trigger.ts';

/** Blockers that end by themselves within minutes: a sentence in the decision, but no row in the history. */
export const routineReasons: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'AtGoal',
  'AtMinimum',
  'ProtectedServers',
  'InCooldown',
  'EpisodeAlreadyAnswered',
  'ScaleOutInFlight',
  'WithinTolerance',
  'Stabilizing',
  'RateLimited',
  // Over when the deploy is.
  'GroupDeploying',
]);

/** Nothing changes, for a reason. One that goes on is recorded when it begins and, with its count, when it ends. */
export function noChange(context: DecisionContext): Decision {
  const { blockers, tracking, ledger } = context;
  const blocked = lasting(context);
  const seen =
    blocked[0] ?? blockers[0] ?? tracking.note ?? (keepsFromGoal(context) ? undefined : blind(context));
  const told = seen ?? (ledger.pause ? undefined : (stuck(context) ?? short(context)));
  const why = told?.why ?? (ledger.pause ? pauseSentence(ledger.pause) : atGoal);
  const reason = told?.code ?? (ledger.pause ? 'GroupPaused' : 'AtGoal');
  return withLasting(context, blocked, { reason, why, ledger });
}

const atGoal: Sentence = { key: 'atGoal' };

/** Is it the pause that keeps the group from its goal? One of scale-out is no reason why too many stay. */
function keepsFromGoal({ ledger: { pause }, layers, group }: DecisionContext): boolean {
  if (!pause) return false;
  return layers.goal === group.desired || holdsBack(pause, layers.goal > group.desired);
}

/** The first says why a group stays. With `mode: observe` all are listed, each by its own rule. */
function lasting(context: DecisionContext): readonly Blocker[] {
  const { blockers, policy } = context;
  if (policy.observeOnly) return blockers.filter(({ code }) => !routineReasons.has(code));
  const first = blockers.find(({ code }) => !routineReasons.has(code)) ?? doubted(context);
  return first ? [first] : none;
}

/** A load that is not believed asks for nothing, and is news all the same: its metric is wrong, or its servers are. */
function doubted({ tracking: { doubted, by, why } }: DecisionContext): Blocker | undefined {
  return doubted ? { code: 'MetricContradicted', why, by, cause: 'forecast' } : undefined;
}

const none: readonly never[] = [];

/** A rollout that has failed is news until another begins. */
function stuck({ group: { failedRollout } }: DecisionContext): Pick<Blocker, 'code' | 'why'> | undefined {
  return failedRollout && { code: 'RolloutFailed', why: rolloutFailed(failedRollout) };
}

/** While servers are missing that the group has lost, it is not where it should be, though nobody asks for another capacity. */
function short({ ledger, group }: DecisionContext): Pick<Blocker, 'code' | 'why'> | undefined {
  const missing = group.desired - inServiceCapacity(group);
  if (!ledger.lost?.short || missing <= 0) return undefined;
  return { code: 'ServersLost', why: { key: 'serversMissing', servers: missing } };
}

/** Who cannot see asks for nothing, as if all were well: to be at rest is then not to be in order. */
function blind({ policy, observation: { alarms }, tracking }: DecisionContext): Blocker | undefined {
  if (tracking.missing) {
    const { by, why } = tracking;
    return { code: 'MetricMissing', why, by, cause: policy.forecast ? 'forecast' : 'metric' };
  }
  if (!alarms) return undefined;
  const isMute = ({ name }: CompiledRule) => alarms[name] === undefined;
  const by = (policy.scaleOutRules.find(isMute) ?? policy.scaleInRules.find(isMute))?.name;
  if (by === undefined) return undefined;
  const why = { key: 'ruleCannotAsk', rule: by } as const;
  return { code: 'AlarmDataMissing', why, by, cause: 'alarm' };
}

function withLasting(
  context: DecisionContext,
  blocked: readonly Blocker[],
  said: { reason: ReasonCode; why: Sentence; ledger: Ledger },
): Decision {
  const { ledger } = context;
  const before = ledger.blockers ?? none;
  if (blocked.length === 0 && before.length === 0) return decided(context, said);
  const now = new Map(blocked.map((blocker) => [`${blocker.code}:${blocker.by}`, blocker]));
  const going = before.map((each) => seenAgain(context, each, now.has(each.key)));
  const over = going.filter((each) => isOver(context, each));
  for (const { key } of before) now.delete(key);
  const isSame = going.every((each, at) => each === before[at]);
  if (over.length === 0 && now.size === 0 && isSame) return decided(context, said);
  // Who has not looked at alarms must not say that what they are refused is over, or that something else comes first.
  if (isBlindfold(context)) return undecided(context, 'alarms');
  const begun = [...now].map(([key, { code, cause, by, why }], at) => {
    const id = `${activityId(context)}${at === 0 ? '' : `-${at}`}`;
    const what = { reason: code, why, cause, by, activityId: id };
    return { key, row: remark(context, { ...what, statusCode: 'Cancelled' }) };
  });
  return decided(context, {
    ...said,
    ledger: { ...ledger, blockers: [...going.filter((each) => !over.includes(each)), ...begun] },
    activities: [...over.map(ended), ...begun.map(({ row }) => row)],
  });
}

/** An alarm's own event is believed without the others: see `reconcile`. */
function isBlindfold({ policy, observation, trigger }: DecisionContext): boolean {
  const hasRules = policy.scaleOutRules.length + policy.scaleInRules.length > 0;
  return hasRules && observation.alarms === undefined && trigger.kind !== 'alarm';
}

/**
 * An alarm at its threshold goes to OK and back many times in one crowd, and a load that is tracked likewise. What blocks them is
 * over once nobody has been blocked for so long: one row and one mail for a crowd, and not one for each time.
 */
const calmMs = 15 * minuteMs;
const measured: ReadonlySet<Cause> = new Set<Cause>(['alarm', 'metric']);

function seenAgain({ now }: DecisionContext, blocker: LastingBlocker, blocks: boolean): LastingBlocker {
  const { key, row, absentSince, absentMs = 0 } = blocker;
  if (blocks === (absentSince === undefined)) return blocker;
  return blocks
    ? { key, row, absentMs: absentMs + now - absentSince! }
    : { key, row, absentMs, absentSince: now };
}

function isOver({ now }: DecisionContext, { row, absentSince }: LastingBlocker): boolean {
  if (absentSince === undefined) return false;
  // What would have been done without `mode: observe` is told each time.
  const blinks = measured.has(row.trigger) && row.reason !== 'ObserveOnly';
  return !blinks || now - absentSince >= calmMs;
}

/** The sweep asks every minute, so that minutes count how often it was refused. */
function ended({ row, absentSince = row.startedAt, absentMs = 0 }: LastingBlocker) {
  const times = 1 + Math.floor((absentSince - row.startedAt - absentMs) / minuteMs);
  return { ...row, endedAt: absentSince, detail: { key: 'refusedTimes', times } as const };
}
