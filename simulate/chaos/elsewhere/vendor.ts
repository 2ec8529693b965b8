import type { Instant, Lifecycle, ScalingGroup, Suspension } from '../../../shared/domain/observation.ts';
import type { Fleet } from '../../../shared/fleet/fleet.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { HttpAnswer, HttpCall, Via } from '../../../shared/providers/over-http.ts';
import type { Draw } from '../dice.ts';
import type { Offered, Secret } from './elsewhere.ts';
import type { LazyTimeline } from './lazy-timeline.ts';
import type { RefusedLaunches, ServerPark } from './server-park.ts';
import type { Refusal } from './wire.ts';

export interface Member {
  readonly id: string;
  readonly state: string;
}

export interface Sizes {
  minSize: number;
  maxSize: number;
  desired: number;
}

/** A group as the stand-in of its cloud has it. */
export interface Group<M> extends Sizes {
  readonly id: string;
  readonly members: Map<string, M>;
  readonly activities: readonly { status: string; endedAt: Instant | undefined }[];
}

/** The stand-in of a cloud whose scaling groups are told a desired capacity. */
interface StandIn<G> {
  addKey(id: string, secret: string): void;
  removeKey(id: string): void;
  addGroup(settings: Sizes & { id: string; region: string; defaultCooldown: number }): G;
  addServer(group: { readonly region: string; readonly id: string }, server: string): string;
  group(id: string): G;
  all(): readonly G[];
}

/** How an adapter gets at its cloud. */
export interface Access {
  readonly secrets: ReturnType<Secret['reader']>;
  readonly clock: Clock;
  readonly via: Via;
}

/** A cloud, and what is its own in it: its words, its ways to suspend and protect, its keys, its adapter. */
export interface Vendor<G extends Group<M>, M extends Member> {
  readonly provider: 'tencent' | 'alibaba';
  readonly cloud: StandIn<G>;
  /** Where its API is asked. */
  readonly hosts: readonly string[];
  readonly lifecycles: Readonly<Record<string, Lifecycle>>;
  /** Of a server that comes, and of one that serves and that anybody may detach. */
  readonly states: { readonly launching: string; readonly detachable: string };
  /** Of an activity. */
  readonly statuses: { readonly running: string; readonly failed: string };
  /** A key as the product's secret has it. */
  credentials(key: string, secret: string): Readonly<Record<string, string>>;
  /** What a new group has besides its sizes. */
  settings(name: string, draw: Draw): object;
  seen(group: G): Pick<ScalingGroup, 'desired' | 'suspended' | 'trafficSources'>;
  isProtected(member: M): boolean;
  setProtected(member: M, isProtected: boolean): void;
  suspend(group: G, process: Suspension, draw: Draw): void;
  /** All that was suspended goes on. */
  resume(group: G): void;
  playNative(group: G, servers: number): void;
  /** Somebody terminates a server, or its cloud loses it. */
  end(group: G, member: M, kind: 'server-dies' | 'server-lost'): void;
  adapter(fleet: Fleet, access: Access): Offered;
  answer(call: HttpCall): HttpAnswer;
  refuse(how: Refusal): HttpAnswer;
}

/** How a vendor's cloud begins. */
export interface Opening<G extends Group<M>, M extends Member> {
  /** With what the cloud refuses a launch. */
  readonly refusedLaunches: RefusedLaunches;
  open(timeline: LazyTimeline, park: ServerPark): Vendor<G, M>;
}
