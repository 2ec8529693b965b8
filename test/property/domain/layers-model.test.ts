import { test } from 'vitest';
import { playHistories } from './layers-histories.ts';

const runs = 2_000;

test(`the engine and the words of docs/layers.md agree on ${runs} histories of layers`, () => {
  const seed = Date.now() % 2 ** 31;
  console.log(`${runs} histories, seed ${seed}`);
  playHistories(runs, seed);
});
