import { afterEach, describe, expect, it, vi } from 'vitest';
import { CloudAgenda } from '../src/agenda.ts';

const start = Date.parse('2026-03-02T00:00:00Z');

describe('the agenda in simulated time', () => {
  it('jumps from entry to entry, in the order of time and then of entering', async () => {
    const agenda = new CloudAgenda(start);
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name} at +${agenda.now() - start}`);
    agenda.at(start + 20, 'c', note('c'));
    agenda.at(start + 10, 'a', note('a'));
    agenda.at(start + 10, 'b', note('b'));
    await agenda.runUntil(start + 50);
    expect(seen).toEqual(['a at +10', 'b at +10', 'c at +20']);
    expect(agenda.now()).toBe(start + 50);
  });

  it('stands still while an entry runs, and runs no other meanwhile', async () => {
    const agenda = new CloudAgenda(start);
    const seen: string[] = [];
    agenda.at(start + 10, 'slow', async () => {
      seen.push('begins');
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`ends at +${agenda.now() - start}`);
    });
    agenda.at(start + 10, 'next', () => void seen.push('next'));
    await agenda.runUntil(start + 10);
    expect(seen).toEqual(['begins', 'ends at +10', 'next']);
  });

  it('runs what is entered for the past at once, after what is due already', async () => {
    const agenda = new CloudAgenda(start);
    const seen: number[] = [];
    agenda.at(start + 10, 'first', () => {
      agenda.at(start, 'late', () => void seen.push(agenda.now() - start));
    });
    agenda.at(start + 10, 'second', () => void seen.push(-1));
    await agenda.runUntil(start + 10);
    expect(seen).toEqual([-1, 10]);
  });

  it('forgets what is cancelled, and keeps what is due later', async () => {
    const agenda = new CloudAgenda(start);
    const seen: string[] = [];
    const cancel = agenda.at(start + 5, 'cancelled', () => void seen.push('cancelled'));
    agenda.at(start + 60, 'later', () => void seen.push('later'));
    cancel();
    await agenda.runUntil(start + 50);
    expect(seen).toEqual([]);
    await agenda.runUntil(start + 60);
    expect(seen).toEqual(['later']);
  });

  it('lets an error out to whoever runs it', async () => {
    const agenda = new CloudAgenda(start);
    agenda.at(start + 1, 'broken', () => {
      throw new Error('broken');
    });
    await expect(agenda.runUntil(start + 1)).rejects.toThrow('broken');
  });
});

describe('the agenda in real time', () => {
  afterEach(() => void vi.useRealTimers());

  it('follows the machine’s clock times its speed, and can be paused', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const agenda = new CloudAgenda(start);
    const seen: number[] = [];
    agenda.at(start + 60_000, 'minute', () => void seen.push(agenda.now() - start));
    agenda.follow(60);
    await vi.advanceTimersByTimeAsync(999);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toEqual([60_000]);
    agenda.pause();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(agenda.now()).toBe(start + 60_000);
  });

  it('stands still while an entry runs, when it is faster than the machine’s clock', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const agenda = new CloudAgenda(start);
    const seen: number[] = [];
    const secondOfMachine = () => new Promise((resolve) => setTimeout(resolve, 1000));
    agenda.at(start + 60_000, 'takes a second', async () => {
      await secondOfMachine();
      seen.push(agenda.now() - start, agenda.speed);
    });
    agenda.at(start + 61_000, 'next', () => void seen.push(agenda.now() - start));
    agenda.follow(60);
    await vi.advanceTimersByTimeAsync(1999);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toEqual([60_000, 0]);
    expect(agenda.speed).toBe(60);
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen).toEqual([60_000, 0, 61_000]);
    expect(agenda.now()).toBe(start + 120_000);
  });

  it('stands still while somebody outside waits for an answer, when it is faster than the machine’s clock', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const agenda = new CloudAgenda(start);
    const seen: number[] = [];
    const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));
    agenda.at(start + 90_000, 'due meanwhile', () => void seen.push(agenda.now() - start));
    agenda.follow(60);
    await vi.advanceTimersByTimeAsync(1000);
    const asked = agenda.hold(async () => {
      await seconds(2);
      return agenda.now() - start;
    });
    const another = agenda.hold(() => seconds(3));
    await vi.advanceTimersByTimeAsync(2000);
    expect(await asked).toBe(60_000);
    await vi.advanceTimersByTimeAsync(999);
    expect([agenda.speed, seen]).toEqual([0, []]);
    await vi.advanceTimersByTimeAsync(1);
    await another;
    expect(agenda.speed).toBe(60);
    await vi.advanceTimersByTimeAsync(500);
    expect(seen).toEqual([90_000]);
    await vi.advanceTimersByTimeAsync(500);
    expect(agenda.now()).toBe(start + 120_000);
  });

  it('begins a pace that is set while it stands still when it goes on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const agenda = new CloudAgenda(start);
    agenda.follow(60);
    const held = agenda.hold(() => new Promise((resolve) => setTimeout(resolve, 2000)));
    await vi.advanceTimersByTimeAsync(1000);
    agenda.follow(10);
    await vi.advanceTimersByTimeAsync(1000);
    await held;
    expect(agenda.now()).toBe(start);
    await vi.advanceTimersByTimeAsync(1000);
    expect(agenda.now()).toBe(start + 10_000);
  });

  it('goes on for who waits at the machine’s own pace', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const agenda = new CloudAgenda(start);
    agenda.follow();
    const asked = agenda.hold(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return agenda.now() - start;
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(await asked).toBe(2000);
  });

  it.each([1, 60])('reports a failing entry and carries on, at speed %d', async (speed) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const reported: string[] = [];
    const agenda = new CloudAgenda(start, (error, label) =>
      reported.push(`${label}: ${(error as Error).message}`),
    );
    agenda.at(start + 10, 'broken', () => Promise.reject(new Error('no')));
    agenda.at(start + 20, 'fine', () => void reported.push('fine'));
    agenda.follow(speed);
    await vi.advanceTimersByTimeAsync(20);
    agenda.pause();
    expect(reported).toEqual(['broken: no', 'fine']);
  });
});
