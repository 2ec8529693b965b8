import type { Models } from '../../ports/models.ts';
import { pick } from './pick.ts';

/** Keeps what was learnt as it would be stored: a copy, in plain data. */
export class MemoryModels implements Models {
  readonly #models = new Map<string, unknown>();

  async read(groups: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    return pick(this.#models, groups);
  }

  async write(group: string, model: unknown): Promise<void> {
    this.#models.set(group, structuredClone(model));
  }
}
