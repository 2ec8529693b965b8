/**
 * What one invocation has read of what it works on, and what it could not read. Numbers are those of its calls, in the
 * order in which they were begun.
 *
 * Work on a group begins with a read of its ledger, and goes on with each act on it; both are followed by a description,
 * without which the work is not finished. A group that is described for another's sake, as the leader of its followers, is
 * work of nobody: it may stay unknown.
 */
export class OwnReads {
  /** By what is read and name: could not be read, and nobody has read it since. */
  readonly #unread = new Map<string, Set<string>>();
  /** The call that has reported it last: one that began before and fails later takes nothing back. */
  readonly #toldBy = new Map<string, number>();
  /** By scaling group: the call after which it has to be described. */
  readonly #dueSince = new Map<string, number>();

  /** Is there something that it had to read, and could not? */
  get isBlind(): boolean {
    return [...this.#unread.values()].some((names) => names.size > 0);
  }

  /** The ledger of a scaling group is read, or it is changed: it has to be described after that. */
  due(scalingGroup: string, call: number): void {
    this.#dueSince.set(scalingGroup, call);
  }

  told(what: string, names: readonly string[], call: number): void {
    for (const name of names) {
      this.#unread.get(what)?.delete(name);
      this.#toldBy.set(`${what} ${name}`, call);
    }
  }

  failed(what: string, names: readonly string[], call: number): void {
    const missing = names.filter((name) => {
      const toldBy = this.#toldBy.get(`${what} ${name}`) ?? -1;
      if (what !== 'groups.describe') return toldBy < call;
      return toldBy < (this.#dueSince.get(name) ?? -1);
    });
    this.#unread.set(what, new Set([...(this.#unread.get(what) ?? []), ...missing]));
  }
}
