import { type EcsService, ecsGroupName, ecsServiceOf } from '../../shared/fleet/ecs.ts';

/**
 * Services of ECS among names, each once, as a fleet in a region names them: without that region. Named with it they would be of
 * another one, without alarms, and another service than the same without it.
 */
export function namedServices(names: readonly string[], home: string): EcsService[] {
  const found = new Map<string, EcsService>();
  for (const { region, ...here } of names.flatMap((name) => ecsServiceOf(name) ?? [])) {
    const service = region === undefined || region === home ? here : { region, ...here };
    found.set(ecsGroupName(service), service);
  }
  return [...found.values()];
}
