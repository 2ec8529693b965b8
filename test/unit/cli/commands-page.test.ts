import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandsPage } from '../../../cli/commands-page.ts';

it('is the page of the documentation that is committed', async () => {
  expect(readFileSync('docs/commands.md', 'utf8'), 'npm run reference').toBe(await commandsPage());
});
