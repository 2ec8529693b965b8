import { type Command, Option } from 'commander';
import { exitOnSignals } from '../../local/run-program.ts';
import { serveCloud } from '../../local/serve-cloud.ts';
import { type FleetOptions, takesFleet } from '../fleet-text.ts';
import { readPort } from '../read-port.ts';
import { withSentences } from '../with-sentences.ts';

const help = `
Starts the local cloud, AWS on this machine's loopback, in real time, with the fleet deployed to it, until Ctrl-C. Every AWS client
can use it: what is printed says how.

  $ rushhour local
  $ rushhour local --empty --port 4566`;

interface Options extends FleetOptions {
  readonly empty?: boolean;
  readonly port: number;
}

export function define(command: Command): void {
  takesFleet(command)
    .addOption(new Option('--empty', 'deploy nothing: for npx cdk deploy'))
    .addOption(
      new Option('--port <number>', 'where it listens; 0: any free port').default(4566).argParser(readPort),
    )
    .addHelpText('after', help)
    .action(local);
}

async function local({ empty = false, ...options }: Options): Promise<void> {
  exitOnSignals();
  await withSentences(serveCloud({ ...options, empty }));
}
