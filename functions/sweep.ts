import type { Scaler } from '../shared/engine/scaler.ts';
import { type SweepReport, sweep } from '../shared/engine/sweep.ts';
import { type Invocation, lambda } from '../shared/runtime/lambda.ts';

/**
 * Every minute: reconciles every group, which heals what events missed, measures what nobody else does, and sends the mail
 * that has gathered. What fails of these holds up none of the others. @throws GroupsFailed, PortError
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
  // Afterwards: what the sweep has seen need not be read again.
  const names = [...scaler.groups.values()].map(({ scalingGroup }) => scalingGroup);
  const [measured] = await Promise.allSettled([ports.samples?.publish(names)]);
  if (swept.status === 'rejected') {
    if (mailed.status === 'rejected') log.warn('mail was not sent', { error: mailed.reason });
    if (measured.status === 'rejected') log.warn('pods were not measured', { error: measured.reason });
    throw swept.reason;
  }
  if (mailed.status === 'rejected') throw mailed.reason;
  if (measured.status === 'rejected') throw measured.reason;
  return { ...swept.value, durationMs: before - invocation.getRemainingTimeInMillis() };
}

export const handler = lambda(handle);
