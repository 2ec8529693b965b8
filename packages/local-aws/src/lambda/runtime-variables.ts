import type { Cloud } from '../cloud.ts';
import { type LambdaFunction, logGroupOf } from './function.ts';

/**
 * What Lambda itself puts into a function's environment, but for its credentials.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function runtimeVariables(
  { region, endpointUrl, functionVariables }: Cloud,
  target: LambdaFunction,
  logStream: string,
): Record<string, string> {
  const { Handler, Runtime, MemorySize } = target.configuration;
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: target.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(target),
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    LAMBDA_TASK_ROOT: target.taskRoot,
    _HANDLER: Handler!,
    TZ: ':UTC',
    ...(endpointUrl ? { AWS_ENDPOINT_URL: endpointUrl } : {}),
    ...functionVariables,
  };
}
