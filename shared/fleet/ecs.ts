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

export type EcsService = z.output<typeof ecsService>;

/** A name of a scaling group of EC2 may have everything but a colon, so this can be none. */
const prefix = 'ecs:';

/** The name by which the provider is asked: `ecs:CLUSTER/SERVICE`. */
export function ecsGroupName({ cluster, service }: EcsService): string {
  return `${prefix}${cluster}/${service}`;
}

/** @returns undefined when it is not the name of a service of ECS */
export function ecsServiceOf(name: string): EcsService | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const [cluster, service] = name.slice(prefix.length).split('/');
  return cluster && service ? { cluster, service } : undefined;
}
