import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { functionName, versionTag } from '../../shared/fleet/names.ts';
import { version } from '../../shared/version.ts';
import type { FleetInCloud } from '../cloud.ts';
import { type Finding, fine, warning } from './finding.ts';

const check = 'version';

/** Is what is deployed of the version that this command is? The scaler's functions carry it as a tag. */
export async function checkVersion({ scaler: { fleet } }: FleetInCloud): Promise<Finding[]> {
  const command = new GetFunctionCommand({ FunctionName: functionName(fleet, 'sweep') });
  try {
    const { Tags = {} } = await new LambdaClient().send(command);
    return [judgeVersion(Tags[versionTag])];
  } catch (error) {
    // Another check says that it is not deployed.
    if ((error as Error).name === 'ResourceNotFoundException') return [];
    throw error;
  }
}

/** @param deployed as the function's tag has it */
export function judgeVersion(deployed: string | undefined): Finding {
  if (deployed === version) return fine(check, `${version}, here and deployed`);
  const advice =
    deployed === undefined || isOlder(deployed, version)
      ? 'npx cdk deploy --all'
      : `npm install rushhour@${deployed}`;
  return warning(
    check,
    `${deployed ?? 'one that does not say which'} is deployed, and this is ${version}`,
    advice,
  );
}

function isOlder(one: string, other: string): boolean {
  return one.localeCompare(other, 'en', { numeric: true }) < 0;
}
