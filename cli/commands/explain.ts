import type { Command } from 'commander';
import type { Explanation, LayerNow, RuleNow } from '../../shared/domain/explain.ts';
import { explainGroup } from '../../shared/engine/explain.ts';
import { type GroupState, groupStates } from '../../shared/engine/group-state.ts';
import type { Speaker } from '../../shared/sentences/speaker.ts';
import { groupsOf, openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { explanationText } from '../explanation-text.ts';
import { exitCodes } from '../failure.ts';
import { type LanguageOptions, speakerFor, withLanguageOption } from '../language.ts';
import { wouldAndWas } from '../observing.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { saidJson, stateJson } from '../state-json.ts';
import { takesWatch, type WatchOptions, watched } from '../watch.ts';

const help = `
Says why a group has as many servers as it has: who asks for what, what limits it, what each rule says now, and what
would change it. It asks the engine itself, and changes nothing.

  $ rushhour explain business
  business stays at 5: cpu-high asks for 7, but its cooldown runs until 12:07`;

type ExplainOptions = CloudOptions & OutputOptions & WatchOptions & LanguageOptions;

export function define(command: Command): void {
  takesWatch(withLanguageOption(withJsonOption(takesCloud(command))))
    .argument('<group>', 'the group')
    .addHelpText('after', help)
    .action(explain);
}

async function explain(name: string, options: ExplainOptions): Promise<void> {
  const { scaler } = await inProgress('logging in', openCloud(options));
  const groups = groupsOf(scaler, name);
  await watched(options, async () => {
    const [state] = await inProgress('looking', groupStates(scaler, groups));
    const explanation = await inProgress('measuring', explainGroup(scaler, state!));
    const speaker = speakerFor(options, scaler.fleet);
    const compared = await wouldAndWas(scaler, state!.group, speaker);
    if (!state!.observation.group) process.exitCode = exitCodes.failed;
    return () =>
      options.json
        ? printData(explanationJson(state!, explanation, scaler.english), options)
        : print(explanationText(state!, explanation, speaker, compared));
  });
}

function explanationJson(
  state: GroupState,
  { layers, rules }: Pick<Explanation, 'layers' | 'rules'> = { layers: [], rules: [] },
  english: Speaker,
): object {
  const json = (said: LayerNow | RuleNow) => saidJson(said, state.at, english);
  return { ...stateJson(state, english), layers: layers.map(json), rules: rules.map(json) };
}
