import type { AlarmState, Instant } from './observation.ts';

/** What somebody asks for by hand. */
export type ManualRequest =
  | { readonly kind: 'adjust'; readonly adjustment: number; readonly forSeconds?: number | undefined }
  | { readonly kind: 'set'; readonly desiredCapacity: number }
  | {
      readonly kind: 'pause';
      readonly direction: 'both' | 'out' | 'in';
      readonly forSeconds?: number | undefined;
    }
  | { readonly kind: 'resume' }
  | { readonly kind: 'adopt'; readonly serverIds: readonly string[] };

/**
 * Why somebody looks. An event only says *when* to look; what to do is computed from what is true now. Only a person's
 * ask is carried by its event, for there is nowhere else to read it.
 */
export type Trigger =
  | { readonly kind: 'sweep' }
  | {
      readonly kind: 'schedule';
      readonly window: string;
      readonly edge: 'start' | 'end';
      readonly at: Instant;
    }
  /** `state` is what the event said; it replaces the observed one when it is newer. */
  | { readonly kind: 'alarm'; readonly rule: string; readonly state: AlarmState }
  | {
      readonly kind: 'instance';
      readonly detail: string;
      readonly at: Instant;
      /** The server has left the group. */
      readonly isGone?: boolean;
      /** The provider has announced that it wants this server back: it goes within minutes. */
      readonly wantedBack?: string;
    }
  | {
      readonly kind: 'manual';
      /** Makes a retry harmless: the same id changes capacity at most once. */
      readonly requestId: string;
      readonly request: ManualRequest;
      readonly reason: string;
      readonly owner: string;
    };

/** Whose ask changed a capacity: never which event woke the scaler. */
export type Cause = 'schedule' | 'alarm' | 'metric' | 'manual' | 'leader' | 'forecast' | 'external';
