import type { WholeCloud } from '@rushhour/local-aws';
import { ecsServiceOf } from '../../shared/fleet/ecs.ts';
import type { Clusters } from '../kubernetes/clusters.ts';

/** The servers of a group: those of a scaling group, the tasks of a service of ECS, or the pods of a workload. */
interface GroupServers {
  readonly desired: number;
  /** As the world knows them, those that launch and those that leave included. */
  readonly running: readonly string[];
  readonly inService: readonly string[];
}

/** @param name the group's name at its provider */
export function serversOf(
  { fleet: { scaling, ecs } }: WholeCloud,
  clusters: Clusters,
  name: string,
): GroupServers {
  const pods = clusters.podsOf(name);
  if (pods) return pods;
  const place = ecsServiceOf(name);
  if (!place) {
    const { desired, members } = scaling.groups.get(name);
    const inService = [...members].flatMap(([id, { state }]) => (state === 'InService' ? [id] : []));
    return { desired, running: [...members.keys()], inService };
  }
  const service = ecs.all().find((one) => one.cluster === place.cluster && one.name === place.service);
  if (!service) return { desired: 0, running: [], inService: [] };
  const tasks = [...service.tasks.values()].filter(({ status }) => status !== 'STOPPED');
  return {
    desired: service.desired,
    running: tasks.map(({ address }) => address),
    inService: service.running().map(({ address }) => address),
  };
}
