import type {
  Deployment,
  DescribeServicesRequest,
  DescribeServicesResponse,
  DescribeTasksRequest,
  DescribeTasksResponse,
  DesiredStatus,
  GetTaskProtectionRequest,
  GetTaskProtectionResponse,
  ListTasksRequest,
  ListTasksResponse,
  Service,
  Task,
  UpdateServiceRequest,
  UpdateServiceResponse,
} from '@aws-sdk/client-ecs';
import type { Instant, LaunchFailure, LostServer, ScalingGroup, Server } from '../../domain/observation.ts';
import { byCluster, type EcsService, ecsGroupName, ecsServiceOf } from '../../fleet/ecs.ts';
import type { Capacity, Health, LaunchFailures, Losses, Refresh } from '../../ports/capacity.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import { minuteMs } from '../../units.ts';
import { batches } from '../aws/batches.ts';
import type { Opening } from '../opening.ts';
import type { AwsJson } from './aws-json.ts';
import { failedRolloutOf, newest, rolloutFailure, rolloutOf } from './rollout.ts';
import { addressOf, kindOf, lostTasks, serversOf, startFailure, taskId } from './tasks.ts';

export type ServiceCalls = {
  DescribeServices: [DescribeServicesRequest, DescribeServicesResponse];
  DescribeTasks: [DescribeTasksRequest, DescribeTasksResponse];
  GetTaskProtection: [GetTaskProtectionRequest, GetTaskProtectionResponse];
  ListTasks: [ListTasksRequest, ListTasksResponse];
  UpdateService: [UpdateServiceRequest, UpdateServiceResponse];
};

type Api = Pick<AwsJson<ServiceCalls>, 'call'>;

/** Where a service is. */
type Cluster = Pick<EcsService, 'region' | 'cluster'>;

/** `DescribeServices` takes ten, `DescribeTasks` a hundred. */
const servicesAtOnce = 10;
const tasksAtOnce = 100;
/** A look at so few services can afford to look at each task; a look at more takes those that are quiet by their counts. */
const closelyAtMost = 10;
/** A service that was changed this recently is looked at task by task, even when its counts agree already. */
const settlingMs = 30 * minuteMs;
/** More stopped tasks than these tell nothing new. */
const stoppedPagesAtMost = 2;

/**
 * Services of Amazon ECS. They have a desired count and no minimum or maximum of their own. Among many, a quiet service is
 * known by its counts, a tenth of a call; only one that changes is looked at task by task.
 */
export class EcsServices implements Capacity, Refresh, LaunchFailures, Losses, Health {
  readonly #apiIn: (region: string | undefined) => Api;
  readonly #wellAt: Opening['wellAt'];
  readonly #clock: Clock;

  /**
   * @param apiIn of a region; undefined: that of the functions
   * @param wellAt what a target group does not find unhealthy
   */
  constructor(apiIn: (region: string | undefined) => Api, wellAt: Opening['wellAt'], clock: Clock) {
    this.#apiIn = apiIn;
    this.#wellAt = wellAt;
    this.#clock = clock;
  }

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>> {
    const closely = names.length <= closelyAtMost;
    const found = new Map<string, ScalingGroup>();
    for (const places of byCluster(names.map(placeOf)).values()) {
      const cluster = places[0]!;
      for (const service of await this.#services(
        cluster,
        places.map((place) => place.service),
      )) {
        const name = ecsGroupName({ ...cluster, service: service.serviceName! });
        const servers = await this.#serversOf(cluster, service, closely);
        found.set(name, toGroup(name, service, servers, this.#clock.now()));
      }
    }
    return found;
  }

  async setDesired(name: string, desired: number): Promise<void> {
    const { region, cluster, service } = placeOf(name);
    const what = `set the desired count of ${cluster}/${service}${inRegion(region)} to ${desired}`;
    await this.#apiIn(region).call(what, 'UpdateService', { cluster, service, desiredCount: desired });
  }

  /** A rollout replaces tasks as an instance refresh replaces servers. */
  async instanceRefresh(name: string): Promise<string | null> {
    const place = placeOf(name);
    const [found] = await this.#services(place, [place.service]);
    return found ? rolloutOf(found) : null;
  }

  async launchFailure(name: string, since: Instant): Promise<LaunchFailure | null> {
    const place = placeOf(name);
    const [found] = await this.#services(place, [place.service]);
    if (!found) return null;
    const stopped = await this.#tasks(place, place.service, 'STOPPED', stoppedPagesAtMost);
    const failures = [
      rolloutFailure(found, since),
      startFailure(stopped, since),
      placementFailure(found, since),
    ];
    const newest = failures.reduce((one, other) => (!one || (other && other.at > one.at) ? other : one));
    if (!newest) return null;
    const running = await this.#tasks(place, place.service, 'RUNNING');
    const succeeded = running.some(
      ({ startedAt }) => startedAt !== undefined && startedAt.getTime() > newest.at,
    );
    return succeeded ? null : newest;
  }

  async losses(name: string, since: Instant): Promise<readonly LostServer[]> {
    const place = placeOf(name);
    return lostTasks(await this.#tasks(place, place.service, 'STOPPED', stoppedPagesAtMost), since);
  }

  /**
   * Tasks that no target group finds unhealthy. A task without an address of its own (network modes `bridge` and `host`) is
   * a target by its instance and port, which it does not tell: it counts as healthy when it runs.
   */
  async healthy({ name, trafficSources: targetGroups, servers }: ScalingGroup): Promise<ReadonlySet<string>> {
    const place = placeOf(name);
    const tasks = await this.#tasks(place, place.service, 'RUNNING');
    let well = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    for (const targetGroup of targetGroups) {
      const answering = await this.#wellAt(targetGroup, place.region);
      well = well.filter((task) => {
        const address = addressOf(task);
        return address === undefined || answering.has(address);
      });
    }
    const ids = new Set(well.map(taskId));
    const known = servers.filter(({ id }) => ids.has(id)).map(({ id }) => id);
    // A quiet service was described by its counts: as many of them are healthy as tasks are.
    const counted = servers.filter(({ id }) => isCounted(id)).slice(0, ids.size);
    return new Set(counted.length > 0 ? counted.map(({ id }) => id) : known);
  }

  /** Those of them that exist. @throws PortError */
  async #services({ region, cluster }: Cluster, names: readonly string[]): Promise<Service[]> {
    const found: Service[] = [];
    for (const services of batches(names, servicesAtOnce)) {
      try {
        const what = services.length === 1 ? `service ${services[0]}` : `${services.length} services`;
        const input = { cluster, services };
        const page = await this.#apiIn(region).call(
          `describe ${what} of cluster ${cluster}${inRegion(region)}`,
          'DescribeServices',
          input,
        );
        found.push(...(page.services ?? []).filter(({ status }) => status !== 'INACTIVE'));
      } catch (error) {
        // Without the cluster there is no service of it.
        if (!(error instanceof PortError) || error.code !== 'NotFound') throw error;
      }
    }
    return found;
  }

  async #serversOf(cluster: Cluster, service: Service, closely: boolean): Promise<readonly Server[]> {
    if (!closely && isQuiet(service, this.#clock.now())) return counted(service.runningCount ?? 0);
    const tasks = await this.#tasks(cluster, service.serviceName!, 'RUNNING');
    const stopping = await this.#tasks(cluster, service.serviceName!, 'STOPPED', stoppedPagesAtMost);
    return serversOf([...tasks, ...stopping], await this.#protected(cluster, tasks));
  }

  /**
   * By ARN. Tasks protect themselves, or their owner does, and it expires: nothing of it is ever set here.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
   */
  async #protected({ region, cluster }: Cluster, tasks: readonly Task[]): Promise<ReadonlySet<string>> {
    const arns = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').map(({ taskArn }) => taskArn!);
    const found = new Set<string>();
    for (const some of batches(arns, tasksAtOnce)) {
      const what = `read the protection of tasks of ${cluster}${inRegion(region)}`;
      const input = { cluster, tasks: some };
      const { protectedTasks = [] } = await this.#apiIn(region).call(what, 'GetTaskProtection', input);
      for (const { taskArn, protectionEnabled } of protectedTasks) if (protectionEnabled) found.add(taskArn!);
    }
    return found;
  }

  async #tasks(
    { region, cluster }: Cluster,
    serviceName: string,
    desiredStatus: DesiredStatus,
    pagesAtMost = Number.POSITIVE_INFINITY,
  ): Promise<Task[]> {
    const found: Task[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < pagesAtMost; page++) {
      const input = { cluster, serviceName, desiredStatus, maxResults: tasksAtOnce, nextToken };
      const of = `${cluster}/${serviceName}${inRegion(region)}`;
      const listed = await this.#apiIn(region).call(`list tasks of ${of}`, 'ListTasks', input);
      const { taskArns: tasks = [] } = listed;
      if (tasks.length > 0) {
        const what = `describe ${tasks.length} tasks of ${of}`;
        const described = await this.#apiIn(region).call(what, 'DescribeTasks', { cluster, tasks });
        found.push(...(described.tasks ?? []));
      }
      nextToken = listed.nextToken;
      if (nextToken === undefined) break;
    }
    return found;
  }
}

/** For a message. */
function inRegion(region: string | undefined): string {
  return region === undefined ? '' : ` in ${region}`;
}

/** @throws PortError `Invalid` for the name of another kind of group */
function placeOf(name: string): EcsService {
  const place = ecsServiceOf(name);
  if (place) return place;
  throw new PortError('Invalid', `${name} is not a service of ECS`);
}

function toGroup(name: string, service: Service, servers: readonly Server[], now: Instant): ScalingGroup {
  const { desiredCount = 0, loadBalancers = [] } = service;
  return {
    name,
    minSize: 0,
    maxSize: Number.MAX_SAFE_INTEGER,
    desired: desiredCount,
    servers,
    suspended: [],
    protectionEnds: true,
    failedRollout: failedRolloutOf(service, now),
    trafficSources: loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
  };
}

/** Everything that should run runs, in one deployment, and nothing was changed lately. */
function isQuiet(service: Service, now: Instant): boolean {
  const { desiredCount, runningCount, pendingCount, deployments = [] } = service;
  if (runningCount !== desiredCount || pendingCount !== 0 || rolloutOf(service) !== null) return false;
  const changedAt = Math.max(...deployments.map(changeOf));
  return now - changedAt > settlingMs;
}

function changeOf({ updatedAt, createdAt }: Deployment): Instant {
  return (updatedAt ?? createdAt)?.getTime() ?? Number.POSITIVE_INFINITY;
}

/**
 * A task that cannot be placed never exists: only the service's events tell of it.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
function placementFailure({ events }: Service, since: Instant): LaunchFailure | undefined {
  const failed = newest(events, /unable to (place|start)/i);
  if (!failed || failed.at < since) return undefined;
  const kind = kindOf(failed.message);
  return { ...failed, kind: kind === 'other' ? 'capacity' : kind };
}

/** Stand-ins for the tasks of a service that is known by its counts. */
function counted(running: number): Server[] {
  return Array.from({ length: running }, (_, index) => ({
    id: `task-${index + 1}`,
    lifecycle: 'ready' as const,
    protectedFromScaleIn: false,
    weight: 1,
  }));
}

function isCounted(id: string): boolean {
  return /^task-\d+$/.test(id);
}
