import type { WholeCloud } from '@rushhour/local-aws';
import { ecsServiceOf } from '../../shared/fleet/ecs.ts';

/** The servers of a group: those of a scaling group, the tasks of a service of ECS, the pods of a workload, or those of another cloud. */
export interface GroupServers {
  readonly desired: number;
  /** As the world knows them, those that launch and those that leave included. */
  readonly running: readonly string[];
  readonly inService: readonly string[];
}

/** Groups that are none of the local cloud's. */
export interface Elsewhere {
  /** @returns undefined: it is not there */
  serversOf(scalingGroup: string): GroupServers | undefined;
}

/** @param name the group's name at its provider */
export function serversOf(
  { cloud, fleet: { scaling }, inRegion }: WholeCloud,
  elsewhere: Elsewhere,
  name: string,
): GroupServers {
  const others = elsewhere.serversOf(name);
  if (others) return others;
  const place = ecsServiceOf(name);
  if (!place) {
    const { desired, members } = scaling.groups.get(name);
    const inService = [...members].flatMap(([id, { state }]) => (state === 'InService' ? [id] : []));
    return { desired, running: [...members.keys()], inService };
  }
  const { ecs } = inRegion(place.region ?? cloud.region);
  const service = ecs.all().find((one) => one.cluster === place.cluster && one.name === place.service);
  if (!service) return { desired: 0, running: [], inService: [] };
  const tasks = [...service.tasks.values()].filter(({ status }) => status !== 'STOPPED');
  return {
    desired: service.desired,
    running: tasks.map(({ address }) => address),
    inService: service.running().map(({ address }) => address),
  };
}
