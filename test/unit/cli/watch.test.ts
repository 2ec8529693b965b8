import { afterEach, expect, it, vi } from 'vitest';
import { watched } from '../../../cli/watch.ts';

const pause = vi.hoisted(() => vi.fn(async () => {}));
vi.mock('node:timers/promises', () => ({ setTimeout: pause }));
afterEach(() => vi.restoreAllMocks());

it('goes on when a later look fails, and says so', async () => {
  const told: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  const seen: string[] = [];
  const looks = [
    async () => () => void seen.push('first'),
    async () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:9')),
    async () => () => void seen.push('third'),
    // Ctrl-C.
    () => new Promise<never>(() => {}),
  ];
  const ended = watched({ watch: 1 }, () => looks.shift()!());
  await vi.waitFor(() => expect(looks).toEqual([]));
  void ended;
  expect(seen).toEqual(['first', 'third']);
  expect(told.join('')).toContain('connect ECONNREFUSED');
});

it('fails at once when the first look does', async () => {
  await expect(watched({ watch: 1 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
