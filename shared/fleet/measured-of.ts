import type { Draft } from './across-fields.ts';
import type { Group } from './group.ts';

/** Every metric that a group is scaled by, with its place in the file. */
export function measuredOf({ alarms = {}, targets = [], objective, forecast }: Draft<Group>) {
  const parts = [
    ...Object.entries(alarms).map(([name, rule]) => ({ path: ['alarms', name], rule })),
    ...targets.map((rule, index) => ({ path: ['targets', index], rule })),
    { path: ['objective'], rule: objective },
    { path: ['forecast'], rule: forecast },
  ];
  return parts.map(({ path, rule }) => ({ path: [...path, 'metric'], metric: rule?.metric }));
}
