import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { strFromU8, unzipSync } from 'fflate';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { functionName } from '../../shared/fleet/names.ts';
import { Failure } from '../failure.ts';
import { paced } from '../paced.ts';

/** What was deployed last. */
export interface DeployedFleet {
  /** As it was laid out then. */
  readonly fleet: Fleet;
  /** Of the scaler that it was deployed with. */
  readonly version: string;
  /** ISO-8601 */
  readonly at: string;
}

const patienceMs = 30_000;
/** A bundle has one or two megabytes. */
const mostBytes = 100_000_000;
const laidBeside = ['fleet.json', 'rushhour.json'] as const;

/**
 * The fleet that lies beside the deployed functions, from the archive of one of them. It takes `lambda:GetFunction`.
 * @returns undefined when the scaler is not deployed
 * @throws Failure when the archive cannot be read, or holds no fleet
 */
export async function deployedFleet(fleet: Fleet): Promise<DeployedFleet | undefined> {
  const name = functionName(fleet, 'sweep');
  const found = await lookUp(name);
  if (!found) return undefined;
  const files = filesOf(name, await download(name, found.location));
  const [policy, about] = laidBeside.map((file) => files[file]);
  if (!policy || !about)
    throw new Failure(`${name} has no ${policy ? laidBeside[1] : laidBeside[0]} beside its code.`, {
      advice:
        "It was deployed by another version, or is not the scaler's: npx cdk diff tells what a deploy changes.",
    });
  return {
    fleet: parsed(name, policy) as Fleet,
    version: (parsed(name, about) as { version: string }).version,
    at: new Date(found.lastModified).toISOString(),
  };
}

async function lookUp(FunctionName: string): Promise<{ location: string; lastModified: string } | undefined> {
  try {
    const { Code, Configuration } = await paced(new LambdaClient()).send(
      new GetFunctionCommand({ FunctionName }),
    );
    return { location: Code?.Location ?? '', lastModified: Configuration?.LastModified ?? '' };
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function download(name: string, location: string): Promise<Uint8Array> {
  try {
    const response = await fetch(location, { signal: AbortSignal.timeout(patienceMs) });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new Failure(`The code of ${name} could not be got: ${(cause as Error).message}`, {
      advice: 'Lambda keeps it in S3: is that to be reached from here?',
      cause,
    });
  }
}

function filesOf(name: string, archive: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(archive, {
      filter: (file) => laidBeside.some((each) => each === file.name) && file.originalSize < mostBytes,
    });
  } catch (cause) {
    throw new Failure(`The code of ${name} is no zip archive.`, { cause });
  }
}

function parsed(name: string, file: Uint8Array): unknown {
  try {
    return JSON.parse(strFromU8(file));
  } catch (cause) {
    throw new Failure(`What lies beside the code of ${name} is no JSON.`, { cause });
  }
}
