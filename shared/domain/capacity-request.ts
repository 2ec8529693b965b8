import type { Ledger } from './ledger.ts';
import type { ReasonCode } from './reason.ts';
import type { Party, Sentence } from './sentence.ts';
import type { Cause } from './trigger.ts';

/** A change of capacity that some party wants. */
export interface CapacityRequest {
  readonly to: number;
  readonly reason: ReasonCode;
  readonly cause: Cause;
  /** The rule, window or person behind it. */
  readonly by: string;
  /** Who asks, in a sentence that refuses it; default: `by`. */
  readonly asker?: Party;
  /** It is a grant that has ended and is given back. */
  readonly ended?: true;
  readonly why: Sentence;
  /** The layers as they are when it is granted. */
  readonly ledger: Ledger;
  /** The alarm rule whose cooldown it starts. */
  readonly rule?: string;
  readonly attach?: readonly string[];
  readonly detach?: readonly string[];
  /** See `OpenActivity`. */
  readonly quiet?: true | undefined;
  /** A person's request names its own activity. */
  readonly requestId?: string;
}
