/** What the runs have met, by kind. */
export class Coverage {
  readonly counts: Map<string, Map<string, number>> = new Map();

  count(kind: string, what: string, times = 1): void {
    const counts = this.counts.get(kind) ?? new Map<string, number>();
    this.counts.set(kind, counts);
    counts.set(what, (counts.get(what) ?? 0) + times);
  }

  add(other: { readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>> }): void {
    for (const [kind, counts] of other.counts) {
      for (const [what, times] of counts) this.count(kind, what, times);
    }
  }
}
