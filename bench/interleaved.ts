/**
 * Takes several measurements in turn, so that what else the machine does meanwhile falls on each alike.
 * @returns the median of each
 */
export async function interleaved<K extends string>(
  rounds: number,
  measurements: Readonly<Record<K, () => number | Promise<number>>>,
): Promise<Record<K, number>> {
  const taken = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries<() => number | Promise<number>>(measurements)) {
      taken.set(name, [...(taken.get(name) ?? []), await measure()]);
    }
  }
  return Object.fromEntries([...taken].map(([name, values]) => [name, median(values)])) as Record<K, number>;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
