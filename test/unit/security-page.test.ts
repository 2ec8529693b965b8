import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const rows = readFileSync('SECURITY.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, file, name] = /^\|.*\| `([^`]+\.test\.ts)`: (.+) \|$/.exec(line) ?? [];
    return file && name ? [{ file, name }] : [];
  });

it('knows the threats', () => {
  const page = readFileSync('SECURITY.md', 'utf8');
  const table = page
    .slice(page.indexOf('## Threats'))
    .split('\n')
    .filter((line) => line.startsWith('|'));
  // But for its head, each line has a test.
  expect(rows).toHaveLength(table.length - 2);
  expect(rows.length).toBeGreaterThan(20);
});

it.each(rows)('has the test that it names: $file, $name', ({ file, name }) => {
  expect(existsSync(file), file).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain(`'${name}'`);
});
