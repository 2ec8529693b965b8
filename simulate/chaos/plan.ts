import type { Instant, LossCause, Suspension } from '../../shared/domain/observation.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Provider } from './random-fleet.ts';

/** Something that happens in the world, by whatever cause. */
export type Happening = { readonly id: string; readonly at: Instant; readonly group: string } & Deed;

export type Deed =
  | { readonly kind: 'load'; readonly load: number }
  | { readonly kind: 'metrics-silent'; readonly seconds: number }
  /** Nobody has confirmed the subscription through which alarms tell their news: all of them are sent, and none arrives. */
  | { readonly kind: 'subscription-unconfirmed'; readonly seconds: number }
  | { readonly kind: 'ask'; readonly ask: object; readonly again: boolean }
  /** So many people who each want one server more. */
  | { readonly kind: 'crowd'; readonly people: number }
  | { readonly kind: 'adopt'; readonly server: string }
  | { readonly kind: 'set-desired'; readonly servers: number }
  | { readonly kind: 'set-bounds'; readonly minSize: number; readonly maxSize: number }
  | { readonly kind: 'suspend'; readonly process: Suspension; readonly seconds: number }
  | { readonly kind: 'refresh'; readonly seconds: number }
  | { readonly kind: 'protect'; readonly nth: number; readonly seconds: number }
  | { readonly kind: 'detach'; readonly nth: number }
  | { readonly kind: 'server-dies'; readonly nth: number; readonly server?: string }
  /** Its group takes a server out and replaces it, and says why. */
  | { readonly kind: 'server-lost'; readonly nth: number; readonly cause: LossCause }
  | { readonly kind: 'server-unhealthy'; readonly nth: number }
  | { readonly kind: 'launches-fail'; readonly seconds: number }
  | { readonly kind: 'launches-hang'; readonly seconds: number }
  /** Somebody takes a server out, so that desired falls, and puts it back. */
  | { readonly kind: 'standby'; readonly nth: number; readonly seconds: number }
  /** A server fails the check of its load balancer, and its group leaves it. */
  | { readonly kind: 'target-unhealthy'; readonly nth: number; readonly seconds: number }
  /** The group is attached to a target group that no listener uses. */
  | { readonly kind: 'second-target-group' }
  /** What is measured is published minutes after it happened. */
  | { readonly kind: 'metrics-late'; readonly seconds: number }
  /** News of alarms is held up on its way, and arrives when what it tells of is long over. */
  | { readonly kind: 'news-held'; readonly seconds: number }
  /** Every metric says 0, as a broken collector does. */
  | { readonly kind: 'metrics-false'; readonly seconds: number }
  /** The monitor of a provider, or a Prometheus, does not answer for a group. */
  | { readonly kind: 'metrics-refused'; readonly seconds: number }
  /** A provider's API gives no answer. */
  | { readonly kind: 'provider-hangs'; readonly seconds: number }
  /** The key or token that is used there is replaced by another one. */
  | { readonly kind: 'credentials-end' }
  /** Somebody else writes to the same objects, at the same moments. */
  | { readonly kind: 'others-write'; readonly seconds: number }
  /** A rule of the group's own wants so many servers. */
  | { readonly kind: 'native-rule'; readonly servers: number }
  /** The target group is given to another load balancer, whose metrics have another name. */
  | { readonly kind: 'balancer-moves' }
  /** The group is gone, and then another of the same name is there. */
  | { readonly kind: 'replace'; readonly seconds: number }
  /** Somebody deletes the item, or restores the table from before it was there. */
  | { readonly kind: 'lose-ledger' }
  | { readonly kind: 'deploy'; readonly fleet: 'first' | 'later' };

/** Everything that a run is made of; the same plan always plays the same. */
export interface Plan {
  readonly seed: number;
  readonly start: Instant;
  /** From then on nothing fails and nobody interferes. */
  readonly calmAt: Instant;
  readonly fleet: Fleet;
  /** What deploys in the middle of it all bring; some bring the first one back. */
  readonly laterFleet: Fleet;
  readonly desired: number;
  /** Until then the groups are still being made. */
  readonly foundAt: Instant;
  /** Until then their stacks are not finished. */
  readonly deployedAt: Instant;
  readonly provider: Provider;
  readonly happenings: readonly Happening[];
  /** The probability with which a call fails. */
  readonly faultRate: number;
}
