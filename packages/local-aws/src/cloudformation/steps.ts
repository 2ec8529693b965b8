import { setImmediate as promisesRun } from 'node:timers/promises';
import type { EventQueue } from '../service.ts';

/** How long the cloud takes for one change of one resource, on its own clock. */
const stepMs = 200;

/** One change of one resource. */
export interface Step {
  readonly id: string;
  /** Steps that have to be finished before; names that are not among the steps do not count. */
  readonly after: ReadonlySet<string>;
  /** Announces the change; false when there is nothing to do. */
  begin(): boolean;
  work(): Promise<void>;
  /** The change was announced and will not be made, as another one has failed. */
  cancel?(): void;
  /** Whether the work waits for something that is on the event queue itself, so that the event queue must not wait for it. */
  readonly waitsForEventQueue?: boolean;
}

/**
 * Runs steps in the order that they need, side by side where they can, as entries of the event queue. Calls `onEnd` with
 * what failed, within the entry of the last step, so that the caller goes on at that very moment.
 */
export function runSteps(
  eventQueue: EventQueue,
  steps: readonly Step[],
  stopOnFailure: boolean,
  onEnd: (failures: ReadonlyMap<string, Error>) => void,
): void {
  const names = new Set(steps.map((step) => step.id));
  const waiting = new Set(steps);
  const announced = new Map<Step, () => void>();
  const finished = new Set<string>();
  const failures = new Map<string, Error>();
  let working = 0;

  const fail = (step: Step, error: unknown) => {
    failures.set(step.id, error instanceof Error ? error : new Error(String(error)));
    if (!stopOnFailure) return;
    waiting.clear();
    for (const [other, cancelEntry] of announced) {
      cancelEntry();
      other.cancel?.();
    }
    announced.clear();
  };
  const run = async (step: Step) => {
    announced.delete(step);
    working++;
    try {
      await step.work();
      finished.add(step.id);
    } catch (error) {
      fail(step, error);
    }
    working--;
    next();
  };
  const start = (step: Step) => {
    waiting.delete(step);
    try {
      if (!step.begin()) return finished.add(step.id);
    } catch (error) {
      return fail(step, error);
    }
    const entry = async () => {
      const work = run(step);
      // What waits for the event queue has put its next entry there once all promises that can go on have done so.
      await (step.waitsForEventQueue ? promisesRun() : work);
    };
    return announced.set(step, eventQueue.at(eventQueue.now() + stepMs, `CloudFormation ${step.id}`, entry));
  };
  const ready = () =>
    [...waiting].find((step) => [...step.after].every((id) => finished.has(id) || !names.has(id)));
  const next = () => {
    for (let step = ready(); step; step = ready()) start(step);
    if (announced.size === 0 && working === 0) onEnd(failures);
  };
  next();
}
