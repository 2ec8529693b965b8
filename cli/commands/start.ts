import { type Command, Option } from 'commander';
import { playDay } from '../../local/play-day.ts';
import { exitOnSignals } from '../../local/run-program.ts';
import { day as dayFormat } from '../../shared/fleet/scalars.ts';
import { exitCodes, Failure } from '../failure.ts';
import { type FleetOptions, takesFleet } from '../fleet-text.ts';
import { readPort } from '../read-port.ts';
import { withSentences } from '../with-sentences.ts';

const help = `
Deploys the fleet to a cloud on this machine's loopback and plays one day of its load, in less than a minute. No account is asked.
Then the cloud stays up, with the console; Ctrl-C ends it.

  $ rushhour start
  $ rushhour start --once --picture day.svg
  $ rushhour start --trace access.csv --day 2026-03-02`;

interface Options extends FleetOptions {
  readonly once?: boolean;
  readonly json?: string;
  readonly picture?: string;
  readonly trace?: string;
  readonly day?: string;
  readonly port: number;
  readonly autoscaled?: boolean;
}

export function define(command: Command): void {
  takesFleet(command)
    .addOption(new Option('--once', 'end after the day'))
    .addOption(new Option('--json <file>', 'write the day as data'))
    .addOption(new Option('--picture <file>', 'draw the day, as SVG'))
    .addOption(
      new Option('--trace <file>', 'play a real log, a CSV of timestamp,requests, scaled to the fleet'),
    )
    .addOption(new Option('--day <day>', 'the local day to play, like 2026-03-02; needed with --trace'))
    .addOption(
      new Option(
        '--autoscaled',
        'of Kubernetes: an autoscaler of the cluster owns each workload (cpu at 70 %)',
      ),
    )
    .addOption(
      new Option('--port <number>', 'where the cloud listens')
        .default(0, 'any free port')
        .argParser(readPort),
    )
    .addHelpText('after', help)
    .action(start);
}

async function start({ once = false, autoscaled = false, day, trace, ...options }: Options): Promise<void> {
  const misused = (message: string) => new Failure(message, { exitCode: exitCodes.misused });
  if (day !== undefined && !dayFormat.safeParse(day).success)
    throw misused(`--day: expected a day as YYYY-MM-DD, found '${day}'`);
  if (trace !== undefined && day === undefined) throw misused('--trace: expected --day YYYY-MM-DD with it');
  exitOnSignals();
  await withSentences(playDay({ ...options, once, autoscaled, day, trace }));
}
