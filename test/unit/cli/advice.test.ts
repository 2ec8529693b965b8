import { expect, it } from 'vitest';
import { adviceFor } from '../../../cli/advice.ts';

const named = (name: string, message = '') => Object.assign(new Error(message), { name });

it.each([
  [named('InvalidInstanceID.NotFound', "The instance ID 'i-1' does not exist"), 'Is that its id'],
  [named('QueueDoesNotExist', 'The specified queue does not exist.'), 'Is the fleet deployed'],
  [named('ResourceNotFoundException', 'Requested resource not found'), 'Is the fleet deployed'],
  [new Error('read the ledger', { cause: named('ExpiredTokenException') }), 'Log in again'],
  [new AggregateError([named('Error', 'connect ECONNREFUSED ::1:4566')]), 'Nothing answers there'],
])('%s: says what to do', (error, advice) => {
  expect(adviceFor(error)).toContain(advice);
});

it('has none for a mistake in the program', () => {
  expect(adviceFor(new TypeError('x is not a function'))).toBeUndefined();
});
