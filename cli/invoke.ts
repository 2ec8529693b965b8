import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { functionName } from '../shared/fleet/names.ts';
import { callLambda } from '../shared/providers/aws/call-lambda.ts';
import { invokeDeployed } from '../shared/providers/aws/invoke-deployed.ts';
import { exitCodes, Failure } from './failure.ts';

/** Longer than a function of the scaler may run. */
const patienceMs = 70_000;
/** Those that may run longer than others; only `redrive` calls them. */
const longPatienceMs: Readonly<Record<string, number>> = { learn: 310_000, release: 910_000 };

/**
 * Calls a function of the deployed scaler and waits for its answer.
 * @throws Failure with what the function said, when it threw or could not use what it was asked, or is none of ours
 */
export async function invoke<Answer>(fleet: Fleet, name: string, payload: object): Promise<Answer> {
  const lambda = new LambdaClient({ requestHandler: { requestTimeout: longPatienceMs[name] ?? patienceMs } });
  const result = await invokeDeployed<Answer>(callLambda(lambda), fleet, name, payload);
  switch (result.kind) {
    case 'answered':
      return result.answer;
    case 'threw':
      throw thrown(functionName(fleet, name), result);
    case 'unreadable':
      // Another function under the same name may answer anything.
      throw new Failure(
        `${functionName(fleet, name)} answered what is no JSON: ${result.text.slice(0, 80)}`,
        {
          advice: "Is that function the scaler's, and of this version? npx cdk diff shows it.",
          cause: result.cause,
        },
      );
  }
}

function thrown(
  functionName: string,
  { errorType, message }: { errorType: string | undefined; message: string },
): Failure {
  if (errorType === 'InvalidEvent') return new Failure(message, { exitCode: exitCodes.misused });
  return new Failure(`${functionName}: ${message}`, {
    advice: `Nothing is half done: what was begun, the next sweep finishes. ${
      errorType === 'Unsettled' ? 'Ask again in a minute.' : 'rushhour doctor looks for the cause.'
    }`,
  });
}
