import type { Explanation } from '../shared/domain/explain.ts';
import { decisionNow, wantsMore } from '../shared/domain/nearing.ts';
import type { Sentence } from '../shared/domain/sentence.ts';
import type { GroupState } from '../shared/engine/group-state.ts';
import type { Speaker } from '../shared/sentences/speaker.ts';
import { isItDeployed } from './advice.ts';
import { isObserved, observeBanner } from './observing.ts';
import { table } from './print.ts';
import { serverWords } from './server-words.ts';
import { styled } from './terminal.ts';

/**
 * Why a group has as many servers as it has, for people.
 * @param compared of a group that is only observed: what would have been done beside what was
 */
export function explanationText(
  { group: { name, config }, at, decision, ledger, observation }: GroupState,
  explanation: Explanation | undefined,
  { message, sentence, status }: Speaker,
  compared: readonly (readonly string[])[] = [],
): string {
  const { group } = observation;
  const say = (why: Sentence) => sentence(why, at);
  const notMet = 'The scaler has not met this group yet: the next sweep will.';
  const open = ledger?.open ?? [];
  const rules = explanation?.rules ?? [];
  return [
    ...(isObserved({ config }) ? [observeBanner] : []),
    styled('bold', message(name, decisionNow(decision, rules), at)),
    ...(!group ? [isItDeployed] : !ledger ? [notMet] : []),
    ...section(
      'Who asks for what',
      (explanation?.layers ?? []).map(({ layer, servers, why }) => [layer, String(servers), say(why)]),
    ),
    ...section(
      'What holds it back',
      decision.blockers.map(({ code, why }) => [code, say(why)]),
    ),
    ...section(
      'What each rule says',
      rules.map((rule) => [
        rule.kind,
        wantsMore(rule, decision.from) ? styled('yellow', say(rule.why)) : say(rule.why),
      ]),
    ),
    ...section('What would have been done, and what was', compared),
    ...section(
      'What is under way',
      open.map((activity) => [
        status(activity.statusCode),
        message(name, activity, activity.startedAt),
        activity.detail ? say(activity.detail) : '',
      ]),
    ),
    ...section('Its servers', group && group.servers.length > 0 ? [[serverWords(group.servers)]] : []),
  ].join('\n');
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const indented = rows.map(([first = '', ...rest]) => [`  ${first}`, ...rest]);
  return [`\n${styled('dim', title)}`, table(indented)];
}
