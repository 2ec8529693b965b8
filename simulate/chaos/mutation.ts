import type { Ports } from '../../shared/ports/ports.ts';
import type { ChaosCloud } from './chaos-cloud.ts';
import type { Provider } from './random-fleet.ts';

/** A safeguard that is broken on purpose, outside of the product: between it and its ports, its events or its answers. */
export interface Mutation {
  readonly about: string;
  /** Whose groups show it. Default: those that are drawn. */
  readonly provider?: Provider;
  /** Whose groups cannot show it, and why. */
  readonly pointless?: Readonly<Partial<Record<Provider, string>>>;
  /** The ports as the function is to see them. */
  readonly ports?: (ports: Ports, world: ChaosCloud) => Ports;
  /** The event as the function is to see it. */
  readonly payload?: (payload: unknown, now: number) => unknown;
  /** What the cloud is to see of what the function answers. */
  readonly answer?: (answer: Promise<object>) => Promise<object>;
}
