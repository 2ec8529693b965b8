import { readFileSync, statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { readFleet } from '../shared/fleet/read-fleet.ts';
import { exitCodes, Failure } from './failure.ts';

/** Five hundred groups take a tenth of it. */
const mostBytes = 16 * 1024 * 1024;

export interface FleetOptions {
  readonly fleet: string;
}

/** Adds `--fleet`. */
export function takesFleet(command: Command): Command {
  return command.addOption(new Option('--fleet <file>', 'the fleet file').env('FLEET').default('fleet.yaml'));
}

/**
 * @param withFiles looks at the files that it names, too, as only a deploy needs them
 * @throws InvalidFleet, Failure when there is no such file
 */
export function loadFleet({ fleet: file }: FleetOptions, { withFiles = false } = {}): Fleet {
  return readFleet(textOf(file), file, { withScripts: withFiles });
}

function textOf(file: string): string {
  const refused = (what: string, cause?: unknown) =>
    new Failure(what, {
      advice: 'Go to the folder of your fleet file, or name it: --fleet FILE',
      exitCode: exitCodes.misused,
      cause,
    });
  try {
    const about = statSync(file);
    if (!about.isFile() && !about.isFIFO()) throw refused(`${file} is no file.`);
    if (about.size > mostBytes) throw refused(`${file} has more than 16 MiB, which is no fleet file.`);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw refused(`There is no ${file} to read.`, cause);
  }
}

/** @throws Failure when the fleet has no such group */
export function requireGroup(fleet: Fleet, group: string): void {
  if (Object.hasOwn(fleet.groups, group)) return;
  const names = Object.keys(fleet.groups);
  throw new Failure(`The fleet ${fleet.name} has no group ${group}.`, {
    advice: `It has ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.`,
    exitCode: exitCodes.misused,
  });
}
