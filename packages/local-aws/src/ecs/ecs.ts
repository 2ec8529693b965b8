import * as schemas from '@aws-sdk/client-ecs';
import type { CloudContext } from '../cloud-context.ts';
import type { ServerWorld } from '../ec2/server-world.ts';
import type { TargetGroups } from '../elbv2/target-groups.ts';
import { page } from '../page.ts';
import {
  type AuthorizationTarget,
  type Call,
  type Operation,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { EcsService } from './ecs-service.ts';
import { ecsResources } from './resources.ts';
import { ServiceScheduler } from './scheduler.ts';
import { recordOf, type Task } from './task.ts';
import { protectionOperations } from './task-protection.ts';

const ofTasks: ReadonlySet<string> = new Set([
  'DescribeTasks',
  'StopTask',
  'GetTaskProtection',
  'UpdateTaskProtection',
]);

interface Cluster {
  readonly name: string;
  readonly arn: string;
  readonly services: Map<string, EcsService>;
}

/** ECS takes ten services and a hundred tasks in a call. */
const servicesAtMost = 10;
const tasksAtMost = 100;

/** Amazon Elastic Container Service: clusters, task definitions, and services that keep their tasks up, on Fargate. */
export class Ecs implements Service {
  readonly signingName = 'ecs';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly scheduler: ServiceScheduler;
  readonly #cloud: CloudContext;
  readonly #clusters = new Map<string, Cluster>();
  /** Revisions by family. */
  readonly #definitions = new Map<string, schemas.TaskDefinition[]>();

  constructor(cloud: CloudContext, world: ServerWorld, targetGroups: TargetGroups) {
    this.#cloud = cloud;
    this.scheduler = new ServiceScheduler(cloud, world, targetGroups, (arn) => this.#definition(arn));
    this.operations = {
      ...this.#clusterOperations(),
      ...this.#serviceOperations(),
      ...this.#taskOperations(),
      ...protectionOperations(
        (cluster, name) => this.#findTask(cluster, name),
        (cluster, task, at) => this.scheduler.wake(this.#serviceOf(cluster, task), at),
      ),
    };
    this.resources = ecsResources(cloud, this.operations);
  }

  /** All services that are there. */
  all(): EcsService[] {
    return [...this.#clusters.values()].flatMap(({ services }) =>
      [...services.values()].filter(({ isActive }) => isActive),
    );
  }

  authorization(operation: string, input: Record<string, unknown>): AuthorizationTarget[] {
    const { region, account } = this.#cloud;
    const cluster = lastPart(String(input['cluster'] ?? 'default'));
    const arnOf = (path: string) => `arn:aws:ecs:${region}:${account}:${path}`;
    const conditions = { 'ecs:cluster': arnOf(`cluster/${cluster}`) };
    const named = (kind: string, names: unknown[]) =>
      names.map((name) => arnOf(`${kind}/${cluster}/${lastPart(String(name))}`));
    const action = `ecs:${operation}`;
    const services = [input['service'] ?? input['services'] ?? []].flat();
    if (operation === 'ListTasks')
      return [{ action, resources: [arnOf(`container-instance/${cluster}/*`)], conditions }];
    if (ofTasks.has(operation)) {
      const tasks = [input['tasks'] ?? input['task'] ?? []].flat();
      return [{ action, resources: named('task', tasks), conditions }];
    }
    if (services.length > 0) return [{ action, resources: named('service', services), conditions }];
    return [{ action, resources: ['*'], conditions }];
  }

  #clusterOperations(): Record<string, Operation> {
    return {
      CreateCluster: ({ clusterName = 'default' }: schemas.CreateClusterRequest) => {
        const arn = `arn:aws:ecs:${this.#cloud.region}:${this.#cloud.account}:cluster/${clusterName}`;
        const found = this.#clusters.get(clusterName) ?? { name: clusterName, arn, services: new Map() };
        this.#clusters.set(clusterName, found);
        return { cluster: clusterRecord(found) };
      },
      DescribeClusters: ({ clusters = ['default'] }: schemas.DescribeClustersRequest) => {
        const found = clusters.map((name) => ({ name, cluster: this.#clusters.get(lastPart(name)) }));
        return {
          clusters: found.flatMap(({ cluster }) => (cluster ? clusterRecord(cluster) : [])),
          failures: found.flatMap(({ name, cluster }) => (cluster ? [] : { arn: name, reason: 'MISSING' })),
        };
      },
      ListClusters: () => ({ clusterArns: [...this.#clusters.values()].map(({ arn }) => arn) }),
      DeleteCluster: ({ cluster: name }: schemas.DeleteClusterRequest) => {
        const cluster = this.#cluster(name);
        if ([...cluster.services.values()].some(({ isActive }) => isActive))
          throw new ServiceError(
            'ClusterContainsServicesException',
            'The Cluster cannot be deleted while Services are active.',
          );
        this.#clusters.delete(cluster.name);
        return { cluster: { ...clusterRecord(cluster), status: 'INACTIVE' } };
      },
      RegisterTaskDefinition: (input: schemas.RegisterTaskDefinitionRequest) => ({
        taskDefinition: this.#register(input),
      }),
      DescribeTaskDefinition: ({ taskDefinition }: schemas.DescribeTaskDefinitionRequest) => ({
        taskDefinition: this.#definition(taskDefinition!),
      }),
      DeregisterTaskDefinition: ({ taskDefinition }: schemas.DeregisterTaskDefinitionRequest) => {
        const found = this.#definition(taskDefinition!);
        found.status = 'INACTIVE';
        return { taskDefinition: found };
      },
    };
  }

  #serviceOperations(): Record<string, Operation> {
    return {
      CreateService: (input: schemas.CreateServiceRequest, call: Call) => ({
        service: this.#create(input, call).record(),
      }),
      UpdateService: (input: schemas.UpdateServiceRequest, call: Call) => ({
        service: this.#update(input, call).record(),
      }),
      DescribeServices: ({ cluster: name, services = [] }: schemas.DescribeServicesRequest) => {
        const cluster = this.#cluster(name);
        if (services.length === 0 || services.length > servicesAtMost)
          throw new ServiceError('InvalidParameterException', 'Services cannot be empty or more than 10.');
        const found = services.map((service) => cluster.services.get(lastPart(service)));
        return {
          services: found.flatMap((service) => service?.record() ?? []),
          failures: services
            .filter((_, index) => !found[index])
            .map((service) => ({
              arn: `${cluster.arn.replace(':cluster/', ':service/')}/${lastPart(service)}`,
              reason: 'MISSING',
            })),
        };
      },
      ListServices: ({ cluster, nextToken, maxResults = 10 }: schemas.ListServicesRequest) => {
        const arns = [...this.#cluster(cluster).services.values()]
          .filter(({ isActive }) => isActive)
          .map(({ arn }) => arn);
        const { items, NextToken } = page(arns, nextToken, maxResults, 100, 'maxResults');
        return { serviceArns: items, nextToken: NextToken };
      },
      DeleteService: ({ cluster, service: name, force }: schemas.DeleteServiceRequest) => {
        const service = this.#service(cluster, name!);
        if (service.desired > 0 && !force)
          throw new ServiceError(
            'InvalidParameterException',
            'The service cannot be stopped while it is scaled above 0.',
          );
        service.isActive = false;
        service.desired = 0;
        for (const task of service.wanted()) this.scheduler.stop(service, task, 'Service was deleted');
        return { service: service.record() };
      },
    };
  }

  #taskOperations(): Record<string, Operation> {
    return {
      ListTasks: (input: schemas.ListTasksRequest) => {
        const {
          cluster,
          serviceName,
          desiredStatus = 'RUNNING',
          nextToken,
          maxResults = tasksAtMost,
        } = input;
        const services = serviceName
          ? [this.#service(cluster, serviceName)]
          : [...this.#cluster(cluster).services.values()];
        const arns = services
          .flatMap(({ tasks }) => [...tasks.values()])
          .filter(({ desired }) => desired === desiredStatus)
          .map(({ arn }) => arn);
        const { items, NextToken } = page(arns, nextToken, maxResults, tasksAtMost, 'maxResults');
        return { taskArns: items, nextToken: NextToken };
      },
      DescribeTasks: ({ cluster, tasks = [] }: schemas.DescribeTasksRequest) => {
        if (tasks.length === 0 || tasks.length > tasksAtMost)
          throw new ServiceError('InvalidParameterException', 'Tasks cannot be empty or more than 100.');
        const found = tasks.map((name) => ({ name, task: this.#findTask(cluster, name) }));
        return {
          tasks: found.flatMap(({ task }) => (task ? recordOf(task) : [])),
          failures: found.flatMap(({ name, task }) => (task ? [] : { arn: name, reason: 'MISSING' })),
        };
      },
      StopTask: ({ cluster, task: name, reason = 'Task stopped by user' }: schemas.StopTaskRequest) => {
        const task = this.#findTask(cluster, name!);
        if (!task) throw new ServiceError('InvalidParameterException', 'The referenced task was not found.');
        const service = this.#serviceOf(cluster, task);
        this.scheduler.stop(service, task, reason, 'UserInitiated');
        this.scheduler.wake(service);
        return { task: recordOf(task) };
      },
    };
  }

  #serviceOf(cluster: string | undefined, { group }: Task): EcsService {
    return this.#service(cluster, group.slice('service:'.length));
  }

  #findTask(cluster: string | undefined, name: string): Task | undefined {
    const id = lastPart(name);
    for (const { tasks } of this.#cluster(cluster).services.values()) {
      const task = tasks.get(id);
      if (task) return task;
    }
    return undefined;
  }

  #create(input: schemas.CreateServiceRequest, { now }: Call): EcsService {
    const cluster = this.#cluster(input.cluster);
    const { serviceName = '', loadBalancers = [], desiredCount = 1 } = input;
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(serviceName))
      throw new ServiceError(
        'InvalidParameterException',
        'Service name must be 1 to 255 letters, numbers, hyphens and underscores.',
      );
    if (cluster.services.get(serviceName)?.isActive)
      throw new ServiceError('InvalidParameterException', 'Creation of service was not idempotent.');
    checkCount(desiredCount);
    const service = new EcsService({
      name: serviceName,
      arn: `${cluster.arn.replace(':cluster/', ':service/')}/${serviceName}`,
      clusterArn: cluster.arn,
      cluster: cluster.name,
      worldName: `ecs:${this.#elsewhere()}${cluster.name}/${serviceName}`,
      createdAt: now,
      loadBalancers,
      graceSeconds: input.healthCheckGracePeriodSeconds ?? 0,
      desired: desiredCount,
      configuration: input.deploymentConfiguration ?? {},
      monitoring: input.monitoring,
    });
    cluster.services.set(serviceName, service);
    this.scheduler.rollouts.begin(service, this.#definition(input.taskDefinition!).taskDefinitionArn!);
    return service;
  }

  #elsewhere(): string {
    return this.#cloud.regionNumber === 0 ? '' : `${this.#cloud.region}/`;
  }

  #update(input: schemas.UpdateServiceRequest, { now }: Call): EcsService {
    const service = this.#service(input.cluster, input.service!);
    if (!service.isActive) throw new ServiceError('ServiceNotActiveException', 'Service was not ACTIVE.');
    const { desiredCount, taskDefinition, forceNewDeployment, deploymentConfiguration } = input;
    if (input.monitoring) service.monitoring = input.monitoring;
    service.configuration = { ...service.configuration, ...deploymentConfiguration };
    if (desiredCount !== undefined && desiredCount !== service.desired) {
      checkCount(desiredCount);
      service.desired = desiredCount;
      service.primary.updatedAt = now;
    }
    const definition = taskDefinition === undefined ? undefined : this.#definition(taskDefinition);
    const isNew = definition !== undefined && definition.taskDefinitionArn !== service.primary.definitionArn;
    if (isNew || forceNewDeployment)
      this.scheduler.rollouts.begin(service, definition?.taskDefinitionArn ?? service.primary.definitionArn);
    service.isSteady = false;
    this.scheduler.wake(service);
    return service;
  }

  #register(input: schemas.RegisterTaskDefinitionRequest): schemas.TaskDefinition {
    const revisions = this.#definitions.get(input.family!) ?? [];
    const revision = revisions.length + 1;
    const arn = `arn:aws:ecs:${this.#cloud.region}:${this.#cloud.account}:task-definition/${input.family}:${revision}`;
    const { tags: _, ...fields } = input;
    const definition: schemas.TaskDefinition = {
      ...fields,
      taskDefinitionArn: arn,
      revision,
      status: 'ACTIVE',
    };
    this.#definitions.set(input.family!, [...revisions, definition]);
    return definition;
  }

  /** By ARN, by `family:revision`, or the newest of a family. */
  #definition(name: string): schemas.TaskDefinition {
    const [family = '', revision] = lastPart(name).split(':');
    const revisions = this.#definitions.get(family) ?? [];
    const found = revision === undefined ? revisions.at(-1) : revisions[Number(revision) - 1];
    if (found) return found;
    throw new ServiceError('ClientException', `Unable to describe task definition ${name}.`);
  }

  #cluster(name = 'default'): Cluster {
    const found = this.#clusters.get(lastPart(name));
    if (found) return found;
    throw new ServiceError('ClusterNotFoundException', 'Cluster not found.');
  }

  #service(cluster: string | undefined, name: string): EcsService {
    const found = this.#cluster(cluster).services.get(lastPart(name));
    if (found) return found;
    throw new ServiceError('ServiceNotFoundException', 'Service not found.');
  }
}

/** Of an ARN or a name: the name. */
function lastPart(name: string): string {
  return name.split('/').at(-1)!;
}

function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 0 || count > 5000)
    throw new ServiceError('InvalidParameterException', 'The desired count must be between 0 and 5000.');
}

function clusterRecord({ name, arn, services }: Cluster): schemas.Cluster {
  const active = [...services.values()].filter(({ isActive }) => isActive);
  return {
    clusterName: name,
    clusterArn: arn,
    status: 'ACTIVE',
    activeServicesCount: active.length,
    runningTasksCount: active.reduce((sum, service) => sum + service.running().length, 0),
  };
}
