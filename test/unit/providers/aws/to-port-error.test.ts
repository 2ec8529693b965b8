import { describe, expect, it } from 'vitest';
import { PortError } from '../../../../shared/ports/port-error.ts';
import { doubtIfRepeated, toPortError } from '../../../../shared/providers/aws/to-port-error.ts';

function failure(name: string, message = 'no', httpStatusCode?: number): Error {
  return Object.assign(new Error(message), {
    name,
    ...(httpStatusCode && { $metadata: { httpStatusCode } }),
  });
}

describe('an error of AWS', () => {
  it.each([
    [failure('Throttling', 'Rate exceeded', 400), 'Throttled', true],
    [failure('ThrottlingException', 'Rate exceeded', 400), 'Throttled', true],
    [failure('ProvisionedThroughputExceededException', 'no', 400), 'Throttled', true],
    [failure('Whatever', 'slow down', 429), 'Throttled', true],
    [failure('ScalingActivityInProgress', 'busy', 400), 'Busy', true],
    [failure('ResourceContention', 'busy', 500), 'Busy', true],
    [failure('InternalFailure', 'oops', 500), 'Unavailable', true],
    [failure('TimeoutError', 'socket hang up'), 'Unavailable', true],
    [failure('AccessDenied', 'is not authorized to perform', 403), 'Denied', false],
    [failure('AccessDeniedException', 'is not authorized to perform', 400), 'Denied', false],
    [failure('ResourceNotFoundException', 'Requested resource not found', 400), 'NotFound', false],
    [
      failure(
        'ValidationError',
        'New SetDesiredCapacity value 12 is above max value 10 for the AutoScalingGroup.',
        400,
      ),
      'OutOfBounds',
      false,
    ],
    [
      failure(
        'ValidationError',
        'New SetDesiredCapacity value 1 is below min value 3 for the AutoScalingGroup.',
        400,
      ),
      'OutOfBounds',
      false,
    ],
    [
      failure(
        'ValidationError',
        'AutoScalingGroup x has min-size=3, max-size=4, and desired-size=4. To attach 1 instance, please update the AutoScalingGroup sizes appropriately.',
        400,
      ),
      'OutOfBounds',
      false,
    ],
    [
      failure('ValidationError', 'AutoScalingGroup name not found - AutoScalingGroup x not found', 400),
      'NotFound',
      false,
    ],
    [failure('ValidationError', 'Instance i-1 is not in InService.', 400), 'Invalid', false],
    [failure('InvalidParameterValue', 'no', 400), 'Invalid', false],
  ] as const)('%s is told apart', (error, code, transient) => {
    expect(toPortError('try it', error)).toMatchObject({ code, transient, cause: error });
  });

  it('says what was tried', () => {
    const { message } = toPortError(
      'set desired capacity of business to 5',
      failure('AccessDenied', 'no way', 403),
    );
    expect(message).toBe('set desired capacity of business to 5: AccessDenied: no way');
  });

  it.each([
    [{ attempts: 1 }, 'Invalid', false],
    [{ attempts: 2 }, 'Unavailable', true],
    [{ attempts: 2, clockSkewCorrected: true }, 'Invalid', false],
    [{ attempts: 3, clockSkewCorrected: true }, 'Unavailable', true],
  ])('that refuses a call of %o', ($metadata, code, transient) => {
    const refusal = Object.assign(failure('ValidationError', 'i-1 is not part of it'), {
      $metadata: { httpStatusCode: 400, ...$metadata },
    });
    const told = doubtIfRepeated(toPortError('detach i-1', refusal));
    expect(told).toMatchObject({ code, transient, cause: refusal });
  });

  it('is not wrapped twice', () => {
    const error = new PortError('Busy', 'busy');
    expect(toPortError('again', error)).toBe(error);
  });
});
