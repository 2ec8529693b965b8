import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Argument, type Command, Option } from 'commander';

const help = `
Runs the benchmarks: other autoscalers' policies beside ours on real logs or generated days, decisions a second, group-minutes
a second, what a call costs, what 500 services or 100 workloads of clusters do.

  $ rushhour bench traces
  $ rushhour bench traces my-logs/ --quick --json rows.json
  $ rushhour bench loop`;

const benchmarks = ['traces', 'adverse', 'decide', 'functions', 'loop', 'services', 'clusters'];

export function define(command: Command): void {
  command
    .addArgument(new Argument('<benchmark>', 'which').choices(benchmarks))
    .argument('[folder]', 'of CSV traces; default: generated days')
    .addOption(new Option('--json <file>', 'write the results'))
    .addOption(new Option('--picture <file>', 'traces: draw them, an SVG'))
    .addOption(new Option('--boot <minutes>', 'traces: how long a launch takes, like 1,3,5'))
    .addOption(new Option('--mean <servers>', 'traces: mean demand, like 5,20,100'))
    .addOption(new Option('--quick', 'traces: thinner grids, one boot time, one mean'))
    .addHelpText('after', help)
    .action(bench);
}

type BenchOptions = Readonly<Record<string, string | true>>;

/** The benchmarks have their own command line, that of `npm run bench`. */
function bench(benchmark: string, folder: string | undefined, options: BenchOptions): void {
  const script = fileURLToPath(new URL('../../bench/bench.ts', import.meta.url));
  const named = Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, value],
  );
  const args = [script, benchmark, ...(folder === undefined ? [] : [folder]), ...named];
  const { status, signal } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.exitCode = signal === null ? (status ?? 1) : 1;
}
