import type { Dice, Draw } from './dice.ts';

/** What may go wrong with one call to a port. */
export const callFaults = [
  /** The process dies before the call, or after it was carried out. */
  'crash-before',
  'crash-after',
  /** Refused, and nothing was done. */
  'throttled',
  'unavailable',
  /** Carried out, and then an error or nothing comes back. */
  'answer-lost',
  /** Carried out twice: the SDK took the first answer for lost, and has asked again a while later. */
  'repeated',
  /** Answered, and the process stands still before it goes on. */
  'stalled',
  /** Answered with what was true some seconds ago. */
  'stale',
] as const;

/** What may go wrong with an event on its way. */
export const deliveryFaults = ['lost', 'doubled', 'reordered', 'late', 'hours-late'] as const;

/** What the world may do of itself. */
export type CallFault = (typeof callFaults)[number];
export type DeliveryFault = (typeof deliveryFaults)[number];

/** A fault that has happened: where, and what. */
export interface Fault {
  /** The call or the event that it befell. */
  readonly place: string;
  readonly kind: CallFault | DeliveryFault;
}

/** Decides what fails. In a run that is being shrunk, only the faults that are left of it. */
export class Faults {
  readonly happened: Fault[] = [];
  readonly #dice: Dice;
  readonly #rate: number;
  readonly #only: ReadonlySet<string> | undefined;
  #over = false;

  /** @param only places of the faults that may happen; undefined: all that are drawn */
  constructor(dice: Dice, rate: number, only: ReadonlySet<string> | undefined) {
    this.#dice = dice;
    this.#rate = rate;
    this.#only = only;
  }

  /** From now on nothing fails any more. */
  end(): void {
    this.#over = true;
  }

  /** @param weight how much oftener than others this call fails */
  ofCall(place: string, draw: Draw, weight = 1): CallFault | undefined {
    if (this.#over || !draw.chance(weight * this.#rate)) return undefined;
    return this.#happens(place, draw.of(callFaults));
  }

  ofDelivery(event: string): DeliveryFault | undefined {
    const draw = this.#dice.of(`delivery of ${event}`);
    if (this.#over || !draw.chance(10 * this.#rate)) return undefined;
    return this.#happens(event, draw.of(deliveryFaults));
  }

  #happens<K extends Fault['kind']>(place: string, kind: K): K | undefined {
    if (this.#only && !this.#only.has(place)) return undefined;
    this.happened.push({ place, kind });
    return kind;
  }
}
