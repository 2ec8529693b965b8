import type { Instant } from '../domain/observation.ts';
import type { Notice } from '../ports/events.ts';
import { newsOf } from './news-of.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** An adopted server stops: no scaling group replaces it. */
export function adoptedServerStops(
  scaler: Scaler,
  group: ScalerGroup,
  { server, state, at }: { server: string; state: string; at: Instant },
): Notice {
  return newsOf(scaler, group, at, { key: 'adoptedServerStops', server, state });
}

/** For five minutes a load balancer has found a server unhealthy, or does so no longer. */
export function unhealthyServers(
  scaler: Scaler,
  group: ScalerGroup,
  { isOver, at }: { isOver: boolean; at: Instant },
): Notice {
  const notice = newsOf(scaler, group, at, { key: 'targetsFailing', failing: !isOver });
  return { ...notice, urgent: !isOver };
}
