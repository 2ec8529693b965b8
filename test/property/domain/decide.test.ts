import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../../shared/domain/decide.ts';
import type { Decision } from '../../../shared/domain/decision.ts';
import { layersOf } from '../../../shared/domain/layers.ts';
import type { Ledger } from '../../../shared/domain/ledger.ts';
import { minute, noon, sweep } from '../../kit/lone-group.ts';
import { allEvents, calmEvents, type Event, groups, histories, Life } from './history.ts';

const runs = 400;
const start = fc.integer({ min: 4, max: 5 });

/** A whole life: what the property sees is every decision of it. */
function lived(events: fc.Arbitrary<Event> = allEvents): fc.Arbitrary<Life> {
  return fc.tuple(groups, start, histories(events)).map(([group, desired, history]) => {
    const life = new Life(group, desired);
    for (const events of history) life.minute(events);
    return life;
  });
}

function holds<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { numRuns: runs });
}

function changed({ decision }: { decision: Decision }): boolean {
  return decision.from !== decision.to && decision.reason !== 'ActivityRetried';
}

test('desired stays within minSize and maxSize', () => {
  holds(
    fc.property(lived(), ({ decisions, lone }) => {
      for (const { decision } of decisions.filter(changed)) {
        expect(decision.to).toBeGreaterThanOrEqual(lone.policy.minSize);
        expect(decision.to).toBeLessThanOrEqual(lone.policy.maxSize);
      }
    }),
  );
});

/** Why a rule does not ask, which keeps nothing from the goal. */
const asksOfRules = new Set(['InCooldown', 'EpisodeAlreadyAnswered', 'AtMinimum', 'AtMaximum']);

test('at rest desired equals the goal, or a blocker is named', () => {
  holds(
    fc.property(lived(), ({ lone }) => {
      const decision = lone.decide();
      const { goal } = layersOf(lone.policy, decision.ledger, lone.observation, lone.group);
      const blockers = decision.blockers.filter(({ code }) => !asksOfRules.has(code));
      if (goal !== lone.group.desired) expect(blockers).not.toEqual([]);
    }),
  );
});

test('every look comes to rest, and then writes nothing', () => {
  holds(
    fc.property(lived(), ({ lone }) => {
      const decision = lone.decide();
      expect(decision.ledger).toBe(lone.ledger);
      expect(decision.act).toBeUndefined();
    }),
  );
});

test('every change has one activity, and every activity comes to an end', () => {
  holds(
    fc.property(lived(), ({ decisions, lone }) => {
      const opened = decisions.filter(changed).flatMap(({ decision }) => decision.activities.slice(0, 1));
      expect(new Set(opened.map(({ activityId }) => activityId)).size).toBe(opened.length);
      for (let at = 0; at < 30; at++) {
        lone.windows = [];
        lone.alarms = {};
        lone.pass(1);
        lone.settle();
      }
      const open = [...lone.log.values()].filter(({ endedAt }) => endedAt === undefined);
      expect(open).toEqual([]);
    }),
  );
});

test('a rule never fires inside its cooldown', () => {
  holds(
    fc.property(lived(), ({ decisions, lone }) => {
      const completed = new Map<string, number>();
      const rules = [...lone.policy.scaleOutRules, ...lone.policy.scaleInRules];
      for (const { at, decision } of decisions) {
        const { reason, activities } = decision;
        if (reason === 'AlarmScaleOut' || reason === 'AlarmScaleIn') {
          const rule = rules.find(({ name }) => name === activities[0]!.by)!;
          expect(at).toBeGreaterThanOrEqual((completed.get(rule.name) ?? 0) + rule.cooldownMs);
        }
        for (const { by, from, to, endedAt } of activities)
          if (from !== to && endedAt !== undefined && by) completed.set(by, endedAt);
      }
    }),
  );
});

test('no alarm and no target scales in on missing data, nor while a scale-out alarm is red', () => {
  holds(
    fc.property(groups, start, histories(), (group, desired, history) => {
      const life = new Life(group, desired);
      for (const events of history) {
        const before = life.decisions.length;
        life.minute(events);
        const { metrics, policy, alarms } = life.lone;
        const unknown = policy.metrics.some(({ key }) => !metrics[key]?.known);
        const red = policy.scaleOutRules.some(({ name }) => alarms?.[name]?.value !== 'OK');
        const fell = life.decisions
          .slice(before)
          .filter((one) => changed(one) && one.decision.to < one.decision.from)
          .map(({ decision }) => decision.reason);
        if (unknown || red) expect(fell).not.toContain('AlarmScaleIn');
        if (red || (policy.targets.length > 0 && !metrics['cpu@60']?.known))
          expect(fell).not.toContain('TargetScaleIn');
      }
    }),
  );
});

test('more load never gives fewer servers', () => {
  const loads = fc.tuple(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 150 }));
  holds(
    fc.property(lived(), loads, ({ lone }, [one, other]) => {
      const under = (cpu: number) => {
        lone.metric('cpu@60', cpu);
        lone.metric('memory@60', cpu);
        return lone.decide().to;
      };
      expect(under(Math.max(one, other))).toBeGreaterThanOrEqual(under(Math.min(one, other)));
    }),
  );
});

test('closing all windows returns to what alarms and people made', () => {
  const additions = fc.array(
    fc.constantFrom<Event[]>(
      [{ kind: 'alarm', rule: 'cpu-high', value: 'ALARM' }],
      [{ kind: 'alarm', rule: 'cpu-high', value: 'OK' }],
      [{ kind: 'person', adjustment: 1, forSeconds: undefined }],
      [{ kind: 'open', name: 'lunch', boost: 2, minSize: undefined, maxSize: undefined }],
      [{ kind: 'open', name: 'sale', boost: 3, minSize: undefined, maxSize: undefined }],
      [{ kind: 'close', name: 'lunch' }],
    ),
    { maxLength: 20 },
  );
  holds(
    fc.property(additions, (history) => {
      const rule = { metric: 'cpu', comparisonOperator: 'GreaterThanThreshold', threshold: 70, period: 60 };
      const cpuHigh = { ...rule, evaluationPeriods: 1, scalingAdjustment: 1, cooldown: 60 };
      const life = new Life({ minSize: 1, maxSize: 500, alarms: { 'cpu-high': cpuHigh } }, 4);
      for (const events of history) life.minute([...events, { kind: 'load', cpu: 1, memory: 1 }]);
      const made = life.decisions.filter(changed).filter(({ decision }) => decision.cause !== 'schedule');
      const own = made.reduce((sum, { decision }) => sum + decision.to - decision.from, 4);
      const names = ['lunch', 'sale'];
      const closing = names.map((name): Event => ({ kind: 'close', name }));
      const calm: Event[] = [{ kind: 'alarm', rule: 'cpu-high', value: 'OK' }, ...closing];
      for (let at = 0; at < 5; at++) life.minute(calm);
      expect(life.lone.group.desired).toBe(own);
    }),
  );
});

test('the order in which simultaneous events arrive does not matter', () => {
  const minutes = fc.array(fc.uniqueArray(calmEvents, { maxLength: 4, selector: subject }), {
    maxLength: 15,
  });
  holds(
    fc.property(groups, start, minutes, (group, desired, history) => {
      const there = new Life(group, desired);
      const back = new Life(group, desired);
      for (const events of history) {
        there.minute(events);
        back.minute([...events].reverse());
        expect(back.lone.group.desired).toBe(there.lone.group.desired);
      }
    }),
  );
});

/** Two events of one minute are simultaneous only if they are not about the same thing. */
function subject(event: Event): string {
  if (event.kind === 'alarm') return event.rule;
  return event.kind === 'open' || event.kind === 'close' ? event.name : event.kind;
}

test('asking twice changes nothing: each occurrence of an event counts once', () => {
  holds(
    fc.property(groups, start, histories(calmEvents), (group, desired, history) => {
      const once = new Life(group, desired);
      const twice = new Life(group, desired);
      for (const events of history) {
        once.minute(events);
        twice.minute(events);
        for (let at = 0; at < 2; at++)
          twice.lone.look({ kind: 'schedule', window: 'lunch', edge: 'start', at: twice.lone.now });
        expect(twice.lone.group.desired).toBe(once.lone.group.desired);
      }
    }),
  );
});

test('a paused group is not touched', () => {
  holds(
    fc.property(groups, start, histories(), (group, desired, history) => {
      const life = new Life(group, desired);
      const pause = { direction: 'both', since: noon, owner: 'bob', reason: 'release' } as const;
      life.lone.ledger = { ...life.lone.ledger!, pause };
      const before = life.decisions.length;
      for (const events of history)
        life.minute(events.filter(({ kind }) => kind !== 'resume' && kind !== 'pause'));
      const touched = life.decisions.slice(before).filter(({ decision }) => decision.act);
      expect(touched).toEqual([]);
    }),
  );
});

test('a ledger is written at most once a step, and its versions are consecutive', () => {
  holds(
    fc.property(lived(), ({ decisions }) => {
      let version = 0;
      for (const { decision } of decisions) {
        expect([version, version + 1]).toContain(decision.ledger.version);
        version = decision.ledger.version;
      }
    }),
  );
});

test('the same look gives the same decision', () => {
  holds(
    fc.property(lived(), ({ lone }) => {
      const at = lone.now + minute;
      const again = (ledger: Ledger) => decide(lone.policy, ledger, lone.observation, sweep, at);
      expect(again(lone.ledger!)).toEqual(again(structuredClone(lone.ledger!)));
    }),
  );
});
