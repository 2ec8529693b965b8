/** A service of Amazon ECS that exists. The functions import this file, and so it knows no schema. */
export interface EcsService {
  readonly cluster: string;
  readonly service: string;
  /** How often it publishes cpu and memory; default: 60. */
  readonly resolutionSeconds?: number | undefined;
}

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

/** More services of one cluster than these are granted by their cluster: a role has ten policies, of a few kB each. */
const grantedByNameAtMost = 10;

/** What functions are granted, as ARNs of services end: `CLUSTER/SERVICE`, or `CLUSTER/*` where the fleet has many of a cluster. */
export function grantedServices(services: readonly EcsService[]): string[] {
  return [...Map.groupBy(services, ({ cluster }) => cluster)].flatMap(([cluster, some]) =>
    some.length > grantedByNameAtMost ? `${cluster}/*` : some.map(({ service }) => `${cluster}/${service}`),
  );
}
