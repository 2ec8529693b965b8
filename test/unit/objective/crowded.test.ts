import { describe, expect, it } from 'vitest';
import { learn } from '../../../shared/objective/learn.ts';
import { type LoadMinute, Objective } from '../../../shared/objective/objective.ts';
import { defaultObjective } from '../../../shared/objective/objective-policy.ts';

const day = 1440;
const first = Date.UTC(2026, 2, 2) / 60_000;
const policy = { ...defaultObjective, bootMinutes: 3 };

/** Ten servers, calm; with crowds, an unannounced doubling for eight minutes every seven hours or so. */
const calm = (minute: number) => 10 + 0.3 * Math.sin(minute / 3);
const crowded = (minute: number) => calm(minute) * (minute % 431 < 8 && minute > 431 ? 2 : 1);

/** A group whose launches are ready after three minutes. */
class Group {
  readonly desired = [12];
  #visible: Omit<LoadMinute, 'desired'> | undefined;
  unserved = 0;
  demand = 0;

  live(objective: Objective, from: number, to: number, load: (minute: number) => number): LoadMinute[] {
    const minutes: LoadMinute[] = [];
    for (let minute = from; minute < to; minute++) {
      const now = this.desired.at(-1)!;
      if (this.#visible) minutes.push({ ...this.#visible, desired: now });
      this.desired.push(this.#visible ? objective.step(minutes.at(-1)!).desired : now);
      const inService = Math.min(...this.desired.slice(-policy.bootMinutes - 1));
      this.#visible = { minute: first + minute, load: load(minute), inService };
      this.demand += load(minute);
      this.unserved += Math.max(0, load(minute) - inService);
    }
    return minutes;
  }
}

describe('crowds that come out of a calm', () => {
  const [objective, group] = [new Objective(policy), new Group()];
  const past = group.live(objective, 0, 10 * day, crowded);
  Object.assign(group, { unserved: 0, demand: 0 });
  group.live(objective, 10 * day, 17 * day, crowded);

  it('are paid for beforehand once they are known, and the promise is kept', () => {
    expect(group.unserved / group.demand).toBeLessThan(0.001);
    // Between two crowds, when nothing announces the next.
    expect(Math.min(...group.desired.slice(-day))).toBeGreaterThanOrEqual(19);
  });

  it('are not answered without measure when the first one stays', () => {
    const [other, quiet] = [new Objective(policy), new Group()];
    quiet.live(other, 0, 6 * day, (minute) => (minute < 5 * day ? 0 : calm(minute)));
    expect(Math.max(...quiet.desired)).toBeLessThan(60);
  });

  it('cost nothing where none ever came', () => {
    const [other, quiet] = [new Objective(policy), new Group()];
    quiet.live(other, 0, 10 * day, calm);
    expect(Math.max(...quiet.desired.slice(-day))).toBeLessThanOrEqual(12);
  });

  it('are decided upon as by one that was never saved', () => {
    const hour = past.findLastIndex(({ minute }) => minute % 60 === 0);
    const never = new Objective(policy);
    for (const minute of past.slice(0, hour + 1)) never.step(minute);
    const restored = new Objective(policy, JSON.parse(JSON.stringify(never)));
    const rounded = new Objective(policy, learn(policy, undefined, past.slice(0, hour + 1)));
    for (let minute = 0; minute < day; minute++) {
      const next = {
        minute: past[hour]!.minute + 1 + minute,
        load: crowded(10 * day + minute),
        inService: 14,
        desired: 14,
      };
      const told = never.step(next);
      expect(restored.step(next)).toEqual(told);
      expect(rounded.step(next).desired).toBe(told.desired);
    }
  });
});
