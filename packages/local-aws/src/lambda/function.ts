import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { PolicyStatement } from '../authorize.ts';
import { ServiceError } from '../service.ts';

/** What is sent where when an asynchronous event has failed for good, and how long it is tried. */
export interface EventInvokeConfig {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  readonly onFailure: string | undefined;
  readonly onSuccess: string | undefined;
}

/** AWS's defaults: two retries, six hours. */
export const defaultEventInvokeConfig: EventInvokeConfig = {
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
  onFailure: undefined,
  onSuccess: undefined,
};

/** A function as the service keeps it. */
export interface LambdaFunction {
  readonly arn: string;
  readonly name: string;
  configuration: FunctionConfiguration;
  environment: Readonly<Record<string, string>>;
  /** Where the unpacked code lies. */
  taskRoot: string;
  /** The archive that it was unpacked from. */
  archive: Uint8Array;
  reservedConcurrency: number | undefined;
  eventInvokeConfig: EventInvokeConfig | undefined;
  readonly statements: Map<string, PolicyStatement>;
}

/**
 * The name in what callers give for a function: a name, a partial or a whole ARN, each perhaps with a qualifier.
 *
 * @throws ServiceError `ResourceNotFoundException` for a qualifier: the local cloud has no versions and aliases.
 */
export function functionNameOf(given: string): string {
  const parts = given.split(':');
  const after = parts.lastIndexOf('function');
  const [name, qualifier] = after >= 0 ? parts.slice(after + 1) : parts;
  if (qualifier && qualifier !== '$LATEST') {
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${given}`, 404, {
      Type: 'User',
    });
  }
  return name!;
}

export function logGroupOf(target: LambdaFunction): string {
  return target.configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${target.name}`;
}
