import type { ReasonCode } from '../domain/reason.ts';
import type { Sentence } from '../domain/sentence.ts';
import type { Outcome } from './reconcile.ts';
import type { Scaler } from './scaler-group.ts';

/** What a function answers of one group. */
export interface Answer {
  readonly group: string;
  readonly desiredCapacity: number;
  /** What was decided, in order; nothing is a decision too. */
  readonly decisions: readonly {
    readonly from: number;
    readonly to: number;
    readonly reason: ReasonCode;
    readonly why: Sentence;
    /** What it says in English. */
    readonly message: string;
  }[];
  /** Activities that were opened, moved on or ended. */
  readonly activities: number;
  readonly reasons: Readonly<Partial<Record<ReasonCode, number>>>;
}

type Decided = Answer['decisions'][number];

/** What says that what a person asked for was done, now or before; everything else is a refusal. */
const done: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'ManualChange',
  'Paused',
  'Resumed',
  'ServersAdopted',
  'DuplicateRequest',
  'AtGoal',
]);

/** Whether a person got what was asked for. */
export function wasDone({ decisions }: Pick<Answer, 'decisions'>): boolean {
  return decisions.some(isDone) && !decisions.some((each) => isGivenUp(each, decisions));
}

function isDone({ reason }: Decided): boolean {
  return done.has(reason);
}

/** Is this the end of what was asked for, without its having been done? Somebody has changed the group at the same moment. */
function isGivenUp({ why: end }: Decided, decisions: readonly Decided[]): boolean {
  if (end.key !== 'activityEnded' || end.status === 'Successful') return false;
  if (end.detail?.key === 'serversWereThere') return false;
  const asked = JSON.stringify(end.why);
  return decisions.some((each) => isDone(each) && each.to === end.to && JSON.stringify(each.why) === asked);
}

/** How older activities fared. */
function isForTheHistory({ reason }: Decided): boolean {
  return reason === 'ActivityMoved' || reason === 'ActivityEnded';
}

/** The answer to a person: what was asked for, or why it cannot be, and what changed with it. */
export function toldOf({ decisions }: Pick<Answer, 'decisions'>): Answer['decisions'] {
  const refused = !wasDone({ decisions });
  const told = decisions.filter((each) => {
    if (!refused) return isDone(each) || each.from !== each.to;
    return !isForTheHistory(each) || isGivenUp(each, decisions);
  });
  return told.filter(({ message }, at) => told.findIndex((other) => other.message === message) === at);
}

/** The last step always changes nothing: it is reported when no other was taken, or when it answers a person. */
export function answerOf({ ports, english }: Scaler, { group, decisions, scalingGroup }: Outcome): Answer {
  const now = ports.clock.now();
  const last = decisions.at(-1)!;
  const answers = last.cause === 'manual' || last.blockers.some(({ cause }) => cause === 'manual');
  const told = decisions.length > 1 && !answers ? decisions.slice(0, -1) : decisions;
  const reasons: Partial<Record<ReasonCode, number>> = {};
  for (const { reason } of told) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return {
    group,
    desiredCapacity: scalingGroup.desired,
    decisions: told.map(({ from, to, reason, why }) => {
      const message = english.message(group, { from, to, reason, why }, now);
      return { from, to, reason, why, message };
    }),
    activities: told.reduce((sum, { activities }) => sum + activities.length, 0),
    reasons,
  };
}
