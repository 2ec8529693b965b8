import type { Instant } from './timeline.ts';

interface LaunchRequest {
  readonly imageId: string;
  readonly instanceType: string;
  readonly availabilityZone: string;
  /** As the world knows the group: `tencent:REGION/GROUP`. */
  readonly group: string | undefined;
}

/** What the cloud asks of the world in which its servers stand. The world is outside the cloud and implements it. */
export interface ServerWorld {
  /** Why no server can be had now; undefined if it can. */
  refusal(request: LaunchRequest, now: Instant): { code: string; message: string } | undefined;
  /** Switches a server on. @returns when it is running; its application may still be booting */
  start(instanceId: string, request: LaunchRequest, now: Instant): Instant;
  stop(instanceId: string, now: Instant): void;
  /** Does the operating system answer? */
  reachable(instanceId: string, now: Instant): boolean;
  /** Does the application answer its health check? */
  answers(instanceId: string, now: Instant): boolean;
}

/** What one server did in a minute. */
export interface ServerMinute {
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What came to a group in a minute. */
export interface BalancerMinute {
  readonly requests: number;
  /** A mean; undefined: nobody was answered. */
  readonly responseMillis?: number | undefined;
}
