import type { Fleet } from './fleet-keys.ts';
import { measuredOf } from './measured-of.ts';
import { isPrometheus } from './prometheus.ts';

/** Does a group of the fleet go by a metric of a Prometheus? */
export function asksPrometheus({ groups }: Pick<Fleet, 'groups'>): boolean {
  return Object.values(groups).some((group) => measuredOf(group).some(({ metric }) => isPrometheus(metric)));
}
