import type { Explanation } from '../shared/domain/explain.ts';
import { decisionNow, wantsMore } from '../shared/domain/nearing.ts';
import type { Instant, OpenWindow } from '../shared/domain/observation.ts';
import { isInService } from '../shared/domain/servers.ts';
import type { GroupState } from '../shared/engine/group-state.ts';
import { sizesOf } from '../shared/engine/sizes-of.ts';
import { unitOf } from '../shared/fleet/unit-of.ts';
import { windowEffect } from '../shared/schedule/window-effect.ts';
import { dayMs } from '../shared/units.ts';
import type { GroupView } from './state.ts';

const upcomingMs = 14 * dayMs;

/** A group as the page shows it; `explanation` is undefined while the scaler has not met it. */
export function groupView(state: GroupState, explanation: Explanation | undefined): GroupView {
  const { group, observation, decision, ledger } = state;
  const { desired = 0, servers = [] } = observation.group ?? {};
  const sizes = observation.group && sizesOf(group.config, observation.group);
  const { minSize = 0, maxSize = 0 } = sizes ?? {};
  const { to, reason, why } = decisionNow(decision, explanation?.rules ?? []);
  return {
    name: group.name,
    missing: observation.group === undefined,
    unit: unitOf(group.config),
    observes: group.config.mode === 'observe',
    minSize,
    maxSize,
    desired,
    inService: servers.filter(isInService).length,
    to,
    reason,
    why,
    layers: (explanation?.layers ?? []).map(({ layer, by, servers, why }) => ({
      layer,
      by,
      servers,
      why,
    })),
    blockers: decision.blockers.map(({ why, until }) => ({ why, until: isoOrNothing(until) })),
    pause: ledger?.pause && {
      owner: ledger.pause.owner,
      reason: ledger.pause.reason,
      until: isoOrNothing(ledger.pause.until),
    },
    rules: rulesOf(state, explanation),
    servers: servers.map(({ id, lifecycle, protectedFromScaleIn }) => ({
      id,
      lifecycle,
      protectedFromScaleIn,
    })),
    upcoming: upcomingOf(state),
  };
}

function rulesOf(
  { alarms, observation }: GroupState,
  explanation: Explanation | undefined,
): GroupView['rules'] {
  const desired = observation.group?.desired ?? 0;
  const values = new Map(alarms.map(({ rule, state }) => [rule, state?.value ?? 'missing']));
  return (explanation?.rules ?? []).map((said) => {
    const { rule, kind, state, servers, why } = said;
    const value = kind === 'alarm' ? values.get(rule)! : state;
    // At the maximum it cannot even say how many it would ask for.
    const urgent = value === 'ALARM' && (servers ?? Number.POSITIVE_INFINITY) > desired;
    const near = wantsMore(said, desired);
    return { name: rule, value, urgent, near, why };
  });
}

function upcomingOf({ group, at, observation }: GroupState): GroupView['upcoming'] {
  const opening = group.timetable.next(at, at + upcomingMs).filter(({ edge }) => edge === 'start');
  return [...observation.windows, ...opening.map(({ window }) => window)].map((window: OpenWindow) => ({
    window: window.name,
    start: iso(window.start),
    end: iso(window.end),
    effect: windowEffect(window),
  }));
}

function isoOrNothing(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : iso(instant);
}

function iso(instant: Instant): string {
  return new Date(instant).toISOString();
}
