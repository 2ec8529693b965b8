import type { Condition } from './objects.ts';
import { timestamp } from './store.ts';
import type { Instant } from './timeline.ts';

/** Sets one condition; its time changes only with its status. */
export function setCondition(
  conditions: Condition[],
  { type, status, reason, message }: Omit<Condition, 'lastTransitionTime'>,
  now: Instant,
): void {
  const index = conditions.findIndex((one) => one.type === type);
  const before = conditions[index];
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : timestamp(now);
  const after: Condition = {
    type,
    status,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    lastTransitionTime,
  };
  if (before) conditions[index] = after;
  else conditions.push(after);
}

export function isTrue(conditions: readonly Condition[], type: string): boolean {
  return conditions.some((one) => one.type === type && one.status === 'True');
}
