/** Of a minute's traffic, what is asked here: response times in seconds, and how many requests had each. */
interface Answered {
  readonly responseSeconds: { readonly values: readonly number[]; readonly counts: readonly number[] };
}

/** In milliseconds, of a minute's answers. @returns undefined: nobody was answered */
export function meanResponseMillis(traffic: Answered | undefined): number | undefined {
  if (!traffic) return undefined;
  const { values, counts } = traffic.responseSeconds;
  const answered = counts.reduce((sum, count) => sum + count, 0);
  const seconds = values.reduce((sum, value, index) => sum + value * counts[index]!, 0);
  return answered === 0 ? undefined : (1000 * seconds) / answered;
}
