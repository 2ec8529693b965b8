/**
 * The value of `--port`.
 * @throws Error unless it is one
 */
export function portIn(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new Error(`--port: expected a number from 0 to 65535, found '${value}'`);
  return Number(value);
}
