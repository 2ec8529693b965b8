import type { Group, Member } from './group.ts';

const hour = 3_600_000;

/**
 * Chooses which instance goes next: out of the zone with most instances, then by the group's policies in turn.
 * @returns undefined when every candidate is protected from scale-in
 */
export function chooseVictim(
  group: Group,
  candidates: readonly Member[],
  latestVersion: string | undefined,
  now: number,
): Member | undefined {
  const unprotected = candidates.filter((member) => !member.isProtected);
  let chosen = inFullestZone(unprotected, candidates);
  for (const policy of group.terminationPolicies) {
    if (chosen.length <= 1) break;
    chosen = apply(policy, chosen, latestVersion, now);
  }
  return chosen[0];
}

function inFullestZone(unprotected: readonly Member[], all: readonly Member[]): Member[] {
  const count = (zone: string) => all.filter((member) => member.zone === zone).length;
  const most = Math.max(0, ...unprotected.map((member) => count(member.zone)));
  return unprotected.filter((member) => count(member.zone) === most);
}

function apply(policy: string, members: Member[], latestVersion: string | undefined, now: number): Member[] {
  switch (policy) {
    case 'OldestInstance':
      return least(members, (member) => member.launchedAt);
    case 'NewestInstance':
      return least(members, (member) => -member.launchedAt);
    case 'OldestLaunchTemplate':
      return least(members, (member) => Number(member.launchTemplate?.Version ?? 0));
    case 'ClosestToNextInstanceHour':
      return least(members, (member) => hour - ((now - member.launchedAt) % hour));
    case 'AllocationStrategy':
      return members;
    default: {
      // Default: first those that do not run the current template, then the one closest to the next billing hour.
      const outdated = members.filter((member) => member.launchTemplate?.Version !== latestVersion);
      return least(
        outdated.length > 0 ? outdated : members,
        (member) => hour - ((now - member.launchedAt) % hour),
      );
    }
  }
}

function least(members: Member[], score: (member: Member) => number): Member[] {
  const lowest = Math.min(...members.map(score));
  return members.filter((member) => score(member) === lowest);
}
