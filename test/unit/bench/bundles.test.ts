import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { bundlesOf } from '../../../bench/bundles.ts';

it('bundles a bare function with the commands of the real one, and with nothing else of it', () => {
  const { own, bare, trimmed } = bundlesOf('history');
  const [real, nothing] = [own, bare].map(({ path }) => readFileSync(path, 'utf8'));
  for (const command of ['SetDesiredCapacity', 'BatchGetItem', 'DescribeAlarms', 'PutEvents']) {
    expect(real).toContain(command);
    expect(nothing).toContain(command);
  }
  expect(nothing).not.toContain('Powertools');
  expect(trimmed.bytes).toBeLessThan(bare.bytes);
  expect(trimmed.bytes).toBeLessThan(own.bytes);
  rmSync(dirname(own.path), { recursive: true });
});
