import type { Draft } from './across-fields.ts';
import type { Group } from './group.ts';

type Scaling = Pick<Draft<Group>, 'alarms' | 'targets' | 'objective' | 'forecast'>;

/** Every metric that a group is scaled by, with its place in the file. */
export function measuredOf({ alarms = {}, targets = [], objective, forecast }: Scaling) {
  const parts = [
    ...Object.entries(alarms).map(([name, rule]) => ({ path: ['alarms', name], rule })),
    ...targets.map((rule, index) => ({ path: ['targets', index], rule })),
    { path: ['objective'], rule: objective },
    { path: ['forecast'], rule: forecast },
  ];
  return parts.map(({ path, rule }) => ({ path: [...path, 'metric'], metric: rule?.metric }));
}
