import { unwrittenLedger } from '../domain/first-contact.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Instant } from '../domain/observation.ts';
import { PortError } from '../ports/port-error.ts';
import { minuteMs } from '../units.ts';
import { newsOf } from './news-of.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** What passes by itself is news only when it has not passed for so long. */
const patienceMs = 10 * minuteMs;

/**
 * Groups whose provider cannot be asked: people hear of it once, at once where only they can mend it, as a wrong key. The ledger
 * remembers that they have, until the group is seen again. Never throws: the sweep fails by the first error as it is.
 */
export async function tellUnreached(
  scaler: Scaler,
  groups: readonly ScalerGroup[],
  error: unknown,
): Promise<void> {
  if (!(error instanceof PortError)) return;
  const { ports, log } = scaler;
  try {
    const ledgers = await ports.ledger.read(groups.map(({ name }) => name));
    const now = ports.clock.now();
    for (const group of groups) await tellOne(scaler, group, ledgers.get(group.name), error, now);
  } catch (problem) {
    log.warn('nobody could be told that a provider cannot be asked', { error: problem });
  }
}

async function tellOne(
  scaler: Scaler,
  group: ScalerGroup,
  known: Ledger | undefined,
  error: PortError,
  now: Instant,
): Promise<void> {
  const { ports } = scaler;
  const since = known?.unreached?.since ?? now;
  const isTold = known?.unreached?.told === true;
  const isNews = !isTold && (!error.transient || now - since >= patienceMs);
  if (known?.unreached && !isNews) return;
  // Nobody has met it: it is met when it is seen.
  const ledger = known ?? { ...unwrittenLedger(0), missing: { since: now, state: 'unmet' as const } };
  const told = isNews ? ({ told: true } as const) : {};
  const next = { ...ledger, version: ledger.version + 1, unreached: { since, ...told } };
  const written = await ports.ledger.write(group.name, next, ledger.version);
  if (written === 'lost' || !isNews) return;
  const news = { key: 'groupUnreached', scalingGroup: group.scalingGroup } as const;
  const detail = { key: 'providerSays', says: error.message } as const;
  await ports.events.publish([newsOf(scaler, group, now, news, detail)]);
}
