/** Waits before the next attempt of a call that was done in part: exponential, with full jitter, at most 2 seconds. */
export async function backOff(attempt: number): Promise<void> {
  const delayMs = Math.random() * Math.min(2_000, 50 * 2 ** attempt);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
}
