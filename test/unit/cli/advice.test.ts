import { expect, it } from 'vitest';
import { adviceFor } from '../../../cli/advice.ts';
import { PortError } from '../../../shared/ports/port-error.ts';

const named = (name: string, message = '') => Object.assign(new Error(message), { name });

it.each([
  [named('InvalidInstanceID.NotFound', "The instance ID 'i-1' does not exist"), 'Is that its id'],
  [named('QueueDoesNotExist', 'The specified queue does not exist.'), 'Is the fleet deployed'],
  [named('ResourceNotFoundException', 'Requested resource not found'), 'Is the fleet deployed'],
  [new Error('read the ledger', { cause: named('ExpiredTokenException') }), 'Log in again'],
  [
    new PortError(
      'Unavailable',
      'describe 1 groups: ess.aliyuncs.com: getaddrinfo ENOTFOUND ess.aliyuncs.com',
    ),
    'Check the region that the fleet file gives the group',
  ],
  [
    new PortError('Unavailable', 'cluster shop: read /apis/apps/v1: 10.0.0.1: no answer within 5 s', {
      cause: named('TimeoutError'),
    }),
    'Check that the cluster is there and reached from here',
  ],
  [new AggregateError([named('Error', 'connect ECONNREFUSED ::1:4566')]), 'Nothing answers there'],
])('%s: says what to do', (error, advice) => {
  expect(adviceFor(error)).toContain(advice);
});

it('names the keys of the local cloud where it is asked without any', () => {
  const error = named('CredentialsProviderError', 'Could not load credentials from any providers');
  expect(adviceFor(error, 'http://127.0.0.1:4566')).toContain('AWS_ACCESS_KEY_ID=local');
  expect(adviceFor(error, 'https://sts.eu-central-1.amazonaws.com')).toContain('aws sso login');
  expect(adviceFor(error, undefined)).toContain('aws sso login');
});

it('has none for a mistake in the program', () => {
  expect(adviceFor(new TypeError('x is not a function'))).toBeUndefined();
});

it('adds none to what another cloud has refused, which says itself what to do', () => {
  const refused =
    'describe 1 groups: InvalidScalingGroupId.NotFound: The specified scaling group does not exist. (does the group exist?)';
  expect(adviceFor(new PortError('NotFound', refused))).toBeUndefined();
});
