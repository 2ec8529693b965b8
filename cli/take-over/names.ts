/** Longest key of a fleet file; `identifier` in `shared/fleet/scalars.ts` has the rule. */
const longest = 31;

/** A key of the fleet file for any name: `Scale Out (CPU)` becomes `scale-out-cpu`. */
export function keyFor(name: string, otherwise: string): string {
  const key = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  const short = key.slice(0, longest).replace(/-+$/, '');
  return short === '' || short === 'constructor' ? otherwise : short;
}

/** The same, told apart from those that are taken. */
export function freeKey(name: string, otherwise: string, taken: { has(key: string): boolean }): string {
  const key = keyFor(name, otherwise);
  if (!taken.has(key)) return key;
  for (let count = 2; ; count++) {
    const end = `-${count}`;
    const other = `${key.slice(0, longest - end.length).replace(/-+$/, '')}${end}`;
    if (!taken.has(other)) return other;
  }
}
