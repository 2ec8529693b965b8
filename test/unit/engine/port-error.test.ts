import { expect, it } from 'vitest';
import { PortError } from '../../../shared/ports/port-error.ts';

it('an error of a provider’s bundle, which has a class of its own, is a port error too', () => {
  const other = Object.assign(new Error('denied'), { name: 'PortError', code: 'Denied', transient: false });
  expect(other).toBeInstanceOf(PortError);
  expect(new PortError('Denied', 'denied')).toBeInstanceOf(PortError);
  expect(new Error('PortError')).not.toBeInstanceOf(PortError);
});
