import type { Probe } from './probe.ts';
import { alarmToFunction } from './probes/alarm-to-function.ts';
import { cancelledLaunch } from './probes/cancelled-launch.ts';
import { groupOfNone } from './probes/group-of-none.ts';
import { missingSeries } from './probes/missing-series.ts';
import { scheduleTimes } from './probes/schedule-times.ts';
import { sourceCondition } from './probes/source-condition.ts';
import { standbyProtection } from './probes/standby-protection.ts';
import { subscriptionState } from './probes/subscription-state.ts';
import { templateWithoutDesired } from './probes/template-without-desired.ts';

/** Every fact that can be tried for cents. */
export const probes: readonly Probe[] = [
  missingSeries,
  alarmToFunction,
  scheduleTimes,
  groupOfNone,
  templateWithoutDesired,
  subscriptionState,
  standbyProtection,
  cancelledLaunch,
  sourceCondition,
];
