import { PortError, type PortErrorCode } from '../../ports/port-error.ts';

/** Error names of the services that we call, in the ports' words. */
const codes: Readonly<Record<string, PortErrorCode>> = {
  ScalingActivityInProgress: 'Busy',
  ScalingActivityInProgressFault: 'Busy',
  ResourceContention: 'Busy',
  ResourceContentionFault: 'Busy',
  TransactionInProgressException: 'Busy',
  Throttling: 'Throttled',
  ThrottlingException: 'Throttled',
  ThrottledException: 'Throttled',
  TooManyRequestsException: 'Throttled',
  RequestLimitExceeded: 'Throttled',
  ProvisionedThroughputExceededException: 'Throttled',
  LimitExceededException: 'Throttled',
  AccessDenied: 'Denied',
  AccessDeniedException: 'Denied',
  AuthorizationError: 'Denied',
  AuthorizationErrorException: 'Denied',
  UnauthorizedOperation: 'Denied',
  ExpiredToken: 'Denied',
  ExpiredTokenException: 'Denied',
  InvalidClientTokenId: 'Denied',
  UnrecognizedClientException: 'Denied',
  ResourceNotFoundException: 'NotFound',
  ClusterNotFoundException: 'NotFound',
  ServiceNotFoundException: 'NotFound',
  ServiceNotActiveException: 'NotFound',
  NotFound: 'NotFound',
  NotFoundException: 'NotFound',
  TargetGroupNotFound: 'NotFound',
  TargetGroupNotFoundException: 'NotFound',
};

interface ServiceFailure {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: {
    readonly httpStatusCode?: number;
    readonly attempts?: number;
    readonly clockSkewCorrected?: boolean;
  };
}

/** What a service answered, as a `PortError` that says what was tried. The one place that distinguishes AWS's errors. */
export function toPortError(attempt: string, error: unknown): PortError {
  if (error instanceof PortError) return error;
  const failure = error as ServiceFailure;
  return new PortError(codeOf(failure), `${attempt}: ${failure.name}: ${failure.message}`, { cause: error });
}

/** A conditional write whose condition did not hold. By its name: functions carry no error classes of the SDK. */
export function isConditionFailed(error: unknown): error is ServiceFailure {
  return (error as ServiceFailure).name === 'ConditionalCheckFailedException';
}

function codeOf({ name, message, $metadata }: ServiceFailure): PortErrorCode {
  const code = codes[name];
  if (code) return code;
  if (name === 'ValidationError') return validationCode(message);
  const status = $metadata?.httpStatusCode;
  // Without a status nothing came back: a timeout, a closed connection. It may have been done.
  if (status === undefined || status >= 500) return 'Unavailable';
  return status === 429 ? 'Throttled' : 'Invalid';
}

/** In which words Auto Scaling refuses a capacity, and servers that would join or leave beyond the sizes. */
const outOfBounds =
  /(above max|below min) value|outside the (min|max)|exceeds? .*max|update the AutoScalingGroup sizes/i;

/** Auto Scaling has one error for all of these, and only its message distinguishes them. */
function validationCode(message: string): PortErrorCode {
  if (outOfBounds.test(message)) return 'OutOfBounds';
  if (/not found|does not exist/i.test(message)) return 'NotFound';
  return 'Invalid';
}

/**
 * A refusal of what cannot be done twice. When an answer is lost the SDK asks again, and the refusal of the second call says
 * nothing of the first: only the next look can tell what has become of it.
 */
export function doubtIfRepeated(refusal: PortError): PortError {
  const { attempts = 1, clockSkewCorrected } = (refusal.cause as ServiceFailure | undefined)?.$metadata ?? {};
  // Of a first call with a wrong clock the answer has come.
  const isDoubtful = attempts > (clockSkewCorrected ? 2 : 1);
  if (!isDoubtful || refusal.transient) return refusal;
  return new PortError('Unavailable', refusal.message, { cause: refusal.cause });
}

/** Makes a call, and says what was tried when it fails. @throws PortError */
export async function attempt<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toPortError(what, error);
  }
}
