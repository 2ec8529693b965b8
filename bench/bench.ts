import { parseArgs } from 'node:util';

/** Every benchmark is a module with a `run(arguments)`; it is loaded only when asked for. */
const benchmarks: Record<string, { module: string; about: string }> = {
  traces: {
    module: './traces.ts',
    about:
      '[DIR | --family daily,crowds,…] [--quick] [--footing late,fresh] [--boot 1,3,5] [--mean 5,20,100] [--json FILE] [--picture FILE]',
  },
  decide: { module: './decide.ts', about: '[--json FILE]' },
  functions: { module: './functions.ts', about: '[--json FILE]' },
  adverse: { module: './adverse.ts', about: '' },
  services: { module: './services.ts', about: '[--json FILE]' },
  clusters: { module: './clusters.ts', about: '[--json FILE]' },
  loop: { module: './loop.ts', about: '[--json FILE]' },
};

const { positionals } = parseArgs({ allowPositionals: true, strict: false });
const name = positionals[0] ?? '';
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (benchmark) {
  const { run } = await import(benchmark.module);
  await run(process.argv.slice(process.argv.indexOf(name) + 1));
} else {
  const usage = Object.entries(benchmarks).map(([key, { about }]) => `  npm run bench -- ${key} ${about}`);
  console.error(['Which benchmark?', ...usage].join('\n'));
  process.exitCode = 2;
}
