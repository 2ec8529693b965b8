import type { Instant } from '../../shared/domain/observation.ts';

interface Entry {
  readonly at: Instant;
  readonly turn: number;
  readonly run: () => void;
}

/** What is still to come, in order of time; what is due at the same instant comes in the order in which it was planned. */
export class EventQueue {
  readonly #heap: Entry[] = [];
  #turns = 0;

  plan(at: Instant, run: () => void): void {
    const heap = this.#heap;
    heap.push({ at, turn: this.#turns++, run });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!isBefore(heap[child]!, heap[parent]!)) return;
      swap(heap, child, parent);
      child = parent;
    }
  }

  next(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    heap[0] = last;
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      const right = left + 1;
      let least = parent;
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
      if (least === parent) return first;
      swap(heap, parent, least);
      parent = least;
    }
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.turn < other.turn);
}

function swap(heap: Entry[], one: number, other: number): void {
  [heap[one], heap[other]] = [heap[other]!, heap[one]!];
}
