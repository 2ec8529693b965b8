/** More servers than any group has: what is measured may be wrong by any factor, what is asked for may not. */
export const serverLimit = 100_000;

/**
 * The most servers of which each is worth having, by doubling steps from a guess and then by halving: some forty looks at most,
 * whatever the load.
 * @param isWorth whether the n-th server is, from 1; once it is not, no higher one may be
 * @param near where the search begins
 * @returns at most `serverLimit`
 */
export function mostServers(isWorth: (server: number) => boolean, near: number): number {
  const guess = Math.min(serverLimit, Math.max(0, Math.floor(near)));
  let step = 1;
  if (guess > 0 && !isWorth(guess)) {
    let high = guess;
    while (high > step && !isWorth(high - step)) {
      high -= step;
      step *= 2;
    }
    return between(isWorth, Math.max(0, high - step), high);
  }
  let low = guess;
  while (low + step <= serverLimit && isWorth(low + step)) {
    low += step;
    step *= 2;
  }
  return between(isWorth, low, Math.min(serverLimit + 1, low + step));
}

/** `low` is worth having, or 0; `high` is not. */
function between(isWorth: (server: number) => boolean, low: number, high: number): number {
  let [yes, no] = [low, high];
  while (no - yes > 1) {
    const middle = Math.floor((yes + no) / 2);
    if (isWorth(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}
