import type { Activity } from '../../shared/domain/activity.ts';
import type { Blocker, Decision } from '../../shared/domain/decision.ts';
import type { Explanation, LayerNow, RuleNow } from '../../shared/domain/explain.ts';
import type { Sentence } from '../../shared/domain/sentence.ts';
import { english } from '../../shared/sentences/en.ts';
import { speaker } from '../../shared/sentences/speaker.ts';

const { message, sentence } = speaker(english, 'UTC');

type Told<T> = T & { readonly message: string };
export type ToldActivity = Told<Activity> & { readonly statusMessage: string | undefined };
export type ToldDecision = Omit<Told<Decision>, 'blockers' | 'activities' | 'forgets'> & {
  readonly blockers: readonly Told<Blocker>[];
  readonly activities: readonly ToldActivity[];
  readonly forgets: readonly ToldActivity[];
};

/** What a sentence says in English, in UTC. */
export function inEnglish(says: Sentence, now = 0): string {
  return sentence(says, now);
}

/** A row of the history, and what it says. */
export function activityInEnglish(activity: Activity): ToldActivity {
  const { group, startedAt, endedAt = startedAt, detail } = activity;
  const statusMessage = detail && sentence(detail, endedAt);
  return { ...activity, message: message(group, activity, startedAt), statusMessage };
}

/** A decision, and what it and all in it says. */
export function decisionInEnglish(group: string, decision: Decision, now: number): ToldDecision {
  return {
    ...decision,
    message: message(group, decision, now),
    blockers: decision.blockers.map((each) => ({ ...each, message: sentence(each.why, now) })),
    activities: decision.activities.map(activityInEnglish),
    forgets: decision.forgets.map(activityInEnglish),
  };
}

/** An explanation, and what its layers and rules say. */
export function explanationInEnglish(explanation: Explanation, now: number) {
  const told = <T extends LayerNow | RuleNow>(each: T): Told<T> => ({
    ...each,
    message: sentence(each.why, now),
  });
  return { ...explanation, layers: explanation.layers.map(told), rules: explanation.rules.map(told) };
}
