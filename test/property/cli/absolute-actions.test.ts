import fc from 'fast-check';
import { expect, it } from 'vitest';
import { windowsOf } from '../../../cli/take-over/absolute-actions.ts';
import { scheduleWindow } from '../../../shared/fleet/window.ts';
import { Occurrences } from '../../../shared/schedule/occurrences.ts';
import { dayMs, minuteMs } from '../../../shared/units.ts';

const now = Date.parse('2026-03-04T00:00:00Z');
const hourMs = 60 * minuteMs;
const days = fc.constantFrom('*', '*', 'MON-FRI', 'SAT,SUN');

/** At different hours, so that no two are at once. */
function actions(everyDay: boolean) {
  return fc
    .uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 2, maxLength: 6 })
    .chain((hours) =>
      fc.tuple(
        ...hours.map((hour) =>
          fc.record({
            hour: fc.constant(hour),
            level: fc.integer({ min: 0, max: 9 }),
            day: everyDay ? fc.constant('*') : days,
          }),
        ),
      ),
    )
    .map((list) =>
      list.map(({ hour, level, day }, index) => ({
        name: `action-${index}`,
        subject: `action-${index}`,
        when: `0 ${hour} * * ${day}`,
        timeZone: 'UTC',
        level,
        hour,
      })),
    );
}

interface Lines {
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly scalingAdjustment?: number;
}

/** @returns what the windows say at an instant */
function whatIsOpen(schedules: Readonly<Record<string, Lines>>): (instant: number) => Lines[] {
  const windows = Object.values(schedules).map(
    (lines) => [lines, new Occurrences(scheduleWindow.parse(lines), {}, 'UTC')] as const,
  );
  return (instant) => windows.filter(([, window]) => window.openAt(instant)).map(([lines]) => lines);
}

/** Which level the actions of every day have set last before an instant. */
function levelAt(list: readonly { hour: number; level: number }[], instant: number): number {
  const hour = (instant % dayMs) / hourMs;
  const before = list.filter((each) => each.hour <= hour);
  return (before.length > 0 ? before : list).reduce((last, each) => (each.hour > last.hour ? each : last))
    .level;
}

const instants = Array.from({ length: 24 }, (_, hour) => now + 7 * dayMs + hour * hourMs + 1800_000);

it('windows of actions of every day hold the very minimum that they set, at every hour', () => {
  fc.assert(
    fc.property(actions(true), (list) => {
      const { schedules, minSize, remarks } = windowsOf(
        list.map(({ level, ...action }) => ({ ...action, minSize: level, desired: level })),
        { minSize: list[0]!.level, maxSize: 20 },
        now,
      );
      expect(remarks.filter(({ message }) => message.includes('the windows hold'))).toEqual([]);
      const openAt = whatIsOpen(schedules);
      for (const instant of instants) {
        const floor = Math.max(minSize, ...openAt(instant).map((lines) => lines.minSize ?? 0));
        expect(floor).toBe(levelAt(list, instant));
      }
    }),
  );
});

it('windows of actions of every day add what the desired capacity rises by, and bound it by the maximum', () => {
  fc.assert(
    fc.property(actions(true), (list) => {
      const { schedules, maxSize } = windowsOf(
        list.map(({ level, ...action }) => ({ ...action, desired: level, maxSize: level + 10 })),
        { minSize: 0, maxSize: list[0]!.level + 10 },
        now,
      );
      const least = Math.min(...list.map(({ level }) => level));
      const openAt = whatIsOpen(schedules);
      for (const instant of instants) {
        const open = openAt(instant);
        const added = open.reduce((sum, lines) => sum + (lines.scalingAdjustment ?? 0), 0);
        expect(added).toBe(levelAt(list, instant) - least);
        const bound = Math.min(maxSize, ...open.map((lines) => lines.maxSize ?? Number.POSITIVE_INFINITY));
        expect(bound).toBe(levelAt(list, instant) + 10);
      }
    }),
  );
});

it('where days differ, windows hold the minimum at each action or it is said that they do not', () => {
  fc.assert(
    fc.property(actions(false), (list) => {
      const { schedules, minSize, remarks } = windowsOf(
        list.map(({ level, ...action }) => ({ ...action, minSize: level, desired: level })),
        { minSize: list[0]!.level, maxSize: 20 },
        now,
      );
      if (remarks.some(({ message }) => message.includes('the windows hold'))) return;
      const openAt = whatIsOpen(schedules);
      // From the second week on: before, nobody knows what an earlier action has set.
      for (let day = 7; day < 14; day++) {
        for (const { hour, level, when } of list) {
          const instant = now + day * dayMs + hour * hourMs;
          const weekday = new Date(instant).getUTCDay();
          const isWeekend = weekday === 0 || weekday === 6;
          if ((when.endsWith('MON-FRI') && isWeekend) || (when.endsWith('SAT,SUN') && !isWeekend)) continue;
          const floor = Math.max(minSize, ...openAt(instant).map((lines) => lines.minSize ?? 0));
          expect(floor).toBe(level);
        }
      }
    }),
    { numRuns: 60 },
  );
});
