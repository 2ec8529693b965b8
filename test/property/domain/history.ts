import fc from 'fast-check';
import type { Decision } from '../../../shared/domain/decision.ts';
import type { Reading, Suspension } from '../../../shared/domain/observation.ts';
import { LoneGroup, manual } from '../../kit/lone-group.ts';

/** Groups of every kind, small enough that bounds are met often. */
export const groups: fc.Arbitrary<object> = fc.record(
  {
    minSize: fc.integer({ min: 1, max: 4 }),
    maxSize: fc.integer({ min: 5, max: 12 }),
    alarms: fc.record({
      'cpu-high': scaleOutRule(),
      'mem-high': scaleOutRule('memory'),
      'cpu-low': scaleInRule(),
    }),
    targets: fc.constantFrom([], [{ metric: 'cpu', targetValue: 60 }]),
    behavior: fc.record({ scaleDown: pace(), scaleUp: pace() }),
  },
  { requiredKeys: ['minSize', 'maxSize'] },
);

function rule(metric: string, comparisonOperator: string, threshold: number) {
  return { metric, comparisonOperator, threshold, period: 60, evaluationPeriods: 2 };
}

function scaleOutRule(metric = 'cpu'): fc.Arbitrary<object> {
  return fc
    .record({
      adjustmentType: fc.constantFrom('ChangeInCapacity', 'PercentChangeInCapacity'),
      scalingAdjustment: fc.integer({ min: 1, max: 60 }),
      cooldown: fc.integer({ min: 60, max: 900 }),
      repeat: fc.boolean(),
    })
    .map((settings) => ({ ...rule(metric, 'GreaterThanThreshold', 70), ...settings }));
}

function scaleInRule(): fc.Arbitrary<object> {
  return fc
    .record({
      scalingAdjustment: fc.integer({ min: -4, max: -1 }),
      cooldown: fc.integer({ min: 60, max: 900 }),
    })
    .map((settings) => ({ ...rule('cpu', 'LessThanThreshold', 30), ...settings }));
}

function pace(): fc.Arbitrary<object> {
  const policy = fc.record({
    type: fc.constantFrom('Instances', 'Percent'),
    value: fc.integer({ min: 1, max: 100 }),
    periodSeconds: fc.constantFrom(60, 180),
  });
  return fc.record({
    stabilizationWindowSeconds: fc.constantFrom(0, 120, 300),
    selectPolicy: fc.constantFrom('Max', 'Min', 'Disabled'),
    policies: fc.array(policy, { maxLength: 2 }),
  });
}

/** Something that happens to a group within a minute. */
export type Event =
  | { kind: 'alarm'; rule: string; value: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' }
  | { kind: 'load'; cpu: number | undefined; memory: number | undefined }
  | {
      kind: 'open';
      name: string;
      boost: number | undefined;
      minSize: number | undefined;
      maxSize: number | undefined;
    }
  | { kind: 'close'; name: string }
  | { kind: 'person'; adjustment: number; forSeconds: number | undefined }
  | { kind: 'outside'; desired: number }
  | { kind: 'pause'; direction: 'both' | 'out' | 'in' }
  | { kind: 'resume' }
  | { kind: 'suspend'; processes: Suspension[] }
  | { kind: 'stall' };

const value = fc.option(fc.integer({ min: 0, max: 150 }), { nil: undefined, freq: 6 });
const names = fc.constantFrom('lunch', 'sale', 'gala');
const size = fc.option(fc.integer({ min: 4, max: 8 }), { nil: undefined });
const ruleNames = fc.constantFrom('cpu-high', 'mem-high', 'cpu-low');

const byLoad: fc.Arbitrary<Event>[] = [
  fc.record({
    kind: fc.constant('alarm' as const),
    rule: ruleNames,
    value: fc.constantFrom('OK', 'ALARM', 'INSUFFICIENT_DATA'),
  }),
  fc.record({ kind: fc.constant('load' as const), cpu: value, memory: value }),
];

const bySchedule: fc.Arbitrary<Event>[] = [
  fc.record({
    kind: fc.constant('open' as const),
    name: names,
    boost: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    minSize: size,
    maxSize: size,
  }),
  fc.record({ kind: fc.constant('close' as const), name: names }),
];

const byPeople: fc.Arbitrary<Event>[] = [
  fc.record({
    kind: fc.constant('person' as const),
    adjustment: fc.integer({ min: -4, max: 4 }).filter((n) => n !== 0),
    forSeconds: fc.option(fc.constantFrom(60, 300), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('pause' as const), direction: fc.constantFrom('both', 'out', 'in') }),
  fc.constant({ kind: 'resume' as const }),
];

const bySurprise: fc.Arbitrary<Event>[] = [
  fc.record({ kind: fc.constant('outside' as const), desired: fc.integer({ min: 1, max: 12 }) }),
  fc.record({
    kind: fc.constant('suspend' as const),
    processes: fc.subarray<Suspension>(['launching', 'terminating']),
  }),
  fc.constant({ kind: 'stall' as const }),
];

export const calmEvents = fc.oneof(...byLoad, ...bySchedule);
export const allEvents = fc.oneof(...byLoad, ...byLoad, ...bySchedule, ...byPeople, ...bySurprise);

/** Minutes with what happens in them. */
export function histories(events: fc.Arbitrary<Event> = allEvents): fc.Arbitrary<Event[][]> {
  return fc.array(fc.array(events, { maxLength: 3 }), { minLength: 1, maxLength: 25 });
}

/** A group, and the decisions of its life minute by minute. */
export class Life {
  readonly lone: LoneGroup;
  readonly decisions: { readonly at: number; readonly decision: Decision }[] = [];
  readonly #story: unknown[];
  #stalled = false;
  #requests = 0;
  #last: { cpu: number | undefined; memory: number | undefined } = { cpu: 40, memory: 40 };

  constructor(group: object, desired: number) {
    this.#story = [group, desired];
    this.lone = new LoneGroup({ defaultInstanceWarmup: 60, ...group }, desired);
    this.#measure();
    this.#note(this.lone.look());
  }

  /** What fast-check prints of a counterexample. */
  [fc.toStringMethod](): string {
    return JSON.stringify(this.#story);
  }

  minute(events: readonly Event[]): void {
    this.#story.push(events);
    this.lone.pass(1);
    if (!this.#stalled) this.lone.arrive();
    this.#stalled = false;
    this.#measure();
    const persons: Extract<Event, { kind: 'person' | 'pause' | 'resume' }>[] = [];
    for (const event of events) {
      if (event.kind === 'person' || event.kind === 'pause' || event.kind === 'resume') persons.push(event);
      else this.#happen(event);
    }
    for (const person of persons) this.#ask(person);
    this.#note(this.lone.look());
  }

  #happen(event: Exclude<Event, { kind: 'person' | 'pause' | 'resume' }>): void {
    const { lone } = this;
    switch (event.kind) {
      case 'alarm':
        if (event.rule in (lone.alarms ?? {})) lone.alarm(event.rule, event.value);
        return;
      case 'load':
        this.#last = event;
        this.#measure();
        return;
      case 'open':
        this.#open(event);
        return;
      case 'close':
        lone.windows = lone.windows.filter(({ name }) => name !== event.name);
        return;
      case 'outside':
        lone.setDesired(Math.min(Math.max(event.desired, lone.group.minSize), lone.group.maxSize));
        return;
      case 'suspend':
        lone.group = { ...lone.group, suspended: event.processes };
        return;
      case 'stall':
        this.#stalled = true;
    }
  }

  #open({ name, boost, minSize, maxSize }: Extract<Event, { kind: 'open' }>): void {
    const { lone } = this;
    if (lone.windows.some((window) => window.name === name)) return;
    const bounds = {
      ...(minSize && { minSize }),
      ...(maxSize && { maxSize: Math.max(maxSize, minSize ?? 0) }),
    };
    lone.windows = [...lone.windows, lone.window(name, boost, 24, bounds)];
  }

  #ask(event: Extract<Event, { kind: 'person' | 'pause' | 'resume' }>): void {
    const id = `r${++this.#requests}`;
    const { kind } = event;
    if (kind === 'resume') this.#note(this.lone.look(manual({ kind }, id)));
    else if (kind === 'pause') this.#note(this.lone.look(manual({ kind, direction: event.direction }, id)));
    else {
      const { adjustment, forSeconds } = event;
      this.#note(this.lone.look(manual({ kind: 'adjust', adjustment, forSeconds }, id)));
    }
  }

  #measure(): void {
    const { lone } = this;
    const at = lone.now - 60_000;
    const reading = (value: number | undefined): Reading =>
      value === undefined ? { known: false, why: 'missing' } : { known: true, value, at };
    lone.metrics = { 'cpu@60': reading(this.#last.cpu), 'memory@60': reading(this.#last.memory) };
  }

  #note(decisions: readonly Decision[]): void {
    for (const decision of decisions) this.decisions.push({ at: this.lone.now, decision });
  }
}
