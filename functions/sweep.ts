import type { House } from '../shared/engine/house.ts';
import { type SweepReport, sweep } from '../shared/engine/sweep.ts';
import { type Invocation, lambda } from '../shared/runtime/lambda.ts';

/** Every minute: looks at every group, and heals what events missed. @throws GroupsFailed */
export async function handle(
  _event: unknown,
  house: House,
  invocation: Invocation,
): Promise<SweepReport & { readonly durationMs: number }> {
  const before = invocation.getRemainingTimeInMillis();
  const report = await sweep(house, () => invocation.getRemainingTimeInMillis());
  return { ...report, durationMs: before - invocation.getRemainingTimeInMillis() };
}

export const handler = lambda(handle);
