import { type Random, seededRandom } from './random.ts';

/** Identifiers as AWS makes them, from a seed: the same day gives the same ids. */
export class Ids {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** A version 4 UUID. */
  uuid(): string {
    const digits = this.hex(32);
    const variant = '89ab'[Number.parseInt(digits[16]!, 16) & 3];
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
  }

  /** Lower-case hexadecimal digits, as in `i-0123456789abcdef0`. */
  hex(length: number): string {
    return this.#pick('0123456789abcdef', length);
  }

  /** Upper-case letters and digits, as in access key ids and the suffix of names that CloudFormation makes. */
  alphanumeric(length: number): string {
    return this.#pick('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', length);
  }

  #pick(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[Math.floor(this.#random.next() * alphabet.length)]).join('');
  }
}
