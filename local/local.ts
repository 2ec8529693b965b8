import { parseArgs } from 'node:util';
import { portIn } from './port.ts';
import { runProgram } from './run-program.ts';
import { type CloudOptions, serveCloud } from './serve-cloud.ts';

const usage = `npm run local -- [options]

Starts the local cloud in real time, with the fleet deployed to it, until Ctrl-C.

  --port PORT    where it listens (default: 4566; 0: any free port)
  --empty        deploy nothing
  --fleet FILE   another fleet file (default: FLEET, or fleet.yaml)`;

/** `npm run local`: the local cloud alone, in real time, until it is interrupted. */
await runProgram(() => serveCloud(readOptions()), 'npm run local -- --help says how to use it.');

function readOptions(): CloudOptions {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4566' },
      fleet: { type: 'string', default: process.env['FLEET'] ?? 'fleet.yaml' },
      empty: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  return { ...values, port: portIn(values.port) };
}
