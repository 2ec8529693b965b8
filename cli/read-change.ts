import { InvalidArgumentError } from 'commander';

/** Signs as people type and paste them: this command itself prints U+2212, documents have en dashes, Chinese keyboards full-width signs. */
const plusSigns = '+＋';
const minusSigns = '-−–－';
const signed = new RegExp(`^([${plusSigns}]|[${minusSigns}])([1-9]\\d{0,3})$`);

/**
 * Reads a change of capacity such as `+2`. A number without a sign is refused: half of those who type it mean a total.
 * @throws InvalidArgumentError
 */
export function readChange(text: string): number {
  const [, sign = '', servers = ''] = signed.exec(text) ?? [];
  if (servers) return minusSigns.includes(sign) ? -Number(servers) : Number(servers);
  if (/^[1-9]\d{0,3}$/.test(text))
    throw new InvalidArgumentError(
      `Expected a sign: +${text} adds ${text}, -${text} takes ${text} away; rushhour set makes it ${text} in all.`,
    );
  throw new InvalidArgumentError('Expected a change like +2 or -1.');
}
