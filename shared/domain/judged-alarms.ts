import type { Ledger } from './ledger.ts';
import type { AlarmState, Observation } from './observation.ts';

/** The ledger remembers alarms that nobody else keeps: since when one is red is what cooldowns and episodes go by. */
export function withAlarms(ledger: Ledger, { alarms: observed }: Observation): Ledger {
  if (observed === undefined) return ledger;
  if (ledger.alarms === undefined && !isAnyJudged(observed)) return ledger;
  const { alarms: known = {} } = ledger;
  const judged = Object.entries(observed).filter(([, { judged }]) => judged !== undefined);
  // What could not be read stays as it was found last.
  const found = judged.flatMap(([rule, { value, since, datapoint, judged }]) => {
    const kept =
      judged === 'now' ? { value, since, ...(datapoint === undefined ? {} : { datapoint }) } : known[rule];
    return kept ? [[rule, kept] as const] : [];
  });
  const isSame =
    found.length === Object.keys(known).length &&
    found.every(([rule, { value, since }]) => known[rule]?.value === value && known[rule].since === since);
  if (isSame) return ledger;
  return { ...ledger, alarms: found.length > 0 ? Object.fromEntries(found) : undefined };
}

/** Most groups have alarms of CloudWatch's alone, and are asked every minute. */
function isAnyJudged(observed: Readonly<Record<string, AlarmState>>): boolean {
  for (const rule in observed) if (observed[rule]!.judged !== undefined) return true;
  return false;
}
