import { z } from 'zod';
import { day, fraction, positive, wholeNumber } from './scalars.ts';

const factorHint = 'expected a factor between 1 and 100';
const factor = z.number({ error: factorHint }).min(1, { error: factorHint }).max(100, { error: factorHint });
const timeHint = 'expected a time of day like 16:10';

/** The servers and the load that `rushhour start` plays; nothing in AWS reads it. */
export const groupSimulation = z.strictObject({
  requestsPerSecondPerServer: positive.default(100).describe('What one server carries at 100 % CPU.'),
  requestsPerSecond: positive.default(200).describe("The group's load on an ordinary hour of the day."),
  lunchFactor: factor
    .default(2)
    .describe('By how much the load is multiplied from 11:00 to 13:00 local time.'),
  nightShare: fraction.default(0.5).describe('Load at 03:00 as a share of the ordinary load.'),
  noise: fraction.default(0.03).describe("Standard deviation of the minute's load, relative to it."),
  flashCrowd: z
    .strictObject({
      at: z.iso.time({ precision: -1, error: timeHint }).describe('The local time at which it begins.'),
      minutes: wholeNumber(1, 600, ' of minutes').describe('How long it lasts.'),
      factor: factor.describe('By how much it multiplies the load.'),
    })
    .optional()
    .describe('A burst that nobody announced.'),
  bootSeconds: wholeNumber(1, 3600, ' of seconds')
    .default(90)
    .describe('From launch to the first answered health check.'),
});

export const fleetSimulation = z.strictObject({
  seed: wholeNumber(0, 2 ** 32 - 1)
    .default(1)
    .describe('The same seed gives the same day.'),
  day: day.default('2026-03-04').describe('The local day that is played.'),
});
