import type { Lifecycle } from '../shared/domain/observation.ts';
import type { ReasonCode } from '../shared/domain/reason.ts';
import type { Sentence } from '../shared/domain/sentence.ts';
import type { Unit } from '../shared/sentences/unit.ts';

/** What the page shows: read anew every few seconds. Times in ISO-8601 UTC. */
export interface ConsoleState {
  readonly fleet: string;
  readonly timeZone: string;
  readonly now: string;
  /** Present on the local cloud only: what the page may do to its world. */
  readonly world?: { readonly speed: number } | undefined;
  readonly groups: readonly GroupView[];
}

export interface GroupView {
  readonly name: string;
  /** Its scaling group is not in the cloud: the numbers say nothing. */
  readonly missing: boolean;
  /** What it is made of. */
  readonly unit: Unit;
  /** It only observes: nothing of what is done is the scaler's. */
  readonly observes: boolean;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly inService: number;
  /** What would be decided now: where to, and why. */
  readonly to: number;
  readonly reason: ReasonCode;
  readonly why: Sentence;
  /** What makes up the number now. */
  readonly layers: readonly {
    readonly layer: string;
    readonly by: string;
    readonly servers: number;
    readonly why: Sentence;
  }[];
  readonly blockers: readonly { readonly why: Sentence; readonly until?: string | undefined }[];
  readonly pause?:
    | { readonly owner: string; readonly reason: string; readonly until?: string | undefined }
    | undefined;
  /** Alarms and targets, and what would make them ask for servers. */
  readonly rules: readonly {
    readonly name: string;
    /** An alarm's own, or what a target says. */
    readonly value: string;
    /** It is in ALARM for want of servers, and not only because there are more than it takes. */
    readonly urgent: boolean;
    /** Its alarm is about to turn red for want of servers. */
    readonly near: boolean;
    readonly why: Sentence;
  }[];
  readonly servers: readonly {
    readonly id: string;
    readonly lifecycle: Lifecycle;
    readonly protectedFromScaleIn: boolean;
  }[];
  /** Windows that are open, and openings of the next 14 days. */
  readonly upcoming: readonly {
    readonly window: string;
    readonly start: string;
    readonly end: string;
    readonly effect: Sentence;
  }[];
}

/** One group's last day, as a picture needs it. */
export interface GroupDay {
  readonly from: string;
  readonly to: string;
  readonly desired: Series;
  readonly inService: Series;
  /** CPU in %, averaged over the servers. */
  readonly load: Series;
  /** What alarms and targets compare the CPU with. */
  readonly limits: readonly { readonly name: string; readonly percent: number }[];
  readonly windows: readonly { readonly name: string; readonly start: string; readonly end: string }[];
}

/** Values one step apart from the beginning of the day; null where nothing was measured. */
export interface Series {
  readonly stepSeconds: number;
  readonly values: readonly (number | null)[];
}

/** What the page may ask for. Everything that changes capacity carries a reason. */
export type ConsoleAction =
  | {
      readonly action: 'bump';
      readonly group: string;
      readonly adjustment: number;
      readonly for?: string | undefined;
      readonly reason: string;
    }
  | {
      readonly action: 'pause';
      readonly group: string;
      readonly direction: 'both' | 'out' | 'in';
      readonly for?: string | undefined;
      readonly reason: string;
    }
  | { readonly action: 'resume'; readonly group: string; readonly reason: string }
  | {
      readonly action: 'adopt';
      readonly group: string;
      readonly instances: readonly string[];
      readonly reason: string;
    }
  | WorldAction;

/** What only the local cloud's world can be asked for. */
export type WorldAction =
  | { readonly action: 'speed'; readonly speed: number }
  | { readonly action: 'flash-crowd'; readonly group: string }
  | { readonly action: 'kill-server'; readonly group: string };
