import type { Ledger } from '../domain/ledger.ts';
import type { Sentence } from '../domain/sentence.ts';
import { record } from './record.ts';
import type { Scaler } from './scaler.ts';

/**
 * Puts what is under way on record as cancelled: no sweep comes any more that would end it. As the ledger had it: what ended
 * since is not overwritten, for it has ended. @throws PortError
 */
export async function cancelOpen(
  scaler: Scaler,
  ledger: Ledger | undefined,
  detail: Sentence,
): Promise<void> {
  const open = (ledger?.open ?? []).filter(({ endedAt }) => endedAt === undefined);
  const endedAt = scaler.ports.clock.now();
  await record(
    scaler,
    open.map((activity) => ({ ...activity, endedAt, statusCode: 'Cancelled', detail }) as const),
  );
}
