import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import type { AlarmState } from './observation.ts';
import { decided } from './outcome.ts';
import { remark } from './remark.ts';
import type { Sentence } from './sentence.ts';

/** Does an alarm watch a load balancer behind which the group stands no more? Nobody writes that series now. */
export function watchesAnother(
  alarm: AlarmState | undefined,
  standsBehind: string | null | undefined,
): boolean {
  return alarm?.watches !== undefined && standsBehind !== undefined && alarm.watches !== standsBehind;
}

/** People hear once that a target group has moved and its alarms have not, and once when that is mended. */
export function notifyOfStaleAlarms(context: DecisionContext): Decision | undefined {
  const { ledger, observation } = context;
  const { alarms, standsBehind } = observation;
  if (alarms === undefined || standsBehind === undefined) return undefined;
  const told = ledger.staleAlarms ?? [];
  const stale = Object.keys(alarms).filter((rule) => watchesAnother(alarms[rule], standsBehind));
  if (stale.join() === told.join()) return undefined;
  const why: Sentence =
    stale.length > 0
      ? { key: 'alarmsAreStale', rules: stale, behind: standsBehind ?? undefined }
      : { key: 'alarmsAreRight' };
  const reason = 'AlarmsStale';
  const statusCode = stale.length > 0 ? 'Failed' : 'Successful';
  const row = remark(context, { reason, why, statusCode, cause: 'external', by: 'alarms' });
  const staleAlarms = stale.length > 0 ? stale : undefined;
  return decided(context, { reason, why, ledger: { ...ledger, staleAlarms }, activities: [row] });
}
