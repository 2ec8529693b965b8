import type { Instant } from './timeline.ts';

/** What one pod uses. */
export interface PodUsage {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
}

/** What a cluster asks of the world in which its pods run. The world is outside the cluster and implements it. */
export interface PodWorld {
  /** Starts a pod's containers. @param workload as `NAMESPACE/NAME` */
  start(pod: string, workload: string, now: Instant): void;
  stop(pod: string, now: Instant): void;
  /** Does it answer its readiness probe? */
  answers(pod: string, now: Instant): boolean;
  /** undefined: nobody has measured it yet */
  usage(pod: string, now: Instant): PodUsage | undefined;
}
