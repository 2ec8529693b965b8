import type { Instant } from '../domain/observation.ts';

export interface Clock {
  now(): Instant;
}
