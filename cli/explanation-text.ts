import type { Explanation } from '../shared/domain/explain.ts';
import { sentenceNow, wantsMore } from '../shared/domain/nearing.ts';
import type { GroupState } from '../shared/engine/group-state.ts';
import { isItDeployed } from './advice.ts';
import { table } from './print.ts';
import { serverWords } from './server-words.ts';
import { styled } from './terminal.ts';

/** Why a group has as many servers as it has, for people. */
export function explanationText(
  { group: { policy }, decision, ledger, observation }: GroupState,
  explanation: Explanation | undefined,
): string {
  const { group } = observation;
  const notMet = 'The scaler has not met this group yet: the next sweep will.';
  const open = ledger?.open ?? [];
  const rules = explanation?.rules ?? [];
  return [
    styled('bold', sentenceNow(policy, decision, rules)),
    ...(!group ? [isItDeployed] : !ledger ? [notMet] : []),
    ...section(
      'Who asks for what',
      (explanation?.layers ?? []).map(({ layer, servers, message }) => [layer, String(servers), message]),
    ),
    ...section(
      'What holds it back',
      decision.blockers.map(({ code, message }) => [code, message]),
    ),
    ...section(
      'What each rule says',
      rules.map((rule) => [
        rule.kind,
        wantsMore(rule, decision.from) ? styled('yellow', rule.message) : rule.message,
      ]),
    ),
    ...section(
      'What is under way',
      open.map(({ statusCode, message, statusMessage }) => [statusCode, message, statusMessage ?? '']),
    ),
    ...section('Its servers', group && group.servers.length > 0 ? [[serverWords(group.servers)]] : []),
  ].join('\n');
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const indented = rows.map(([first = '', ...rest]) => [`  ${first}`, ...rest]);
  return [`\n${styled('dim', title)}`, table(indented)];
}
