import { z } from 'zod';

/** The servers and the load that `npm start` plays; nothing in AWS reads it. */
export const groupSimulation = z.strictObject({
  /** What one server carries at 100 % CPU. */
  requestsPerSecondPerServer: z.number().positive().default(100),
  /** The group's load on an ordinary hour of the day. */
  requestsPerSecond: z.number().positive().default(200),
  /** By how much the load is multiplied from 11:00 to 13:00 local time. */
  lunchFactor: z.number().min(1).max(100).default(2),
  /** Load at 03:00 as a share of the ordinary load. */
  nightShare: z.number().min(0).max(1).default(0.5),
  /** Standard deviation of the minute's load, relative to it. */
  noise: z.number().min(0).max(1).default(0.03),
  /** A burst that nobody announced. */
  flashCrowd: z
    .strictObject({
      at: z.iso.time({ precision: -1 }),
      minutes: z.int().min(1).max(600),
      factor: z.number().min(1).max(100),
    })
    .optional(),
  /** From launch to the first answered health check. */
  bootSeconds: z.int().min(1).max(3600).default(90),
});

export const fleetSimulation = z.strictObject({
  seed: z.int().min(0).default(1),
  /** The local day that is played, so that the same file gives the same day. */
  day: z.iso.date().default('2026-03-04'),
});

export type GroupSimulation = z.output<typeof groupSimulation>;
export type FleetSimulation = z.output<typeof fleetSimulation>;
