/** Epoch milliseconds. */
export type Instant = number;

/** The clock of a cluster, and what is to happen when: whoever runs the cluster has it. */
export interface Timeline {
  now(): Instant;
  /** @returns cancels it */
  at(when: Instant, label: string, task: () => void): () => void;
}
