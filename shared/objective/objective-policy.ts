import type { LocalTime } from './local-time.ts';

/** What an objective is asked to do. */
export interface ObjectivePolicy {
  /** Share of the load that may be unserved, such as 0.001. */
  unserved: number;
  /** From launch to service. */
  bootMinutes: number;
  /** A launch must promise this many times the use for which a server that is there is kept; 1 launches at the price. */
  hesitation: number;
  /** About how often desired may change; a calmer fleet bears a larger surplus. */
  changesPerDay: number;
  /** No more servers are asked for; default: more than any group has. */
  maxServers?: number | undefined;
  /** The most load per server that the metric can show, such as 100 % CPU at a target of 80 %: 1.25. Default: any. */
  saturation?: number | undefined;
  /** Minutes from one to the minute in which it can be seen and acted on; default: 2, as CloudWatch shows it a minute late. */
  seenAfterMinutes?: number | undefined;
  /** Whose clock its days go by; default: UTC, without holidays. */
  time?: LocalTime | undefined;
}

export const defaultObjective: Omit<ObjectivePolicy, 'bootMinutes'> = {
  unserved: 0.001,
  hesitation: 8,
  changesPerDay: 48,
};
