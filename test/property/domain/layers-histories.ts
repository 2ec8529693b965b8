import fc from 'fast-check';
import type { OpenWindow } from '../../../shared/domain/observation.ts';
import { LoneGroup, manual } from '../../kit/lone-group.ts';
import { type Effect, Model, type Situation, type Window } from './layers-model.ts';

type Step =
  | {
      kind: 'situation';
      opens: { name: string; effect: Effect }[];
      closes: string[];
      leader: number;
      needed: number;
    }
  | { kind: 'up' | 'down' | 'person' | 'set' | 'outside'; servers: number };

interface History {
  readonly minSize: number;
  readonly room: number;
  readonly desired: number;
  readonly follows: boolean;
  readonly tracks: boolean;
  readonly steps: readonly Step[];
}

const names = fc.constantFrom('lunch', 'sale', 'gala', 'night');
const small = fc.integer({ min: 1, max: 6 });
const effect: fc.Arbitrary<Effect> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ servers: small }) },
  fc.record({ percent: fc.constantFrom(10, 50, 100) }),
  { weight: 2, arbitrary: fc.record({ minSize: fc.integer({ min: 4, max: 16 }) }) },
  fc.record({ maxSize: fc.integer({ min: 3, max: 16 }) }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('situation' as const),
      opens: fc.uniqueArray(fc.record({ name: names, effect }), {
        maxLength: 2,
        selector: ({ name }) => name,
      }),
      closes: fc.uniqueArray(names, { maxLength: 3 }),
      leader: fc.integer({ min: 0, max: 14 }),
      needed: fc.integer({ min: 0, max: 14 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('up' as const), servers: fc.constantFrom(1, 3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('down' as const), servers: fc.constantFrom(1, 4) }) },
  fc.record({ kind: fc.constant('person' as const), servers: fc.constantFrom(-3, -1, 1, 2) }),
  fc.record({
    kind: fc.constantFrom('set' as const, 'outside' as const),
    servers: fc.integer({ min: 1, max: 18 }),
  }),
);

const history: fc.Arbitrary<History> = fc.record({
  minSize: fc.integer({ min: 1, max: 4 }),
  room: fc.integer({ min: 2, max: 14 }),
  desired: fc.integer({ min: 0, max: 4 }),
  follows: fc.boolean(),
  tracks: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 14 }),
});

const total = (metricName: string) => ({ namespace: 'Shop', metricName, perServer: false });
const rule = {
  metric: total('Waiting'),
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 70,
  period: 60,
  evaluationPeriods: 1,
  cooldown: 0,
};
const low = { ...rule, comparisonOperator: 'LessThanThreshold', threshold: 30 };

/** What the engine makes of a history, beside what the words make of it. */
class Both {
  readonly lone: LoneGroup;
  readonly model: Model;
  readonly #follows: boolean;
  readonly #tracks: boolean;
  #occurrences = 0;

  constructor({ minSize, room, desired, follows, tracks }: History) {
    const maxSize = minSize + room;
    const there = Math.min(minSize + desired, maxSize);
    this.#follows = follows;
    this.#tracks = tracks;
    const alarms = {
      'up-1': { ...rule, scalingAdjustment: 1 },
      'up-3': { ...rule, scalingAdjustment: 3 },
      'down-1': { ...low, scalingAdjustment: -1 },
      'down-4': { ...low, scalingAdjustment: -4 },
    };
    const exact = { tolerance: 0, stabilizationWindowSeconds: 0 };
    const group = {
      minSize,
      maxSize,
      alarms,
      defaultInstanceWarmup: 0,
      ...(follows && { follows: { group: 'shop', ratio: 1 } }),
      ...(tracks && { targets: [{ metric: total('Queued'), targetValue: 10 }] }),
      behavior: { scaleUp: exact, scaleDown: exact },
    };
    this.lone = new LoneGroup(group, there);
    const situation = { minSize, maxSize, windows: [], leader: this.#leader(0), needed: this.#needed(0) };
    this.model = new Model(situation, there);
    this.#see(situation);
    this.#settle();
  }

  take(step: Step): void {
    this.lone.pass(60);
    const { lone, model } = this;
    const desired = lone.group.desired;
    if (step.kind === 'situation') {
      const situation = this.#after(step);
      model.becomes(situation);
      this.#see(situation);
    } else if (step.kind === 'up') model.stepUp(step.servers);
    else if (step.kind === 'down') model.stepDown(step.servers);
    else if (step.kind === 'person') model.person(desired + step.servers);
    else if (step.kind === 'set') model.person(step.servers);
    else {
      const { minSize, maxSize } = lone.group;
      const to = Math.max(minSize, Math.min(step.servers, maxSize));
      model.outside(to);
      lone.setDesired(to);
    }
    this.#measure();
    if (step.kind === 'up' || step.kind === 'down') this.#alarm(`${step.kind}-${step.servers}`);
    if (step.kind === 'person')
      lone.settle(manual({ kind: 'adjust', adjustment: step.servers }, `r${lone.now}`));
    if (step.kind === 'set')
      lone.settle(manual({ kind: 'set', desiredCapacity: step.servers }, `r${lone.now}`));
    this.#settle();
  }

  /** The layers of both, and the capacity. */
  get states(): readonly [engine: object, words: object] {
    const { lone, model } = this;
    const { base, lifted = 0, grants } = lone.ledger!;
    const open = grants.filter(({ servers }) => servers > 0);
    const granted = model.shares.filter(({ servers }) => servers > 0);
    return [
      {
        desired: lone.group.desired,
        base,
        lifted,
        granted: open.map(({ name, servers }) => [name, servers]),
      },
      {
        desired: model.goal,
        base: model.base,
        lifted: model.lifted,
        granted: granted.map(({ window, servers }) => [window.name, servers]),
      },
    ];
  }

  #alarm(name: string): void {
    this.lone.alarm(name, 'ALARM');
    this.#settle();
    this.lone.alarm(name, 'OK');
  }

  /** What comes has come, what leaves has left, and whatever waited for that is done. */
  #settle(): void {
    for (let at = 0; at < 6; at++) {
      const before = this.lone.ledger;
      this.lone.settle();
      if (this.lone.ledger === before) return;
    }
  }

  #after({ opens, closes, leader, needed }: Extract<Step, { kind: 'situation' }>): Situation {
    const { situation } = this.model;
    const left = situation.windows.filter(({ name }) => !closes.includes(name));
    const opened = opens
      .filter(({ name }) => !left.some((window) => window.name === name))
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map((window): Window => ({ ...window, occurrence: ++this.#occurrences }));
    const windows = [...left, ...opened];
    return { ...situation, windows, leader: this.#leader(leader), needed: this.#needed(needed) };
  }

  #leader(servers: number): number | undefined {
    return this.#follows ? servers : undefined;
  }

  #needed(servers: number): number | undefined {
    return this.#tracks ? servers : undefined;
  }

  #see({ windows, leader }: Situation): void {
    const { lone } = this;
    lone.windows = windows.map((window) => {
      const known = lone.windows.find(
        ({ name, start }) => name === window.name && this.#startOf(window) === start,
      );
      return known ?? this.#opened(window);
    });
    const seen = leader === undefined ? undefined : { group: 'shop', desired: leader, inService: leader };
    lone.others = { ...lone.others, leader: seen };
    this.#measure();
  }

  readonly #starts = new Map<number, number>();

  #startOf({ occurrence }: Window): number | undefined {
    return this.#starts.get(occurrence);
  }

  #opened({ name, occurrence, effect }: Window): OpenWindow {
    this.#starts.set(occurrence, this.lone.now);
    const times = { name, start: this.lone.now, end: this.lone.now + 10_000 * 3_600_000 };
    if ('servers' in effect) return { ...times, boost: { type: 'ChangeInCapacity', value: effect.servers } };
    if ('percent' in effect)
      return { ...times, boost: { type: 'PercentChangeInCapacity', value: effect.percent } };
    return { ...times, ...effect };
  }

  #measure(): void {
    const { lone, model } = this;
    for (const { key } of lone.policy.metrics)
      lone.metric(key, key.includes('Queued') ? 10 * (model.situation.needed ?? 0) : 50, lone.now);
  }
}

/**
 * Plays random histories with the engine and with the model beside it.
 * @throws with the shortest history in which they differ, and the seed that repeats it
 */
export function playHistories(runs: number, seed: number): void {
  const property = fc.property(history, (all) => {
    const both = new Both(all);
    for (const [at, step] of [undefined, ...all.steps].entries()) {
      if (step) both.take(step);
      const [engine, words] = both.states;
      if (JSON.stringify(engine) !== JSON.stringify(words))
        throw new Error(
          `after step ${at}, ${JSON.stringify(step)}: the engine has ${JSON.stringify(engine)}, the words say ${JSON.stringify(words)}`,
        );
    }
  });
  fc.assert(property, { numRuns: runs, seed });
}
