import type { Fleet } from '../../shared/fleet/fleet.ts';
import { version } from '../../shared/version.ts';
import { Failure } from '../failure.ts';
import type { Change } from './change.ts';
import { changesBetween } from './changes.ts';
import { type DeployedFleet, deployedFleet } from './deployed-fleet.ts';
import type { Comparison } from './render.ts';

/**
 * The fleet of the file against the one that is deployed.
 * @param file the fleet file's path, for the message
 * @throws Failure when what is deployed cannot be read
 */
export async function compare(fleet: Fleet, file: string): Promise<Comparison> {
  const deployed = await deployedFleet(fleet);
  if (!deployed) return { fleet: fleet.name, file, deployed: undefined, changes: [] };
  const { at, version: deployedVersion } = deployed;
  const newer: Change[] =
    deployedVersion === version
      ? []
      : [{ subject: 'scaler', change: 'changed', field: 'version', before: deployedVersion, after: version }];
  const changes = [...newer, ...changesOf(deployed, fleet)];
  return { fleet: fleet.name, file, deployed: { at, version: deployedVersion }, changes };
}

function changesOf({ fleet, version: deployedVersion }: DeployedFleet, file: Fleet): Change[] {
  try {
    return changesBetween(fleet, file);
  } catch (cause) {
    if (deployedVersion === version) throw cause;
    throw new Failure(
      `What rushhour ${deployedVersion} has deployed cannot be read by ${version}: the form has changed.`,
      { advice: 'npx cdk diff tells what a deploy changes.', cause },
    );
  }
}
