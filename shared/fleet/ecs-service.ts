import { z } from 'zod';
import { expectedRegion, regionForm } from './aws-region.ts';
import { pattern } from './scalars.ts';

/** Up to 255 letters, digits, hyphens and underscores. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
function ecsName(of: string) {
  return pattern(/^[A-Za-z0-9_-]{1,255}$/, `expected the name of a ${of}, not its ARN`);
}

const awsRegion = z
  .string({ error: expectedRegion('') })
  .regex(regionForm, { error: ({ input }) => expectedRegion(`${input}`) });

/** A service of Amazon ECS that exists. */
export const ecsService = z.strictObject({
  region: awsRegion
    .optional()
    .describe('The region of AWS that the cluster is in, where it is another than that of the functions.'),
  cluster: ecsName('cluster').describe('The cluster that the service runs in.'),
  service: ecsName('service').describe(
    'The service; its owner should leave out its desired count from then on.',
  ),
  resolutionSeconds: z
    .literal([20, 60], { error: 'expected 20 or 60, as the monitoring configuration of the service has it' })
    .optional()
    .describe(
      'How often the service publishes cpu and memory: 20 or 60, as its own configuration. Default: 60.',
    ),
});
