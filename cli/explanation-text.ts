import type { Explanation } from '../shared/domain/explain.ts';
import { decisionNow, wantsMore } from '../shared/domain/nearing.ts';
import type { Sentence } from '../shared/domain/sentence.ts';
import type { GroupState } from '../shared/engine/group-state.ts';
import type { Speaker } from '../shared/sentences/speaker.ts';
import { missingAdvice } from './missing-advice.ts';
import { isObserved, observeBanner } from './observing.ts';
import { table } from './print.ts';
import { serverWords } from './server-words.ts';
import { styled } from './terminal.ts';
import { commandWords, countIn } from './words/command-words.ts';

/**
 * Why a group has as many servers as it has, for people.
 * @param compared of a group that is only observed: what would have been done beside what was
 */
export function explanationText(
  { group: { name, config }, at, decision, ledger, observation }: GroupState,
  explanation: Explanation | undefined,
  speaker: Speaker,
  compared: readonly (readonly string[])[] = [],
): string {
  const { group } = observation;
  const { language, message, sentence, status } = speaker.of(name);
  const say = (why: Sentence) => sentence(why, at);
  const words = commandWords(language);
  const open = ledger?.open ?? [];
  const rules = explanation?.rules ?? [];
  return [
    ...(isObserved({ config }) ? [observeBanner(words)] : []),
    styled('bold', message(name, decisionNow(decision, rules), at)),
    ...(!group ? [missingAdvice({ config }, words)] : !ledger ? [words.notMet] : []),
    ...section(
      words.whoAsks,
      (explanation?.layers ?? []).map(({ layer, servers, why }) => [
        words[layer],
        countIn(words, servers),
        say(why),
      ]),
    ),
    ...section(
      words.blockers,
      decision.blockers.map(({ code, why }) => [code, say(why)]),
    ),
    ...section(
      words.rules,
      rules.map((rule) => [
        words[rule.kind],
        wantsMore(rule, decision.from) ? styled('yellow', say(rule.why)) : say(rule.why),
      ]),
    ),
    ...section(words.compared, compared),
    ...section(
      words.open,
      open.map((activity) => [
        status(activity.statusCode),
        message(name, activity, activity.startedAt),
        activity.detail ? say(activity.detail) : '',
      ]),
    ),
    ...section(
      words.itsServers,
      group && group.servers.length > 0 ? [[serverWords(group.servers, words)]] : [],
    ),
  ].join('\n');
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const indented = rows.map(([first = '', ...rest]) => [`  ${first}`, ...rest]);
  return [`\n${styled('dim', title)}`, table(indented)];
}
