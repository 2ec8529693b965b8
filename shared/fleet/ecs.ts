/** A service of Amazon ECS that exists. The functions import this file, and so it knows no schema. */
export interface EcsService {
  readonly cluster: string;
  readonly service: string;
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
