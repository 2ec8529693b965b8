import { EventEmitter } from 'node:events';
import autocannon from 'autocannon';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { define } from '../../../cli/commands/load.ts';

vi.mock('autocannon', () => ({ default: vi.fn() }));

let told: { stdout: string; stderr: string };
beforeEach(() => {
  told = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      told[name] += text;
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

type Done = (error: Error | null, result: autocannon.Result) => void;

/** Answers as autocannon does: what comes in each second, then the whole. */
function answering(seconds: readonly (readonly number[])[], whole: Partial<autocannon.Result> = {}) {
  const running = Object.assign(new EventEmitter(), { stop: vi.fn() });
  const requests = seconds.flat().length;
  const result = {
    requests: { total: requests },
    latency: { p50: 4, p90: 8, p99: 9, max: 12 },
    duration: seconds.length,
    ...{ errors: 0, timeouts: 0, non2xx: 0 },
    ...whole,
  };
  vi.mocked(autocannon).mockImplementation(((_options: autocannon.Options, done: Done) => {
    queueMicrotask(() => {
      for (const latencies of seconds) {
        for (const latency of latencies) running.emit('response', {}, 200, 100, latency);
        running.emit('tick', {});
      }
      done(null, result as autocannon.Result);
    });
    return running;
  }) as never);
}

async function load(...args: string[]): Promise<void> {
  const command = new Command('load').exitOverride();
  define(command);
  await command.parseAsync(args, { from: 'user' });
}

const shop = ['--url', 'http://shop.example.com/health'];

describe('rushhour load', () => {
  it('asks as many at a time, as often, and as long as it is told', async () => {
    answering([[1]]);
    await load(...shop, '--users', '20', '--rate', '300', '--duration', '7', '--json');
    expect(vi.mocked(autocannon).mock.lastCall![0]).toEqual({
      url: 'http://shop.example.com/health',
      connections: 20,
      overallRate: 300,
      duration: 7,
    });
  });

  it('tells every second how many were answered and how fast, and sums up', async () => {
    answering([[2, 3, 4], [], [10, 5]]);
    await load(...shop, '--duration', '3');
    expect(told.stdout.split('\n')).toEqual([
      '    1 s        3 requests/s  3.0 ms',
      '    2 s        0 requests/s  no answer',
      '    3 s        2 requests/s  7.5 ms',
      '',
      '5 requests in 3 s, 2 a second',
      'latency: half within 4 ms, 90 % within 8 ms, 99 % within 9 ms, at most 12 ms',
      'failed: 0 broken, 0 without an answer in time, 0 answered without success',
      '',
    ]);
    expect(process.exitCode).toBeUndefined();
  });

  it('counts no second while the last answers are awaited', async () => {
    answering([[2], [2], [2]]);
    await load(...shop, '--duration', '2');
    expect(told.stdout.match(/requests\/s/g)).toHaveLength(2);
  });

  it('sums up at once when a person ends it, and does not call what was never asked unanswered', async () => {
    const running = Object.assign(new EventEmitter(), { stop: vi.fn() });
    const result = { requests: { total: 1 }, latency: {}, duration: 1, errors: 0, timeouts: 0, non2xx: 0 };
    vi.mocked(autocannon).mockImplementation(((_options: autocannon.Options, done: Done) => {
      running.stop.mockImplementation(() => {
        running.emit('tick', {});
        done(null, result as autocannon.Result);
      });
      queueMicrotask(() => {
        running.emit('response', {}, 200, 100, 1);
        running.emit('tick', {});
        process.emit('SIGINT');
      });
      return running;
    }) as never);
    await load(...shop);
    expect(told.stdout.match(/requests\/s/g)).toHaveLength(1);
    expect(told.stdout).toContain('1 requests in 1 s');
  });

  it.each(['errors', 'timeouts', 'non2xx'] as const)(
    'gives programs the result only, and exits with 1 for %s',
    async (kind) => {
      answering([[2, 3]], { [kind]: 1 });
      await load(...shop, '--json');
      expect(JSON.parse(told.stdout)).toMatchObject({ requests: 2, seconds: 1, [kind]: 1 });
      expect(process.exitCode).toBe(1);
    },
  );

  it('says so when nothing answers', async () => {
    answering([[]], { errors: 5 });
    await expect(load(...shop)).rejects.toMatchObject({
      message: 'http://shop.example.com/health answered nothing.',
      exitCode: 1,
    });
  });

  /** A server that is there for so many seconds, and then refuses. */
  function refusingAfter(seconds: number) {
    const running = Object.assign(new EventEmitter(), { stop: vi.fn() });
    const refusal = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const latency = { p50: 1, p90: 1, p99: 1, max: 1 };
    const result = {
      requests: { total: seconds },
      latency,
      duration: seconds,
      errors: 1,
      timeouts: 0,
      non2xx: 0,
    };
    vi.mocked(autocannon).mockImplementation(((_options: autocannon.Options, done: Done) => {
      running.stop.mockImplementation(() => queueMicrotask(() => done(null, result as autocannon.Result)));
      queueMicrotask(() => {
        for (let second = 0; second < seconds; second++) {
          running.emit('response', {}, 200, 100, 1);
          running.emit('tick', {});
        }
        running.emit('reqError', refusal);
        running.emit('tick', {});
      });
      return running;
    }) as never);
    return running;
  }

  it('stops at once where nobody listens: to go on would measure nothing', async () => {
    const running = refusingAfter(0);
    await expect(load(...shop)).rejects.toMatchObject({
      message: 'Nobody listens at http://shop.example.com/health: connect ECONNREFUSED',
      exitCode: 1,
    });
    expect(running.stop).toHaveBeenCalled();
  });

  it('stops when nobody listens any more, and sums up what it has measured', async () => {
    refusingAfter(2);
    await load(...shop);
    expect(told.stdout).toMatch(/^2 requests in 2 s/m);
    expect(told.stdout).toContain('stopped: nobody listens there any more (connect ECONNREFUSED)');
    expect(process.exitCode).toBe(1);
  });

  it.each(['shop.example.com', 'ftp://shop.example.com', ''])('refuses the address %j', async (url) => {
    await expect(load('--url', url)).rejects.toThrow(
      'Expected an address like https://shop.example.com/health.',
    );
  });

  it.each(['0', '1.5', 'many', '10001'])('refuses %j users', async (users) => {
    await expect(load(...shop, '--users', users)).rejects.toThrow('Expected a whole number from 1 to 10000.');
  });
});
