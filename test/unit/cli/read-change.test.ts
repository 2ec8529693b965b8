import { expect, it } from 'vitest';
import { readChange } from '../../../cli/read-change.ts';

it.each([
  ['+2', 2],
  ['-1', -1],
  ['−1', -1],
  ['–1', -1],
  ['＋3', 3],
  ['－3', -3],
])('reads %s, whichever sign it was typed or pasted with', (text, change) => {
  expect(readChange(text)).toBe(change);
});

it('asks for the sign: a number without one may be meant as a total', () => {
  expect(() => readChange('2')).toThrow(
    'Expected a sign: +2 adds 2, -2 takes 2 away; rushhour set makes it 2',
  );
});

it.each(['', '+', '0', '+0', '+1.5', '+-1', '--1', '+12345', 'two'])('refuses %j', (text) => {
  expect(() => readChange(text)).toThrow('Expected a change like +2 or -1.');
});
