import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CloudClock } from '../../../cli/cloud-clock.ts';

const start = Date.parse('2026-03-04T03:00:00Z');
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => void vi.useRealTimers());

/** A client whose answers carry the date that is asked for. */
function client() {
  type Send = (args: object) => Promise<unknown>;
  let date: string | undefined;
  let send: Send = async () => ({ response: { headers: date === undefined ? {} : { date } } });
  return {
    middlewareStack: {
      add: (middleware: (next: Send) => Send) => {
        send = middleware(send);
      },
    },
    answer: (told?: number) => {
      date = told === undefined ? undefined : new Date(told).toUTCString();
      return send({});
    },
  };
}

function listening() {
  const clock = new CloudClock();
  const answering = client();
  clock.listenTo(answering);
  return { clock, answer: answering.answer };
}

it("is the machine's clock as long as answers are only late", async () => {
  const { clock, answer } = listening();
  await answer(start - 4_000);
  await answer();
  expect([clock.now(), clock.skewMs]).toEqual([start, 0]);
});

it('is the clock of a cloud that lives in another time', async () => {
  const { clock, answer } = listening();
  await answer(start + 3_600_000);
  vi.setSystemTime(start + 1000);
  expect([clock.now(), clock.skewMs]).toEqual([start + 3_601_000, 3_600_000]);
});

it('follows a cloud whose time runs faster, so that a boot of 90 s takes 90 s', async () => {
  const { clock, answer } = listening();
  const begin = clock.now();
  for (let seconds = 2; seconds <= 4; seconds += 2) {
    vi.setSystemTime(start + seconds * 1000);
    await answer(start + seconds * 22_500);
  }
  expect((clock.now() - begin) / 1000).toBe(90);
});
