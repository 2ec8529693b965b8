import type { Ports } from '../../../shared/ports/ports.ts';
import type { World } from './world.ts';

/** A safeguard that is broken on purpose, outside of the product: between it and its ports. */
export interface Sabotage {
  readonly about: string;
  /** The ports as the function is to see them. */
  readonly ports?: (ports: Ports, world: World) => Ports;
  /** The event as the function is to see it. */
  readonly payload?: (payload: unknown, now: number) => unknown;
  /** What the cloud is to see of what the function answers. */
  readonly answer?: (answer: Promise<object>) => Promise<object>;
}
