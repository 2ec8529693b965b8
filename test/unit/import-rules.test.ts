import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

/** Who may import whom, besides itself. `types of x`: nothing that is left when types are stripped. */
const rules: Record<string, readonly string[]> = {
  'shared/domain': ['types of shared/fleet'],
  'shared/fleet': ['zod', 'yaml', 'croner', 'node:'],
  'shared/schedule': ['shared/fleet', 'types of shared/domain'],
  'shared/ports': ['shared/domain', 'shared/fleet'],
  'shared/aws': ['shared/ports', 'shared/domain', 'shared/fleet', '@aws-sdk/', 'node:'],
  'shared/memory': ['shared/ports', 'shared/domain', 'shared/fleet'],
  'shared/runtime': ['shared/', '@middy/core', '@aws-lambda-powertools/', 'zod/mini', 'node:'],
  shared: ['shared/'],
  functions: ['shared/', 'zod/mini'],
  infra: ['shared/fleet', 'shared/schedule', 'aws-cdk-lib', 'constructs', 'cdk-nag', 'esbuild', 'node:'],
  'local/world': ['shared/fleet', 'node:'],
  'local/simulate': ['functions', 'shared/', 'local/world', 'node:'],
  // Never shared/aws: the adapters are proved against independent code.
  'local/cloud': [
    'local/world',
    '@aws-sdk/',
    '@smithy/core',
    'dynalite',
    'fast-xml-parser',
    'zod',
    'yaml',
    'croner',
    'node:',
  ],
  local: ['shared/', 'local/', 'functions', 'console', 'any package'],
  cli: ['shared/', 'local/', 'console', 'bench', 'any package'],
  console: ['shared/', 'local/', 'any package'],
  // Of infra only how functions are bundled, to bundle what they are compared with in the same way.
  bench: ['shared/', 'local/', 'infra/bundling.ts', 'any package'],
};

/** One function never imports another: what they share is in `shared`. */
const apart = ['functions'];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const imported = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gms;

function importsOf(file: string): Import[] {
  return [...readFileSync(file, 'utf8').matchAll(imported)].map(([, type, from, lazy]) => {
    const target = from ?? lazy!;
    const resolved = target.startsWith('.') ? posix.join(posix.dirname(file), target) : target;
    return { file, target: resolved, typeOnly: type !== undefined };
  });
}

function roomOf(path: string): string | undefined {
  return Object.keys(rules).find((room) => path.startsWith(`${room}/`));
}

function isAllowed({ file, target, typeOnly }: Import): boolean {
  const room = roomOf(file)!;
  if (roomOf(target) === room) return !apart.includes(room);
  return rules[room]!.some((rule) => {
    if (rule === 'any package') return roomOf(target) === undefined && !target.startsWith('test/');
    const [, types] = rule.match(/^types of (.+)$/) ?? [];
    const allowed = types ?? rule;
    return (typeOnly || !types) && (target === allowed || target.startsWith(within(allowed)));
  });
}

function within(allowed: string): string {
  return allowed.endsWith('/') || allowed.endsWith(':') ? allowed : `${allowed}/`;
}

const files = await Array.fromAsync(glob(Object.keys(rules).map((room) => `${room}/**/*.ts`)));

test('every folder imports only what it may', () => {
  const wrong = [...new Set(files)].flatMap(importsOf).filter((one) => !isAllowed(one));
  expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test('the decision engine reads no clock, draws no random number and sees no environment', () => {
  const impure =
    /\bDate\.now\(|new Date\(\)|Math\.random\(|\bprocess\.|\bperformance\.|\bconsole\.|\bfetch\(/;
  const engine = files.filter((file) => file.startsWith('shared/domain/'));
  expect(engine.length).toBeGreaterThan(20);
  expect(engine.filter((file) => impure.test(readFileSync(file, 'utf8')))).toEqual([]);
});
