/** Epoch milliseconds. */
export type Instant = number;

/** The clock of a cloud, and what is to happen when: whoever runs the cloud has it. */
export interface Timeline {
  now(): Instant;
  /** @returns cancels it */
  at(when: Instant, label: string, task: () => void): () => void;
}
