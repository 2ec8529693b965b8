import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { CallLambda } from './invoke-deployed.ts';

/** `Invoke` through the SDK. Payloads that change something carry a request id, so that its retries are harmless. */
export function callLambda(lambda: LambdaClient): CallLambda {
  return async (FunctionName, payload) => {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: payload }),
    );
    return { FunctionError, text: Payload?.transformToString() ?? '' };
  };
}
