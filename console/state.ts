import type { Activity } from '../shared/domain/activity.ts';

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
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly inService: number;
  /** Why it is what it is now, one sentence. */
  readonly message: string;
  /** What makes up the number now. */
  readonly layers: readonly { readonly layer: string; readonly by: string; readonly servers: number }[];
  readonly blockers: readonly { readonly message: string; readonly until?: string | undefined }[];
  readonly pause?:
    | { readonly owner: string; readonly reason: string; readonly until?: string | undefined }
    | undefined;
  readonly alarms: readonly {
    readonly name: string;
    readonly value: string;
    readonly since: string;
    readonly condition: string;
  }[];
  readonly servers: readonly {
    readonly id: string;
    readonly state: string;
    readonly health: string;
    readonly protectedFromScaleIn: boolean;
  }[];
  /** Openings of the next 14 days. */
  readonly upcoming: readonly {
    readonly window: string;
    readonly start: string;
    readonly end: string;
    readonly effect: string;
  }[];
}

/** One group's last day, as a picture needs it. */
export interface GroupDay {
  readonly from: string;
  readonly to: string;
  /** A minute or more apart; null where nothing was measured. */
  readonly points: readonly {
    readonly at: string;
    readonly desired: number | null;
    readonly inService: number | null;
    /** CPU in % averaged over the servers. */
    readonly load: number | null;
  }[];
  readonly windows: readonly { readonly name: string; readonly start: string; readonly end: string }[];
  readonly activities: readonly Activity[];
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
  | { readonly action: 'speed'; readonly speed: number }
  | { readonly action: 'flash-crowd'; readonly group: string }
  | { readonly action: 'kill-server'; readonly group: string };
