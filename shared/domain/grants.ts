import { truncatedPercent } from './adjustment.ts';
import type { Grant, Ledger } from './ledger.ts';
import type { OpenWindow } from './observation.ts';
import type { Party } from './sentence.ts';

/** One occurrence of a window: however often it is announced, it grants once. */
export function windowKey({ name, start }: OpenWindow): string {
  return `window:${name}@${new Date(start).toISOString()}`;
}

export function isOfWindow(grant: Grant, { name, start }: OpenWindow): boolean {
  return grant.start === start && grant.name === name && !isBump(grant);
}

export function isBump({ key }: Grant): boolean {
  return key.startsWith('bump:');
}

/** In sentences: "window 'lunch'", "the bump by alice". */
export function partyOf(grant: Grant): Party {
  return { kind: isBump(grant) ? 'bump' : 'window', name: grant.name };
}

/** Servers that a window asks for on top. A percentage is of the group's own capacity, rounded as AWS does. */
export function boostOf(window: OpenWindow, own: number): number {
  if (!window.boost) return 0;
  const { type, value } = window.boost;
  return type === 'PercentChangeInCapacity' ? truncatedPercent(own, value) : value;
}

export function totalGranted(grants: readonly Grant[]): number {
  let total = 0;
  for (const grant of grants) total += grant.servers;
  return total;
}

/** The first grant that is still open: alarms must leave its base alone. */
export function firstOpen(grants: readonly Grant[]): Grant | undefined {
  return grants.find(({ releasing }) => !releasing);
}

export function withGrant(ledger: Ledger, grant: Omit<Grant, 'releasing'>): Ledger {
  return { ...ledger, grants: [...ledger.grants, { ...grant, releasing: false }] };
}

/** Gives back all but `left` servers of a grant that has closed. */
export function withReleased(ledger: Ledger, key: string, left: number): Ledger {
  const grants = ledger.grants.map((grant) =>
    grant.key === key ? { ...grant, servers: left, releasing: true } : grant,
  );
  return { ...ledger, grants };
}
