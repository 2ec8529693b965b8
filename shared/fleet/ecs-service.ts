import { z } from 'zod';
import { pattern } from './scalars.ts';

/** Up to 255 letters, digits, hyphens and underscores. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
function ecsName(of: string) {
  return pattern(/^[A-Za-z0-9_-]{1,255}$/, `expected the name of a ${of}, not its ARN`);
}

/** A service of Amazon ECS that exists. */
export const ecsService = z.strictObject({
  cluster: ecsName('cluster').describe('The cluster that the service runs in.'),
  service: ecsName('service').describe(
    'The service; its owner should leave out its desired count from then on.',
  ),
});
