import { blockerOf } from './blockers.ts';
import type { CapacityRequest } from './capacity-request.ts';
import type { Blocker, Unknown } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import type { ScalingGroup } from './observation.ts';
import type { CompiledRule } from './policy.ts';
import { inServiceCapacity, leftSince } from './servers.ts';

/** How low a scale-in may go and who keeps it from going lower, or that a metric must be looked up first. */
export type Guarded =
  | { readonly kind: 'servers'; readonly servers: number; readonly blocker: Blocker | undefined }
  | Unknown;

/**
 * Computes what the load per server would become, and shrinks a scale-in that would trip a scale-out. Load is taken to
 * spread evenly: value × servers stays the same. An unknown metric refuses the step.
 */
export function guarded(context: DecisionContext, to: number, request: CapacityRequest): Guarded {
  const { policy, group, observation } = context;
  let servers = to;
  let blocker: Blocker | undefined;
  const inService = staying(group);
  if (inService === 0) return { kind: 'servers', servers, blocker };
  for (const rule of policy.scaleOutRules) {
    if (!rule.perServer || !rule.above) continue;
    const reading = observation.metrics[rule.metricKey];
    if (reading === undefined) return { kind: 'unknown', need: 'metrics' };
    if (!reading.known) {
      if (rule.silenceIsFine && reading.why === 'missing') continue;
      const { metricName: metric, name } = rule;
      const why = { key: 'metricUnknown', metric, rule: name, why: reading.why } as const;
      return { kind: 'servers', servers: group.desired, blocker: blockerOf(request, 'MetricMissing', why) };
    }
    const load = reading.value * (inService + leftSince(context.ledger.changes, reading.at));
    const least = group.desired - inService + carriersFor(rule, load);
    if (least <= servers) continue;
    servers = Math.min(least, group.desired);
    blocker = tripping(context, rule, load, request);
  }
  return { kind: 'servers', servers, blocker };
}

/** What has just been taken away is described as in service until its termination begins: it is counted with what left. */
function staying(group: ScalingGroup): number {
  return Math.min(inServiceCapacity(group), group.desired);
}

/** The fewest servers that carry the load without a breach. */
function carriersFor({ threshold, outFrom, inclusive }: CompiledRule, load: number): number {
  if (outFrom <= 0) return 0;
  const exact = load / outFrom;
  // A step holds its lower bound itself.
  return inclusive || outFrom > threshold ? Math.floor(exact) + 1 : Math.ceil(exact);
}

function tripping(
  { group }: DecisionContext,
  rule: CompiledRule,
  load: number,
  request: CapacityRequest,
): Blocker {
  const carriers = Math.max(1, request.to - group.desired + staying(group));
  const after = Math.round((load / carriers) * 10) / 10;
  const { metricName: metric, name, outFrom: threshold } = rule;
  return blockerOf(request, 'FlapGuard', { key: 'wouldTrip', metric, value: after, rule: name, threshold });
}
