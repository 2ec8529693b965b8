import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const pages = globSync(['*.md', 'docs/**/*.md', 'test/*.md', 'packages/*/*.md']);
const read = (file: string) => readFileSync(file, 'utf8');
const codeBlock = /```.*?```/gs;

/** What a page leads to and shows, as written. */
function targetsOf(file: string): string[] {
  const text = read(file).replace(codeBlock, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
}

/** The names by which GitHub lets one link to a page's headings. */
function anchorsOf(file: string): string[] {
  return [
    ...read(file)
      .replace(codeBlock, '')
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

function isDead(from: string, target: string): boolean {
  if (/^https?:/.test(target)) return false;
  const [path, anchor] = target.split('#');
  const file = path ? join(dirname(from), path) : from;
  return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
}

it.each(pages)('%s leads nowhere that there is not', (file) => {
  expect(targetsOf(file).filter((target) => isDead(file, target))).toEqual([]);
});

describe.each(['README.zh-CN.md', 'README.ko.md'])('%s', (translated) => {
  const english = 'README.md';

  it('has the same commands', () => {
    const commandsOf = (file: string) =>
      [...read(file).matchAll(codeBlock)].map(([block]) =>
        block.replace(/ +#.*/g, '').replace(/--reason ".*"/g, '--reason'),
      );
    expect(commandsOf(translated)).toEqual(commandsOf(english));
  });

  it('leads to the same pages', () => {
    const pagesOf = (file: string) => targetsOf(file).filter((target) => /\.md$/.test(target));
    expect(new Set([...pagesOf(translated), translated])).toEqual(new Set([...pagesOf(english), english]));
  });

  it('has the same sections', () => {
    const levelsOf = (file: string) => read(file).match(/^#+ /gm);
    expect(levelsOf(translated)).toEqual(levelsOf(english));
  });
});

describe('A page of decisions', () => {
  const decisions = pages.filter((file) => /^docs\/decisions\/\d/.test(file));

  it.each(decisions)('%s says why, what, what follows, and what holds it', (file) => {
    const text = read(file);
    expect(text.match(/^## .+$/gm)).toEqual(['## Context', '## Decision', '## Consequence', '## Held by']);
    expect(text).toMatch(/^\*\d{4}-\d\d-\d\d\*$/m);
    expect(text).toMatch(/^- Code: /m);
    expect(text).toMatch(/^- Test: /m);
  });

  it('is in the list', () => {
    const listed = targetsOf('docs/decisions/README.md').map((target) => join('docs/decisions', target));
    expect(listed.sort()).toEqual(decisions.sort());
  });
});

/** A file moves, and a page goes on naming the old place. */
it.each(pages.filter((file) => file !== 'CHANGELOG.md'))('%s names no file that is gone', (file) => {
  const rooms = 'bench|cli|console|functions|infra|local|packages|shared|simulate|test|verify';
  const named = [...read(file).matchAll(new RegExp(`\`((?:${rooms})/[\\w./-]+)\``, 'g'))].map(
    ([, path]) => path!,
  );
  const from = file.startsWith('packages/') ? dirname(file) : '.';
  expect(named.filter((path) => !existsSync(path) && !existsSync(join(from, path)))).toEqual([]);
});

/** A table's row and a line of code are as long as they are; what commands, reasons and the reference say is generated. */
it.each(pages.filter((file) => !/(reference|commands|reasons|cost|zh-CN|ko)\.md$/.test(file)))(
  '%s has lines of at most 120 characters',
  (file) => {
    const lines = read(file).replace(codeBlock, '').split('\n');
    const long = lines.filter((line) => line.length > 120 && !/^\s*[|<]|^#|^ {4}|\]\(\S+\)/.test(line));
    expect(long).toEqual([]);
  },
);
