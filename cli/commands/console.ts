import { once } from 'node:events';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CloudBackend } from '../../console/cloud-backend.ts';
import { serveConsole } from '../../console/serve.ts';
import { adviceFor } from '../advice.ts';
import { openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { exitCodes, Failure } from '../failure.ts';
import { print } from '../print.ts';
import { inProgress } from '../progress.ts';

const help = `
Serves the console, one page, on loopback: each group's day as a picture, what makes up its number now, the activity log,
the next 14 days; buttons to bump, pause, resume and adopt. It works with your own credentials, and only for this machine.

  $ rushhour console
  $ rushhour console --port 8080`;

interface ConsoleOptions extends CloudOptions {
  readonly port: number;
}

export function define(command: Command): void {
  takesCloud(command)
    .addOption(
      new Option('--port <number>', 'where it listens').default(0, 'any free port').argParser(readPort),
    )
    .addHelpText('after', help)
    .action(serve);
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('Expected 1 to 65535.');
  return port;
}

async function serve({ port, ...options }: ConsoleOptions): Promise<void> {
  const { scaler } = await inProgress('logging in', openCloud(options));
  const served = await serveConsole(new CloudBackend(scaler), { port, sentenceOf }).catch((cause) => {
    throw new Failure(`Port ${port} cannot be used: ${cause.message}`, {
      advice: 'Take another one, or leave --port away.',
      exitCode: exitCodes.misused,
      cause,
    });
  });
  print(`The console of ${scaler.fleet.name} is at ${served.url}. Ctrl-C ends it.`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await served.close();
}

function sentenceOf(error: Error): string {
  return [error.message, adviceFor(error)].filter(Boolean).join('. ');
}
