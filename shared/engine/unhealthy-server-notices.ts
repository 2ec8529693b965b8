import type { Instant } from '../domain/observation.ts';
import type { Notice } from '../ports/events.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** An adopted server stops: no scaling group replaces it. */
export function adoptedServerStops(
  { fleet }: Scaler,
  { name }: ScalerGroup,
  { server, state, at }: { server: string; state: string; at: Instant },
): Notice {
  const subject = `[${fleet.name}] ${name}: its adopted server ${server} is ${state}, and nobody replaces it`;
  return { group: name, at, forPeople: true, urgent: true, subject, message: subject };
}

/** For five minutes a load balancer has found a server unhealthy, or does so no longer. */
export function unhealthyServers(
  { fleet }: Scaler,
  { name }: ScalerGroup,
  { isOver, at }: { isOver: boolean; at: Instant },
): Notice {
  const subject = isOver
    ? `[${fleet.name}] ${name}: all servers pass the health checks of their load balancer again`
    : `[${fleet.name}] ${name}: a server does not pass the health checks of its load balancer`;
  return { group: name, at, forPeople: true, urgent: !isOver, subject, message: subject };
}
