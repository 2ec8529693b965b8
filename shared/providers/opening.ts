import type { Fleet } from '../fleet/fleet.ts';
import type { Clock } from '../ports/clock.ts';
import type { Clients } from './aws/clients.ts';

/** What a provider of another kind is opened with. */
export interface Opening {
  /** Whose groups it keeps: their settings say where they are, and with which credentials. */
  readonly fleet: Fleet;
  readonly clients: Clients;
  readonly clock: Clock;
  /**
   * What a target group of AWS does not find unhealthy, by the ids of its targets.
   * @param region undefined: that of the functions
   * @throws PortError
   */
  readonly wellAt: (targetGroupArn: string, region?: string | undefined) => Promise<ReadonlySet<string>>;
}
