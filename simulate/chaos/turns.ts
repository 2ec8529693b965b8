/** So many turns are asked of the event loop at once: asking for each by itself costs more than what most of them play. */
const atOnce = 64;

/** Turns of the event loop. Between two of them everything that is ready to go on does so, and a rejection that nobody hears is heard. */
export class Turns {
  #asked = 0;
  #waiting: (() => void) | undefined;

  /** The next turn. One at a time may wait for it. */
  next(): Promise<void> {
    if (this.#asked === 0) {
      this.#asked = atOnce;
      for (let turn = 0; turn < atOnce; turn++) setImmediate(this.#take);
    }
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  readonly #take = (): void => {
    this.#asked--;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  };
}
