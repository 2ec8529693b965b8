import type { LayerNow, RuleNow } from '../shared/domain/explain.ts';
import type { Instant } from '../shared/domain/observation.ts';
import { isInService } from '../shared/domain/servers.ts';
import type { GroupState } from '../shared/engine/group-state.ts';
import { sizesOf } from '../shared/engine/sizes-of.ts';
import { windowEffect } from '../shared/schedule/window-effect.ts';
import type { Speaker } from '../shared/sentences/speaker.ts';

/** A group's state for programs: names as the field has them, instants in ISO-8601 UTC, sentences in English and as data. */
export function stateJson(
  { group, at, observation, ledger, decision, layers, alarms, next }: GroupState,
  english: Speaker,
): object {
  const { group: scalingGroup } = observation;
  const sizes = scalingGroup && sizesOf(group.config, scalingGroup);
  const inService = scalingGroup?.servers.filter(isInService);
  return {
    name: group.name,
    mode: group.config.mode,
    scalingGroup: group.scalingGroup,
    at: iso(at),
    minSize: sizes?.minSize,
    maxSize: sizes?.maxSize,
    desired: scalingGroup?.desired,
    inService: inService?.length,
    servers: scalingGroup?.servers.map(({ id, lifecycle, protectedFromScaleIn }) => ({
      id,
      lifecycle,
      protected: protectedFromScaleIn,
    })),
    reason: decision.reason,
    why: decision.why,
    message: english.message(group.name, decision, at),
    layers,
    blockers: decision.blockers.map(({ code, why, until }) => ({
      code,
      why,
      message: english.of(group.name).sentence(why, at),
      until: until && iso(until),
    })),
    pause: ledger?.pause && {
      ...ledger.pause,
      since: iso(ledger.pause.since),
      until: ledger.pause.until && iso(ledger.pause.until),
    },
    lost: (ledger?.lost?.servers ?? []).map(([id, lostAt, cause]) => ({ id, at: iso(lostAt), cause })),
    isShort: ledger?.lost?.short === true,
    windows: observation.windows.map((window) => ({
      name: window.name,
      start: iso(window.start),
      end: iso(window.end),
      effect: english.of(group.name).sentence(windowEffect(window), at),
    })),
    forecast: observation.forecast && {
      ...observation.forecast,
      message: english.of(group.name).sentence(observation.forecast.why, at),
    },
    next: next && { window: next.window.name, edge: next.edge, at: iso(next.at) },
    alarms: alarms.map(({ rule, state }) => ({
      rule,
      value: state?.value,
      since: state && iso(state.since),
    })),
  };
}

/** What a layer or a rule says now. */
export function saidJson({ until, ...said }: LayerNow | RuleNow, at: Instant, english: Speaker): object {
  return { ...said, message: english.sentence(said.why, at), until: until && iso(until) };
}

function iso(instant: Instant): string {
  return new Date(instant).toISOString();
}
