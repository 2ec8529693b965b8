const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/**
 * `250m` is 0.25, `64Mi` is 67108864, `1e3` is 1000.
 * @returns NaN for anything else
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantity(text: string): number {
  const [, number, suffix] = /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?|\d+\.)([A-Za-z]{0,2})$/.exec(text) ?? [];
  if (number === undefined) return Number.NaN;
  return Number(number) * (suffix ? (factors[suffix] ?? Number.NaN) : 1);
}
