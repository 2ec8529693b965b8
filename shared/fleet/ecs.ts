/** A service of Amazon ECS that exists. The functions import this file, and so it knows no schema. */
export interface EcsService {
  /** Of AWS; undefined: that of the functions. */
  readonly region?: string | undefined;
  readonly cluster: string;
  readonly service: string;
  /** How often it publishes cpu and memory; default: 60. */
  readonly resolutionSeconds?: number | undefined;
}

/** A name of a scaling group of EC2 may have everything but a colon, so this can be none. */
const prefix = 'ecs:';

/** The name by which the provider is asked: `ecs:CLUSTER/SERVICE`, and of another region `ecs:REGION/CLUSTER/SERVICE`. */
export function ecsGroupName({ region, cluster, service }: EcsService): string {
  return `${prefix}${region === undefined ? '' : `${region}/`}${cluster}/${service}`;
}

/** @returns undefined when it is not the name of a service of ECS */
export function ecsServiceOf(name: string): EcsService | undefined {
  const [, region, cluster, service] = /^ecs:(?:([^/]+)\/)?([^/]+)\/([^/]+)$/.exec(name) ?? [];
  if (!cluster || !service) return undefined;
  return { ...(region !== undefined && { region }), cluster, service };
}

/** More services of one cluster than these are granted by their cluster: a role has ten policies, of a few kB each. */
const grantedByNameAtMost = 10;

/** What functions are granted, by the names of services; `CLUSTER/*` where the fleet has many of a cluster. */
export function grantedServices(services: readonly EcsService[]): string[] {
  return [...byCluster(services).values()].flatMap((some) =>
    some.length > grantedByNameAtMost
      ? ecsGroupName({ ...some[0]!, service: '*' })
      : some.map((service) => ecsGroupName(service)),
  );
}

/** A cluster is one of its region. */
export function byCluster<P extends Pick<EcsService, 'region' | 'cluster'>>(
  places: readonly P[],
): Map<string, P[]> {
  return Map.groupBy(places, ({ region = '', cluster }) => `${region}/${cluster}`);
}
