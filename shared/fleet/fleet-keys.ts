import { z } from 'zod';
import { type CalendarSources, calendarOf } from './calendar.ts';
import { functionsVpc } from './functions-vpc.ts';
import { group } from './group.ts';
import { named } from './named.ts';
import { network } from './network.ts';
import { identifier, timeZone, wholeNumber } from './scalars.ts';
import { fleetSimulation } from './simulation.ts';
import { tags } from './tags.ts';

/** Load balancers may not be called internal-…, and SSM's documents not aws…, amazon… or amzn…: AWS has those for itself. */
export const fleetName = identifier.refine((name) => !/^(internal-|aws|amazon|amzn)/.test(`${name}-`), {
  error: 'expected a name that does not begin with internal-, aws, amazon or amzn',
});

/** Every key of a fleet file. */
export const fleetKeys = (sources: CalendarSources) =>
  z.strictObject({
    name: fleetName.describe(
      "Begins the name of everything that is made; another fleet's in the same account must not begin with it and a hyphen.",
    ),
    timeZone: timeZone.default('UTC').describe("Whose clock the windows' times mean."),
    notify: z
      .strictObject({
        email: z
          .array(z.email({ error: 'expected an email address like ops@example.com' }))
          .default([])
          .describe('One message per activity and per failure.'),
        language: z
          .enum(['en', 'zh', 'ko'], { error: 'expected en, zh or ko' })
          .default('en')
          .describe('Of the mail: English, Chinese or Korean.'),
      })
      .prefault({})
      .describe('Who is told.'),
    historyRetentionDays: wholeNumber(1, 3650, ' of days')
      .default(400)
      .describe('How long activities stay in the history.'),
    calendars: named(calendarOf(sources))
      .default({})
      .describe(
        'Days by a name of yours, for the windows: a list like [2026-11-11], the holidays of a country, or an .ics file.',
      ),
    network: network.prefault({}).describe('A VPC that exists, or what the one that is made is like.'),
    functions: z
      .strictObject({
        vpc: functionsVpc
          .optional()
          .describe(
            'Where those run that look at groups, if a cluster has a private endpoint. Default: in no VPC.',
          ),
      })
      .optional()
      .describe('How the functions are deployed.'),
    tags: tags.describe('On everything that is made; at most 46.'),
    simulation: fleetSimulation.prefault({}).describe('The day that rushhour start plays.'),
    groups: named(group).describe('The scaling groups, 1 to 500, by a name of yours.'),
  });

export type Fleet = z.output<ReturnType<typeof fleetKeys>>;
