import { z } from 'zod';
import { type Group, group } from './group.ts';
import { network, referencedGroups } from './launch.ts';
import { identifier, type instanceId, timeZone } from './scalars.ts';
import { fleetSimulation } from './simulation.ts';
import { calendar } from './window.ts';

/** The whole of `fleet.yaml`. Unknown keys are errors; every error names its path and what was expected. */
export const fleet = z
  .strictObject({
    name: identifier,
    timeZone: timeZone.default('UTC'),
    notify: z.strictObject({ email: z.array(z.email()).default([]) }).prefault({}),
    /** How long activities stay in the history. */
    historyRetentionDays: z.int().min(1).max(3650).default(400),
    calendars: z.record(identifier, calendar).default({}),
    network: network.prefault({}),
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
    simulation: fleetSimulation.prefault({}),
    groups: z
      .record(identifier, group)
      .refine((groups) => Object.keys(groups).length >= 1 && Object.keys(groups).length <= 500, {
        error: 'expected between 1 and 500 groups',
      }),
  })
  .superRefine((value, context) => {
    const complain = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const adopted = new Map<z.output<typeof instanceId>, string>();
    for (const [name, one] of Object.entries(value.groups)) {
      for (const problem of referenceProblems(value, name, one))
        complain(['groups', name, ...problem.path], problem.message);
      for (const id of one.instances) {
        const owner = adopted.get(id);
        if (owner && owner !== name)
          complain(['groups', name, 'instances'], `expected servers of no other group: ${id} is in ${owner}`);
        adopted.set(id, name);
      }
    }
  });

export type Fleet = z.output<typeof fleet>;

interface Problem {
  path: PropertyKey[];
  message: string;
}

interface Referable {
  groups: Record<string, Group>;
  calendars: Record<string, string[]>;
}

/** What one group says of others and of calendars must exist, and nobody may follow himself round a circle. */
function referenceProblems(all: Referable, name: string, one: Group): Problem[] {
  const problems: Problem[] = [];
  if (one.follows) {
    const circle = followsInCircle(all, name);
    if (!all.groups[one.follows.group])
      problems.push({ path: ['follows', 'group'], message: 'expected the name of a group of this fleet' });
    else if (circle)
      problems.push({
        path: ['follows', 'group'],
        message: `expected a leader outside the circle ${circle.join(' → ')}`,
      });
  }
  for (const other of one.launch ? referencedGroups(one.launch) : []) {
    const { loadBalancer } = all.groups[other] ?? {};
    if (!loadBalancer || loadBalancer.targetGroupArns || other === name) {
      problems.push({
        path: ['launch', 'environment'],
        message: `expected address-of: another group with a load balancer of its own, not ${other}`,
      });
    }
  }
  if (needsOwnAddress(all, name)) {
    problems.push({
      path: ['launch', 'environment'],
      message: 'expected no circle: servers of this group need an address whose servers need this one',
    });
  }
  for (const [window, { except, only }] of Object.entries(one.schedules)) {
    for (const [key, entries] of Object.entries({ except, only })) {
      for (const [index, entry] of entries.entries()) {
        if (/^\d/.test(entry) || all.calendars[entry]) continue;
        problems.push({
          path: ['schedules', window, key, index],
          message: `expected a day, a range of days, or a calendar of this fleet, not ${entry}`,
        });
      }
    }
  }
  return problems;
}

function followsInCircle(all: Referable, start: string): string[] | undefined {
  const path = [start];
  let next = all.groups[start]?.follows?.group;
  while (next !== undefined && path.length <= 500) {
    path.push(next);
    if (next === start) return path;
    if (path.indexOf(next) < path.length - 1) return undefined;
    next = all.groups[next]?.follows?.group;
  }
  return undefined;
}

/** Groups are deployed one after the other, so no launch may wait, by however many others, for its own group. */
function needsOwnAddress(all: Referable, start: string): boolean {
  const seen = new Set<string>();
  const waiting = [start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const { launch } = all.groups[name] ?? {};
    for (const other of launch ? referencedGroups(launch) : []) {
      if (other === start && name !== start) return true;
      if (!seen.has(other)) waiting.push(other);
      seen.add(other);
    }
  }
  return false;
}
