const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * `250m` is 0.25, `64Mi` is 67108864.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 * @throws RangeError for anything else
 */
export function quantity(text: string): number {
  const [, number, suffix = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]{0,2})$/.exec(text) ?? [];
  const factor = factors[suffix];
  if (number === undefined || factor === undefined) throw new RangeError(`${text} is no quantity`);
  return Number(number) * factor;
}
