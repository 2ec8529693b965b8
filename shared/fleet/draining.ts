import { z } from 'zod';
import { lines, wholeNumber } from './scalars.ts';

/** A command on the leaving server, before it is terminated. */
export const draining = z.strictObject({
  command: lines(4000)
    .refine((command) => !command.includes('{{'), {
      error: 'expected no {{, which SSM takes for a parameter: put it into a script on the server',
    })
    .describe('Run by a shell on the leaving server, through SSM.'),
  timeoutSeconds: wholeNumber(30, 7200, ' of seconds').default(300).describe('How long it may take.'),
  defaultResult: z
    .enum(['CONTINUE', 'ABANDON'])
    .default('CONTINUE')
    .describe('What happens when it fails or runs out of time.'),
});

export type Draining = z.output<typeof draining>;
