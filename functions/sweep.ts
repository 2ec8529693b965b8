import type { Scaler } from '../shared/engine/scaler.ts';
import { type SweepReport, sweep } from '../shared/engine/sweep.ts';
import { type Invocation, lambda } from '../shared/runtime/lambda.ts';

/**
 * Every minute: reconciles every group, which heals what events missed, and sends the mail that has gathered. A group
 * that fails does not hold up the mail, nor mail that fails a group. @throws GroupsFailed, PortError
 */
export async function handle(
  _event: unknown,
  scaler: Scaler,
  invocation: Invocation,
): Promise<SweepReport & { readonly durationMs: number }> {
  const before = invocation.getRemainingTimeInMillis();
  const { ports, log } = scaler;
  const [mailed, swept] = await Promise.allSettled([
    ports.events.sendMail(ports.clock.now(), scaler.mail.frames),
    sweep(scaler, () => invocation.getRemainingTimeInMillis()),
  ]);
  if (swept.status === 'rejected') {
    if (mailed.status === 'rejected') log.warn('mail was not sent', { error: mailed.reason });
    throw swept.reason;
  }
  if (mailed.status === 'rejected') throw mailed.reason;
  return { ...swept.value, durationMs: before - invocation.getRemainingTimeInMillis() };
}

export const handler = lambda(handle);
