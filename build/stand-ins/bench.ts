import type { Command } from 'commander';
import { Failure } from '../../cli/failure.ts';

/** The benchmarks are not in the package: they bring autoscalers of others, and a bundler. */
export function define(command: Command): void {
  command
    .argument('[benchmark]', 'which')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new Failure('The benchmarks are not in the package.', {
        advice: "Run them in a clone of Rushhour's repository: npm run bench -- traces",
      });
    });
}
