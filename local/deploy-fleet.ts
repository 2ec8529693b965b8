import { rm } from 'node:fs/promises';
import type { Cloud } from '../packages/local-aws/src/cloud.ts';
import { deployAssembly } from '../packages/local-aws/src/cloudformation/deploy-assembly.ts';
import { scratchFolder } from '../packages/local-aws/src/scratch-folder.ts';
import { synthesize } from './synthesize.ts';

/**
 * Synthesizes a fleet file and deploys what comes of it, which is not kept. The cloud has to be in simulated time.
 * @throws Error with what the CDK app printed, or naming every resource that could not be made
 */
export async function deployFleet(cloud: Cloud, fleetFile: string): Promise<void> {
  const directory = scratchFolder('assembly');
  try {
    await synthesize(fleetFile, directory);
    await deployAssembly(cloud, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
