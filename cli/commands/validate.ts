import type { Command } from 'commander';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { FleetWarning } from '../../shared/fleet/fleet-warning.ts';
import { InvalidFleet } from '../../shared/fleet/invalid-fleet.ts';
import { warnings } from '../../shared/fleet/warnings.ts';
import { calendarWarnings } from '../../shared/schedule/calendar-warnings.ts';
import { windowWarnings } from '../../shared/schedule/window-warnings.ts';
import { flappingWarnings } from '../../simulate/flapping-warnings.ts';
import { exitCodes } from '../failure.ts';
import { type FleetOptions, fleetTitle, takesFleet } from '../fleet-text.ts';
import { loadFleet } from '../load-fleet.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { styled } from '../terminal.ts';

const help = `
Every mistake is reported at once (of many, the first hundred), each with its line, its path, and what was expected and
found, also of the scripts that the file names; then what the file may say, but probably does not mean:

  $ rushhour validate shop.yaml
  error: shop.yaml has a mistake:
    shop.yaml:9 groups.shop.minSize: expected at most maxSize (4), found 40

Exit codes: 0 no mistake (warnings do not count), 1 mistakes, 2 no such file.`;

export function define(command: Command): void {
  withJsonOption(takesFleet(command))
    .argument('[file]', 'the fleet file, as --fleet')
    .addHelpText('after', help)
    .action(validate);
}

async function validate(file: string | undefined, given: FleetOptions & OutputOptions): Promise<void> {
  const options = file === undefined ? given : { ...given, fleet: file };
  if (options.json) {
    printData(await verdict(options), options);
    return;
  }
  const fleet = loadFleet(options, { withFiles: true });
  const count = Object.keys(fleet.groups).length;
  const holds = `fleet ${fleet.name}, ${count} ${count === 1 ? 'group' : 'groups'}, no mistake`;
  print(`${styled('green', '✓')} ${fleetTitle(options.fleet)}: ${holds}`);
  for (const { path, message } of await allWarnings(fleet))
    print(`${styled('yellow', '!')} ${path}: ${message}`);
}

async function verdict(options: FleetOptions): Promise<object> {
  try {
    const fleet = loadFleet(options, { withFiles: true });
    const groups = Object.keys(fleet.groups);
    return { valid: true, fleet: fleet.name, groups, problems: [], warnings: await allWarnings(fleet) };
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    process.exitCode = exitCodes.failed;
    const { problems, more } = error;
    return { valid: false, problems, ...(more && { more }), warnings: [] };
  }
}

async function allWarnings(fleet: Fleet): Promise<FleetWarning[]> {
  const now = Date.now();
  const ofCalendars = calendarWarnings(fleet, now).map(({ path, message }) => ({ path, message }));
  return [
    ...warnings(fleet),
    ...windowWarnings(fleet, now),
    ...ofCalendars,
    ...(await flappingWarnings(fleet)),
  ];
}
