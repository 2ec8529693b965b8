/** A number without the crumbs that a division leaves. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
