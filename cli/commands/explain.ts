import type { Command } from 'commander';
import { explainGroup } from '../../shared/engine/explain.ts';
import { groupStates } from '../../shared/engine/group-state.ts';
import { type CloudOptions, groupsOf, openCloud, takesCloud } from '../cloud.ts';
import { explanationText } from '../explanation-text.ts';
import { exitCodes } from '../failure.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { saidJson, stateJson } from '../state-json.ts';
import { takesWatch, type WatchOptions, watched } from '../watch.ts';

const help = `
Says why a group has as many servers as it has: who asks for what, what limits it, what each rule says now, and what
would change it. It asks the engine itself, and changes nothing.

  $ rushhour explain business
  business stays at 5: cpu-high asks for 7, but its cooldown runs until 12:07`;

type ExplainOptions = CloudOptions & OutputOptions & WatchOptions;

export function define(command: Command): void {
  takesWatch(withJsonOption(takesCloud(command)))
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
    if (!state!.observation.group) process.exitCode = exitCodes.failed;
    const { layers = [], rules = [] } = explanation ?? {};
    return () =>
      options.json
        ? printData(
            { ...stateJson(state!), layers: layers.map(saidJson), rules: rules.map(saidJson) },
            options,
          )
        : print(explanationText(state!, explanation));
  });
}
