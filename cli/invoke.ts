import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { functionName } from '../shared/fleet/names.ts';
import { exitCodes, Failure } from './failure.ts';

/** Longer than a function of the scaler may run. */
const patienceMs = 70_000;
/** Those that may run longer than others; only `redrive` calls them. */
const longPatienceMs: Readonly<Record<string, number>> = { learn: 310_000, release: 910_000 };

/**
 * Calls a function of the deployed scaler and waits for its answer. Payloads that change something carry a request id,
 * so that the SDK's retries are harmless.
 * @throws Failure with what the function said, when it threw or could not use what it was asked, or is none of ours
 */
export async function invoke<Answer>(fleet: Fleet, name: string, payload: object): Promise<Answer> {
  const lambda = new LambdaClient({ requestHandler: { requestTimeout: longPatienceMs[name] ?? patienceMs } });
  const FunctionName = functionName(fleet, name);
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
  );
  const answer = parsed(FunctionName, Payload?.transformToString() || 'null');
  if (answer?.errorType === 'InvalidEvent')
    throw new Failure(answer.errorMessage, { exitCode: exitCodes.misused });
  if (FunctionError)
    throw new Failure(`${FunctionName}: ${answer?.errorMessage ?? FunctionError}`, {
      advice: `Nothing is half done: what was begun, the next sweep finishes. ${
        answer?.errorType === 'Unsettled' ? 'Ask again in a minute.' : 'rushhour doctor looks for the cause.'
      }`,
    });
  return answer as Answer;
}

/** Whoever deploys another function under the name answers what he likes. */
// biome-ignore lint/suspicious/noExplicitAny: each function's answer is its caller's to know.
function parsed(functionName: string, text: string): any {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure(`${functionName} answered what is no JSON: ${text.slice(0, 80)}`, {
      advice: "Is that function the scaler's, and of this version? npx cdk diff shows it.",
      cause,
    });
  }
}
