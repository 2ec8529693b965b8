import { rm } from 'node:fs/promises';
import type { Cloud } from '@rushhour/local-aws/cloud';
import { deployAssembly } from '@rushhour/local-aws/deploy-assembly';
import { scratchFolder } from '@rushhour/local-aws/scratch-folder';
import { synthesize } from './synthesize.ts';

/**
 * Synthesizes a fleet file and deploys what comes of it, which is not kept. The cloud has to be in simulated time.
 * @throws Error with what the CDK app printed, or naming every resource that could not be made
 */
export async function deployFleet(cloud: Cloud, fleetFile: string): Promise<void> {
  const directory = scratchFolder('assembly');
  try {
    await synthesize(fleetFile, directory, cloud.eventQueue.now());
    await deployAssembly(cloud, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
