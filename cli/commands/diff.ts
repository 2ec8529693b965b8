import { type Command, Option } from 'commander';
import { openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { compare } from '../diff/compare.ts';
import { diffMarkdown, diffText } from '../diff/render.ts';
import { exitCodes } from '../failure.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';

const help = `
Holds the fleet that is deployed against the fleet file, and says in words what a deploy changes: windows, rules, targets,
limits, holidays, launches, the version. The deployed fleet lies beside the scaler's functions; to read it takes
lambda:GetFunction. What a script holds is not compared: npx cdk diff shows that.

  $ rushhour diff
  A deploy of fleet.yaml changes lunch, deployed 2026-03-02T09:12Z with rushhour 0.1.0:

  business
  ~ maxSize            10 → 14
  ~ window lunch: end  0 13 * * * → 0 14 * * *

  $ rushhour diff --markdown >> "$GITHUB_STEP_SUMMARY"

Exit codes: 0 nothing differs, 1 something differs, or it cannot be told.`;

interface DiffOptions extends CloudOptions, OutputOptions {
  readonly markdown?: boolean;
}

export function define(command: Command): void {
  withJsonOption(takesCloud(command))
    .addOption(new Option('--markdown', 'print a table for a pull request').conflicts('json'))
    .addHelpText('after', help)
    .action(diff);
}

async function diff(options: DiffOptions): Promise<void> {
  const { scaler } = await inProgress('logging in', openCloud(options));
  const comparison = await inProgress('comparing', compare(scaler.fleet, options.fleet));
  const { fleet, deployed, changes } = comparison;
  const differs = !deployed || changes.length > 0;
  if (differs) process.exitCode = exitCodes.failed;
  if (options.json) printData({ fleet, deployed: deployed ?? null, differs, changes }, options);
  else print(options.markdown ? diffMarkdown(comparison) : diffText(comparison));
}
