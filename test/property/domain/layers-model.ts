/**
 * The layers of a group's capacity, written from the words of docs/layers.md and from nothing else: it imports
 * nothing of the engine. Between two steps the group has come to rest, so that desired is the goal.
 */

/** What the file says of a group, and what is true besides. */
export interface Situation {
  readonly minSize: number;
  readonly maxSize: number;
  /** The windows that are open, in the order in which they opened. */
  readonly windows: readonly Window[];
  /** The leader's servers; undefined: the group follows nobody. */
  readonly leader: number | undefined;
  /** What the load needs; undefined: the group has no target. */
  readonly needed: number | undefined;
}

export interface Window {
  readonly name: string;
  readonly occurrence: number;
  readonly effect: Effect;
}

export type Effect =
  | { readonly servers: number }
  | { readonly percent: number }
  | { readonly minSize: number }
  | { readonly maxSize: number };

interface Share {
  readonly window: Window;
  readonly servers: number;
  /** Base and lifted when it was granted. */
  readonly mark: number;
}

export class Model {
  base: number;
  lifted = 0;
  shares: Share[] = [];
  situation: Situation;
  desired: number;

  /** First contact: base is what is there. */
  constructor(situation: Situation, desired: number) {
    this.situation = situation;
    this.base = desired;
    this.desired = desired;
    this.rest();
  }

  get own(): number {
    return Math.max(this.base, this.situation.minSize);
  }

  get granted(): number {
    return this.shares.reduce((sum, { servers }) => sum + servers, 0);
  }

  get floor(): number {
    const minima = this.situation.windows.map(({ effect }) => ('minSize' in effect ? effect.minSize : 0));
    return Math.max(this.situation.minSize, this.situation.leader ?? 0, ...minima);
  }

  get maximum(): number {
    const { windows, maxSize, minSize } = this.situation;
    const maxima = windows.map(({ effect }) => ('maxSize' in effect ? effect.maxSize : maxSize));
    return Math.max(minSize, Math.min(maxSize, ...maxima));
  }

  /** What the load needs besides what is lifted. */
  get tracked(): number {
    return Math.max(0, (this.situation.needed ?? 0) - this.lifted);
  }

  get held(): number {
    return Math.max(this.tracked, this.floor);
  }

  get goal(): number {
    return Math.min(Math.max(this.own + this.granted, this.held) + this.lifted, this.maximum);
  }

  /** Windows open and close, the leader and the load change. */
  becomes(situation: Situation): void {
    this.situation = situation;
    this.join();
    this.desired = Math.min(this.desired, this.maximum);
    for (const window of situation.windows)
      if (!this.shares.some((share) => share.window.occurrence === window.occurrence)) this.open(window);
    this.shares = this.shares.filter(({ window }) => this.isOpen(window));
    this.rest();
  }

  isOpen({ occurrence }: Window): boolean {
    return this.situation.windows.some((window) => window.occurrence === occurrence);
  }

  /** granted = min(asked, maxima − own − Σ granted); what closes at the same look goes to what opens. */
  open(window: Window): void {
    const { effect } = window;
    const asked =
      'servers' in effect
        ? effect.servers
        : 'percent' in effect
          ? Math.max(1, Math.floor((this.own * effect.percent) / 100))
          : undefined;
    if (asked === undefined) return;
    let mark = this.base + this.lifted;
    let taken = 0;
    this.shares = this.shares.map((share) => {
      const takes = this.isOpen(share.window) ? 0 : Math.min(share.servers, asked - taken);
      if (takes <= 0) return share;
      taken += takes;
      mark = Math.min(mark, share.mark);
      return { ...share, servers: share.servers - takes };
    });
    const room = Math.max(0, this.maximum - this.own - this.granted);
    this.shares.push({ window, servers: Math.min(asked, room), mark });
    this.join();
    this.desired = Math.max(this.desired, this.goal);
  }

  /** An alarm's +n, which leaves the marks of open windows alone. */
  stepUp(servers: number): void {
    this.raise(Math.min(this.desired + servers, this.maximum), 'alarm');
    this.rest();
  }

  /** What is above both desired and the goal is the step. */
  raise(to: number, who: 'alarm' | 'others'): void {
    const step = to - Math.max(this.desired, this.goal);
    if (step <= 0) return;
    this.desired = to;
    const before = this.base + this.lifted;
    if (this.held > this.own + this.granted) this.lifted += step;
    else this.base = this.own + step;
    if (who === 'others') this.moveMarks(this.base + this.lifted - before);
  }

  /** Down to a total: lifted first, then the newest share, then base; what a floor holds comes back. */
  lower(total: number): void {
    const before = this.base + this.lifted;
    const owned = this.own + this.granted;
    const top = Math.max(owned, this.held);
    if (total < owned) {
      const own = this.own;
      let surplus = owned - total;
      this.shares = this.shares
        .toReversed()
        .map((share) => {
          const taken = Math.min(share.servers, surplus);
          surplus -= taken;
          return { ...share, servers: share.servers - taken };
        })
        .toReversed();
      this.base = own - surplus;
    }
    this.lifted = Math.min(this.lifted, Math.max(0, total - top));
    this.moveMarks(this.base + this.lifted - before);
  }

  moveMarks(shift: number): void {
    this.shares = this.shares.map((share) => ({ ...share, mark: Math.max(0, share.mark + shift) }));
  }

  /** An alarm's −n: of lifted first, then of base, and while a window is open no further than its mark. */
  stepDown(servers: number): void {
    const { desired, own, lifted } = this;
    const mark = this.shares[0]?.mark ?? 0;
    const kept = Math.max(this.situation.minSize, mark);
    const leastLifted = Math.min(lifted, Math.max(0, kept - own));
    const least = this.goalOf(Math.min(own, kept), leastLifted);
    const to = Math.max(desired - servers, least);
    if (to >= desired) return;
    this.desired = to;
    const tracked = this.tracked;
    // As little is taken as brings the goal down to there, and at least what desired falls by.
    this.lifted = Math.max(leastLifted, lifted - (desired - to));
    while (this.lifted > leastLifted && this.goalOf(own, this.lifted, tracked) > to) this.lifted--;
    const rest = Math.max(0, desired - to - (lifted - this.lifted));
    if (rest > 0) this.base = own - rest;
    while (this.own > Math.min(own, kept) && this.goalOf(this.own, this.lifted, tracked) > to)
      this.base = this.own - 1;
    this.base = Math.max(this.base, Math.min(kept - this.lifted, own));
    this.rest();
  }

  goalOf(own: number, lifted: number, tracked = this.tracked): number {
    return Math.min(Math.max(own + this.granted, tracked, this.floor) + lifted, this.maximum);
  }

  /** A person asks for another capacity; what moves nothing changes no layer. */
  person(wanted: number): void {
    const { desired } = this;
    const total = Math.max(this.situation.minSize, Math.min(wanted, this.maximum));
    if (total > desired) this.raise(total, 'others');
    else if (total < desired) {
      const { base, lifted, shares } = this;
      const tracked = this.tracked;
      this.lower(total);
      const to = Math.max(total, this.goalOf(this.own, this.lifted, tracked));
      if (to >= desired) Object.assign(this, { base, lifted, shares });
      else this.desired = to;
    }
    this.rest();
  }

  /** Somebody else has set another capacity, whatever the maxima of windows are. */
  outside(to: number): void {
    if (to === this.desired) return;
    if (to < this.desired || to < this.own + this.granted) this.lower(to);
    else this.raise(to, 'others');
    this.desired = Math.min(to, this.maximum);
    this.rest();
  }

  /** Lifted joins base once nothing holds the group up. */
  join(): void {
    if (this.lifted === 0 || this.held > this.own + this.granted) return;
    this.moveMarks(this.own - this.base);
    this.base = this.own + this.lifted;
    this.lifted = 0;
  }

  /** Desired rises to the goal; the load draws lifted, then base down to what it needs; desired falls to the goal. */
  rest(): void {
    this.join();
    this.desired = Math.max(this.desired, this.goal);
    this.draw();
    this.join();
    this.desired = this.goal;
  }

  draw(): void {
    const { needed, minSize } = this.situation;
    if (needed === undefined) return;
    const own = Math.min(this.own, Math.max(needed, minSize));
    const wanted = this.goalOf(own, 0, needed);
    if (wanted >= this.desired) return;
    this.lifted = 0;
    this.base = Math.min(this.base, Math.max(own, wanted - this.granted));
  }
}
