/** Epoch milliseconds. */
export type Instant = number;

/** The clock of a cluster, and what is to happen when; who runs the cluster provides it. */
export interface Timeline {
  now(): Instant;
  /** @returns cancels it */
  at(when: Instant, label: string, task: () => void | Promise<void>): () => void;
}
