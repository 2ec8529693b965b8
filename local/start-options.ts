import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { day } from '../shared/fleet/scalars.ts';
import { portIn } from './port.ts';

const usage = `npm start -- [options]

Deploys the fleet to a local cloud and plays one day of its load.

  --once              end after the day; otherwise the cloud stays up
  --json FILE         write the day as data
  --picture FILE      draw the day, as SVG
  --trace FILE        play a real log, a CSV of timestamp,requests, scaled to the fleet
  --day YYYY-MM-DD    the local day to play (of the log: needed with --trace)
  --kill GROUP@HH:MM  a server of this group dies then, to see what becomes of it
  --autoscaled        of Kubernetes: an autoscaler of the cluster owns each workload (cpu at 70 %)
  --fleet FILE        another fleet file (default: FLEET, or fleet.yaml)
  --port PORT         where the cloud listens afterwards (default: any free port)`;

/** A death that was ordered. */
interface Kill {
  readonly group: string;
  /** Minutes after midnight, by the fleet's clock. */
  readonly minute: number;
}

export interface StartOptions {
  readonly once: boolean;
  readonly autoscaled: boolean;
  readonly json?: string | undefined;
  readonly picture?: string | undefined;
  readonly trace?: string | undefined;
  readonly day?: string | undefined;
  readonly kill?: Kill | undefined;
  readonly fleet: string;
  readonly port: number;
}

/**
 * What `npm start` was asked for. What cannot be done is said before the day, not after it. Asked for help, it gives it and ends.
 * @throws Error
 */
export function readStartOptions(): StartOptions {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      autoscaled: { type: 'boolean', default: false },
      json: { type: 'string' },
      picture: { type: 'string' },
      trace: { type: 'string' },
      day: { type: 'string' },
      kill: { type: 'string' },
      fleet: { type: 'string', default: process.env['FLEET'] ?? 'fleet.yaml' },
      port: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  if (values.day !== undefined && !day.safeParse(values.day).success)
    throw new Error(`--day: expected a day as YYYY-MM-DD, found '${values.day}'`);
  if (values.trace !== undefined && values.day === undefined)
    throw new Error('--trace: expected --day YYYY-MM-DD with it');
  for (const file of [values.json, values.picture]) if (file !== undefined) requireFolderOf(file);
  return { ...values, kill: killIn(values.kill), port: portIn(values.port) };
}

function killIn(text: string | undefined): Kill | undefined {
  if (text === undefined) return undefined;
  const [, group, hours, minutes] = /^([a-z0-9-]+)@([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (group === undefined) throw new Error(`--kill: expected GROUP@HH:MM, found '${text}'`);
  return { group, minute: Number(hours) * 60 + Number(minutes) };
}

function requireFolderOf(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (cause) {
    throw new Error(`There is no folder ${dirname(file)} to write into: ${file}`, { cause });
  }
}
