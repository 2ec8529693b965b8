import { afterEach, describe, expect, it, vi } from 'vitest';
import { CloudEventQueue } from '../src/event-queue.ts';

const start = Date.parse('2026-03-02T00:00:00Z');

describe('the eventQueue in simulated time', () => {
  it('jumps from entry to entry, in the order of time and then of entering', async () => {
    const eventQueue = new CloudEventQueue(start);
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name} at +${eventQueue.now() - start}`);
    eventQueue.at(start + 20, 'c', note('c'));
    eventQueue.at(start + 10, 'a', note('a'));
    eventQueue.at(start + 10, 'b', note('b'));
    await eventQueue.runUntil(start + 50);
    expect(seen).toEqual(['a at +10', 'b at +10', 'c at +20']);
    expect(eventQueue.now()).toBe(start + 50);
  });

  it('stands still while an entry runs, and runs no other meanwhile', async () => {
    const eventQueue = new CloudEventQueue(start);
    const seen: string[] = [];
    eventQueue.at(start + 10, 'slow', async () => {
      seen.push('begins');
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`ends at +${eventQueue.now() - start}`);
    });
    eventQueue.at(start + 10, 'next', () => void seen.push('next'));
    await eventQueue.runUntil(start + 10);
    expect(seen).toEqual(['begins', 'ends at +10', 'next']);
  });

  it('runs what is entered for the past at once, after what is due already', async () => {
    const eventQueue = new CloudEventQueue(start);
    const seen: number[] = [];
    eventQueue.at(start + 10, 'first', () => {
      eventQueue.at(start, 'late', () => void seen.push(eventQueue.now() - start));
    });
    eventQueue.at(start + 10, 'second', () => void seen.push(-1));
    await eventQueue.runUntil(start + 10);
    expect(seen).toEqual([-1, 10]);
  });

  it('forgets what is cancelled, and keeps what is due later', async () => {
    const eventQueue = new CloudEventQueue(start);
    const seen: string[] = [];
    const cancel = eventQueue.at(start + 5, 'cancelled', () => void seen.push('cancelled'));
    eventQueue.at(start + 60, 'later', () => void seen.push('later'));
    cancel();
    await eventQueue.runUntil(start + 50);
    expect(seen).toEqual([]);
    await eventQueue.runUntil(start + 60);
    expect(seen).toEqual(['later']);
  });

  it('lets an error out to its caller', async () => {
    const eventQueue = new CloudEventQueue(start);
    eventQueue.at(start + 1, 'broken', () => {
      throw new Error('broken');
    });
    await expect(eventQueue.runUntil(start + 1)).rejects.toThrow('broken');
  });
});

describe('the eventQueue in real time', () => {
  afterEach(() => void vi.useRealTimers());

  it('follows the machine’s clock times its speed, and can be paused', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const eventQueue = new CloudEventQueue(start);
    const seen: number[] = [];
    eventQueue.at(start + 60_000, 'minute', () => void seen.push(eventQueue.now() - start));
    eventQueue.follow(60);
    await vi.advanceTimersByTimeAsync(999);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toEqual([60_000]);
    eventQueue.pause();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(eventQueue.now()).toBe(start + 60_000);
  });

  it('stands still while an entry runs, when it is faster than the machine’s clock', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const eventQueue = new CloudEventQueue(start);
    const seen: number[] = [];
    const secondOfMachine = () => new Promise((resolve) => setTimeout(resolve, 1000));
    eventQueue.at(start + 60_000, 'takes a second', async () => {
      await secondOfMachine();
      seen.push(eventQueue.now() - start, eventQueue.speed);
    });
    eventQueue.at(start + 61_000, 'next', () => void seen.push(eventQueue.now() - start));
    eventQueue.follow(60);
    await vi.advanceTimersByTimeAsync(1999);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toEqual([60_000, 0]);
    expect(eventQueue.speed).toBe(60);
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen).toEqual([60_000, 0, 61_000]);
    expect(eventQueue.now()).toBe(start + 120_000);
  });

  it('stands still while somebody outside waits for an answer, when it is faster than the machine’s clock', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const eventQueue = new CloudEventQueue(start);
    const seen: number[] = [];
    const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));
    eventQueue.at(start + 90_000, 'due meanwhile', () => void seen.push(eventQueue.now() - start));
    eventQueue.follow(60);
    await vi.advanceTimersByTimeAsync(1000);
    const asked = eventQueue.hold(async () => {
      await seconds(2);
      return eventQueue.now() - start;
    });
    const another = eventQueue.hold(() => seconds(3));
    await vi.advanceTimersByTimeAsync(2000);
    expect(await asked).toBe(60_000);
    await vi.advanceTimersByTimeAsync(999);
    expect([eventQueue.speed, seen]).toEqual([0, []]);
    await vi.advanceTimersByTimeAsync(1);
    await another;
    expect(eventQueue.speed).toBe(60);
    await vi.advanceTimersByTimeAsync(500);
    expect(seen).toEqual([90_000]);
    await vi.advanceTimersByTimeAsync(500);
    expect(eventQueue.now()).toBe(start + 120_000);
  });

  it('begins a pace that is set while it stands still when it goes on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const eventQueue = new CloudEventQueue(start);
    eventQueue.follow(60);
    const held = eventQueue.hold(() => new Promise((resolve) => setTimeout(resolve, 2000)));
    await vi.advanceTimersByTimeAsync(1000);
    eventQueue.follow(10);
    await vi.advanceTimersByTimeAsync(1000);
    await held;
    expect(eventQueue.now()).toBe(start);
    await vi.advanceTimersByTimeAsync(1000);
    expect(eventQueue.now()).toBe(start + 10_000);
  });

  it('goes on for who waits at the machine’s own pace', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const eventQueue = new CloudEventQueue(start);
    eventQueue.follow();
    const asked = eventQueue.hold(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return eventQueue.now() - start;
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(await asked).toBe(2000);
  });

  it.each([1, 60])('reports a failing entry and carries on, at speed %d', async (speed) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const reported: string[] = [];
    const eventQueue = new CloudEventQueue(start, (error, label) =>
      reported.push(`${label}: ${(error as Error).message}`),
    );
    eventQueue.at(start + 10, 'broken', () => Promise.reject(new Error('no')));
    eventQueue.at(start + 20, 'fine', () => void reported.push('fine'));
    eventQueue.follow(speed);
    await vi.advanceTimersByTimeAsync(20);
    eventQueue.pause();
    expect(reported).toEqual(['broken: no', 'fine']);
  });
});
