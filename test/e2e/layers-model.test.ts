import { test } from 'vitest';
import { playHistories } from '../property/domain/layers-histories.ts';

const runs = 20_000;

test(`the engine and the words of docs/layers.md agree on ${runs} histories of layers`, () => {
  const seed = Date.now() % 2 ** 31;
  console.log(`${runs} histories, seed ${seed}`);
  playHistories(runs, seed);
}, 900_000);
