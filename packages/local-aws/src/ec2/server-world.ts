import type { Instant } from '../service.ts';

/** A server that somebody asks for. */
export interface LaunchRequest {
  readonly imageId: string;
  readonly instanceType: string;
  readonly availabilityZone: string;
  /** The scaling group that asks, if one does: what its servers carry depends on the group. */
  readonly group: string | undefined;
}

/** What the cloud asks of the world in which its servers stand. The world is outside the cloud and implements it. */
export interface ServerWorld {
  /** Why such a server cannot be had now, as an EC2 error; undefined if it can. */
  refusal(request: LaunchRequest, now: Instant): { code: string; message: string } | undefined;
  /** Switches a server on. @returns when EC2 shows it as running; the operating system may still be booting */
  start(instanceId: string, request: LaunchRequest, now: Instant): Instant;
  stop(instanceId: string, now: Instant): void;
  /** Does the operating system answer EC2's status checks? */
  reachable(instanceId: string, now: Instant): boolean;
  /** Does the application answer its health check? */
  answers(instanceId: string, now: Instant): boolean;
}
