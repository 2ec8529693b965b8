import { expect, it } from 'vitest';
import { functions } from '../../../infra/functions.ts';
import { functionNames } from '../../../shared/fleet/names.ts';

it('knows every function that is deployed, to look after them', () => {
  expect([...functionNames].sort()).toEqual(Object.keys(functions).sort());
});
