import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { campaign } from '../../simulate/chaos/campaign.ts';

const playsForMs = 60_000;
/** Of the commit, so that each one plays others, and whoever looks for what it found plays the same. */
function seedOfCommit(): number {
  const hash = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
  return Number.parseInt(hash.slice(0, 7), 16);
}

/** As they are drawn, and groups of each provider whose adapter is played. */
const all = [undefined, 'kubernetes', 'tencent', 'alibaba'] as const;

it.each(all)(
  'finds no violation in seeds that nobody has built anything with (%s)',
  async (provider) => {
    const seed = seedOfCommit();
    const end = Date.now() + playsForMs / all.length;
    const goesOn = () => Date.now() < end;
    const { failures, runs } = await campaign({ runs: 1e6, seed, provider, goesOn });
    const only = provider ? ` --provider ${provider}` : '';
    console.log(`${runs} runs from seed ${seed}: npm run chaos -- --seed ${seed} --runs ${runs}${only}`);
    const found = failures.map(({ seed, played }) => `${seed}: ${played.violations[0]!.message}`);
    expect(found).toEqual([]);
    expect(runs).toBeGreaterThan(10);
  },
  playsForMs * 3,
);
