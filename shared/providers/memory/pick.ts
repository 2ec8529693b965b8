/** The entries of these names, as they are now: what was read does not change under its reader. */
export function pick<T>(all: ReadonlyMap<string, T>, names: readonly string[]): Map<string, T> {
  const found = new Map<string, T>();
  for (const name of names) {
    const one = all.get(name);
    if (one !== undefined) found.set(name, one);
  }
  return found;
}
