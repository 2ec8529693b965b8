import { expect, it, vi } from 'vitest';
import { operatorName } from '../../../shared/runtime/operator-name.ts';

vi.mock('node:os', () => ({
  userInfo: () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  },
}));

it('has a name even where the system knows none, as in a container that runs under a number', () => {
  vi.stubEnv('USER', 'ann');
  expect(operatorName()).toBe('ann');
  vi.stubEnv('USER', '');
  expect(operatorName()).toMatch(/^uid-\d+$/);
  vi.unstubAllEnvs();
});
