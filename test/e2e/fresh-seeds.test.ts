import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { campaign } from '../../simulate/chaos/campaign.ts';

/** Of the commit, so that each one plays others, and whoever looks for what it found plays the same. */
function seedOfCommit(): number {
  const hash = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
  return Number.parseInt(hash.slice(0, 7), 16);
}

it.each([
  ['a fleet as it is drawn', undefined, 36_000],
  ['ECS', 'ecs', 6_000],
  ['Kubernetes', 'kubernetes', 6_000],
  ['Tencent Cloud', 'tencent', 6_000],
  ['Alibaba Cloud', 'alibaba', 6_000],
] as const)(
  'finds no violation in seeds that nobody has built anything with: %s',
  async (_, provider, playsForMs) => {
    const seed = seedOfCommit();
    const end = Date.now() + playsForMs;
    const goesOn = () => Date.now() < end;
    const { failures, runs } = await campaign({ runs: 1e6, seed, provider, goesOn });
    const which = provider ? ` --provider ${provider}` : '';
    console.log(`${runs} runs from seed ${seed}: npm run chaos -- --seed ${seed} --runs ${runs}${which}`);
    const found = failures.map(({ seed, played }) => `${seed}: ${played.violations[0]!.message}`);
    expect(found).toEqual([]);
    expect(runs).toBeGreaterThan(2);
  },
  120_000,
);
