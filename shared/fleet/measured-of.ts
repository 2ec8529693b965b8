import type { Draft } from './across-fields.ts';
import type { Metric } from './rule.ts';

/** What goes by a metric, as far as it could be read. */
type Measured = { readonly metric?: Draft<Metric> | undefined } | undefined;

interface Scaling {
  readonly alarms?: Readonly<Record<string, Measured>> | undefined;
  readonly targets?: readonly Measured[] | undefined;
  readonly objective?: Measured;
  readonly forecast?: Measured;
}

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
