import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { type CloudContext, emit } from '../cloud-context.ts';
import type { ServerWorld } from '../ec2/server-world.ts';
import type { TargetGroups } from '../elbv2/target-groups.ts';
import { seededRandom } from '../random.ts';
import type { Instant } from '../service.ts';
import type { Deployment, EcsService } from './ecs-service.ts';
import { Rollouts } from './rollouts.ts';
import { isProtected, recordOf, type Task, type TaskStatus } from './task.ts';

/** From the wish for a task to its first container running: an interface is attached, an image is pulled. */
const startSeconds = { least: 20, spread: 40 };
/** What ECS needs to see that something has changed. */
const reactionMs = 2_000;
/** Containers get 30 s to stop; these take less. */
const stopSeconds = 10;
/** Stopped tasks are shown for an hour. */
const shownMs = 3_600_000;
const checkMs = 10_000;
const longestRetrySeconds = 300;
const zones = ['a', 'b'];

/** Keeps the tasks of services at their desired counts: the service scheduler of ECS. */
export class ServiceScheduler {
  readonly #cloud: CloudContext;
  readonly #world: ServerWorld;
  readonly #targetGroups: TargetGroups;
  readonly #definitionOf: (arn: string) => TaskDefinition;
  /** Images that cannot be pulled: a test's or a console's hand. */
  readonly missingImages = new Set<string>();
  readonly rollouts: Rollouts;
  #addresses = 0;

  constructor(
    cloud: CloudContext,
    world: ServerWorld,
    targetGroups: TargetGroups,
    definitionOf: (arn: string) => TaskDefinition,
  ) {
    this.#cloud = cloud;
    this.#world = world;
    this.#targetGroups = targetGroups;
    this.#definitionOf = definitionOf;
    this.rollouts = new Rollouts(cloud, (service) => this.wake(service));
  }

  /** Looks at the service at an instant, or earlier where that was entered before. */
  wake(service: EcsService, at: Instant = this.#now() + reactionMs): void {
    if (service.waking && service.waking.at <= at) return;
    service.waking?.cancel();
    const cancel = this.#cloud.eventQueue.at(at, `service ${service.name}`, () => {
      service.waking = undefined;
      if (service.isActive) this.#converge(service);
    });
    service.waking = { at, cancel };
  }

  stop(
    service: EcsService,
    task: Task,
    reason: string,
    code: Task['stopCode'] = 'ServiceSchedulerInitiated',
  ): void {
    if (task.desired === 'STOPPED') return;
    task.desired = 'STOPPED';
    task.stopCode = code;
    task.stoppedReason = reason;
    task.stoppingAt = this.#now();
    const wasRunning = task.status === 'RUNNING';
    this.#enter(task, wasRunning ? 'DEACTIVATING' : 'STOPPING');
    const drained = wasRunning
      ? service.targetGroupArns.map((arn) => this.#targetGroups.deregister(arn, task.address))
      : [];
    const stopping = Math.max(this.#now(), ...drained);
    this.#cloud.eventQueue.at(stopping, `task ${task.id} stops`, () => {
      if (task.status === 'DEACTIVATING') this.#enter(task, 'STOPPING');
    });
    this.#cloud.eventQueue.at(stopping + stopSeconds * 1000, `task ${task.id} stopped`, () =>
      this.#stopped(service, task),
    );
  }

  #converge(service: EcsService): void {
    const { primary } = service;
    const missing = service.desired - service.wanted(primary).length;
    // What has failed launches no new tasks.
    if (primary.state !== 'FAILED')
      for (let count = 0; count < missing; count++) if (!this.#start(service, primary)) break;
    if (missing < 0) this.#stopSome(service, service.wanted(primary), -missing);
    this.#wakeForProtected(service);
    this.#retireOld(service);
    this.#settle(service);
  }

  /** When the first protection ends the scheduler may take what it has kept. */
  #wakeForProtected(service: EcsService): void {
    const now = this.#now();
    const ends = service.wanted().flatMap((task) => (isProtected(task, now) ? task.protectedUntil! : []));
    if (ends.length > 0) this.wake(service, Math.min(...ends));
  }

  /** Old tasks go as new ones run: never fewer than desired serve. */
  #retireOld(service: EcsService): void {
    const [primary, ...old] = service.deployments;
    const spare = service.running().length - service.desired;
    const retired = old.flatMap((deployment) => service.wanted(deployment));
    if (spare > 0) this.#stopSome(service, retired, Math.min(spare, retired.length));
    service.deployments = [
      primary!,
      ...old.filter(({ id }) =>
        [...service.tasks.values()].some((task) => task.deploymentId === id && task.status !== 'STOPPED'),
      ),
    ];
  }

  /**
   * Those that do not run yet first, then those that are ill, then the oldest; none that is protected from scale-in.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
   */
  #stopSome(service: EcsService, tasks: readonly Task[], count: number): void {
    const worth = (task: Task) => (task.status !== 'RUNNING' ? 0 : task.health === 'UNHEALTHY' ? 1 : 2);
    const chosen = tasks
      .filter((task) => !isProtected(task, this.#now()))
      .toSorted((one, other) => worth(one) - worth(other) || one.createdAt - other.createdAt)
      .slice(0, count);
    for (const task of chosen)
      this.stop(service, task, `Scaling activity initiated by deployment ${task.deploymentId}`);
    if (chosen.length > 0)
      this.#say(service, `has stopped ${chosen.length} running tasks: ${named(chosen)}.`);
  }

  #settle(service: EcsService): void {
    const { primary } = service;
    const steady =
      service.deployments.length === 1 &&
      service.running(primary).length === service.desired &&
      [...service.tasks.values()].every(({ status }) => status === 'RUNNING' || status === 'STOPPED');
    if (steady && !service.isSteady) {
      this.#say(service, 'has reached a steady state.');
      this.rollouts.complete(service, primary);
    }
    service.isSteady = steady;
  }

  #say(service: EcsService, message: string): void {
    service.say(message, this.#cloud.ids.uuid(), this.#now());
  }

  /** @returns false when it cannot be placed now: another try is entered */
  #start(service: EcsService, deployment: Deployment): boolean {
    const now = this.#now();
    if (now < service.retryAt) {
      this.wake(service, service.retryAt);
      return false;
    }
    const definition = this.#definitionOf(deployment.definitionArn);
    const image = definition.containerDefinitions?.[0]?.image ?? '';
    const zone = `${this.#cloud.region}${zones[service.tasks.size % zones.length]}`;
    const request = {
      imageId: image,
      instanceType: 'FARGATE',
      availabilityZone: zone,
      group: service.worldName,
    };
    const refusal = this.#world.refusal(request, now);
    if (refusal) {
      const reason = `Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.`;
      this.#say(service, `was unable to place a task. ${reason}`);
      this.rollouts.countFailure(service, deployment.id);
      this.#backOff(service);
      return false;
    }
    const task = this.#newTask(service, deployment, definition, zone);
    service.tasks.set(task.id, task);
    const random = seededRandom(Number.parseInt(task.id.slice(0, 8), 16)).next();
    const running = now + Math.round((startSeconds.least + startSeconds.spread * random) * 1000);
    this.#cloud.eventQueue.at(now + (running - now) / 3, `task ${task.id} is provisioned`, () => {
      if (task.status === 'PROVISIONING') this.#enter(task, 'PENDING');
    });
    if (this.missingImages.has(image))
      this.#cloud.eventQueue.at(running, `task ${task.id} fails`, () =>
        this.#failToPull(service, task, image),
      );
    else {
      this.#world.start(task.address, request, now);
      this.#cloud.eventQueue.at(running, `task ${task.id} runs`, () => this.#run(service, task));
    }
    this.#say(service, `has started 1 tasks: ${named([task])}.`);
    return true;
  }

  #newTask(service: EcsService, deployment: Deployment, definition: TaskDefinition, zone: string): Task {
    const id = this.#cloud.ids.hex(32);
    const address = this.#newAddress();
    return {
      id,
      arn: `${service.clusterArn.replace(':cluster/', ':task/')}/${id}`,
      clusterArn: service.clusterArn,
      group: `service:${service.name}`,
      definitionArn: deployment.definitionArn,
      deploymentId: deployment.id,
      address,
      zone,
      createdAt: this.#now(),
      isChecked:
        definition.containerDefinitions?.some(({ healthCheck }) => healthCheck !== undefined) ?? false,
      status: 'PROVISIONING',
      desired: 'RUNNING',
      health: 'UNKNOWN',
      startedAt: undefined,
      protectedUntil: undefined,
      stoppingAt: undefined,
      stoppedAt: undefined,
      stopCode: undefined,
      stoppedReason: undefined,
    };
  }

  #newAddress(): string {
    const number = this.#addresses++;
    // No two tasks of the world have one address.
    return `10.${100 + this.#cloud.regionNumber}.${Math.floor(number / 250) % 250}.${(number % 250) + 4}`;
  }

  #run(service: EcsService, task: Task): void {
    if (task.desired === 'STOPPED') return;
    task.startedAt = this.#now();
    this.#enter(task, 'RUNNING');
    Object.assign(service, { failures: 0, retryAt: 0 });
    for (const arn of service.targetGroupArns) this.#targetGroups.register(arn, task.address);
    this.#check(service, task);
    this.wake(service);
  }

  /** The containers' own health check, and whether the task lives at all. */
  #check(service: EcsService, task: Task): void {
    this.#cloud.eventQueue.at(this.#now() + checkMs, `task ${task.id} is checked`, () => {
      if (task.desired === 'STOPPED') return;
      if (!this.#world.reachable(task.address, this.#now())) {
        this.rollouts.countFailure(service, task.deploymentId);
        return this.stop(service, task, 'Essential container in task exited', 'EssentialContainerExited');
      }
      if (task.isChecked) {
        if (this.#world.answers(task.address, this.#now())) task.health = 'HEALTHY';
        else if (task.health === 'HEALTHY') task.health = 'UNHEALTHY';
      }
      const unhealthy =
        task.health === 'UNHEALTHY' ||
        service.targetGroupArns.some((arn) => this.#targetGroups.find(arn)?.isUnhealthy(task.address));
      const isYoung = this.#now() < task.startedAt! + service.graceSeconds * 1000;
      if (unhealthy && !isYoung) {
        this.rollouts.countFailure(service, task.deploymentId);
        return this.stop(service, task, `Task failed health checks in ${service.name}`);
      }
      this.rollouts.forgetFailures(service, task.deploymentId, () => this.#isHealthy(service, task));
      this.#check(service, task);
    });
  }

  #isHealthy(service: EcsService, task: Task): boolean {
    if (task.isChecked && task.health !== 'HEALTHY') return false;
    return service.targetGroupArns.every(
      (arn) => this.#targetGroups.find(arn)?.healthyInstances().includes(task.address) ?? true,
    );
  }

  #failToPull(service: EcsService, task: Task, image: string): void {
    if (task.desired === 'STOPPED') return;
    this.rollouts.countFailure(service, task.deploymentId);
    task.desired = 'STOPPED';
    task.stopCode = 'TaskFailedToStart';
    task.stoppedReason = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`;
    this.#stopped(service, task);
    this.#backOff(service);
  }

  #stopped(service: EcsService, task: Task): void {
    task.stoppedAt = this.#now();
    this.#enter(task, 'STOPPED');
    this.#world.stop(task.address, this.#now());
    for (const arn of service.targetGroupArns) this.#targetGroups.find(arn)?.forget(task.address);
    this.#cloud.eventQueue.at(this.#now() + shownMs, `task ${task.id} is forgotten`, () => {
      service.tasks.delete(task.id);
    });
    if (service.isActive) this.wake(service);
  }

  /** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html */
  #enter(task: Task, status: TaskStatus): void {
    task.status = status;
    emit(this.#cloud, {
      source: 'aws.ecs',
      detailType: 'ECS Task State Change',
      resources: [task.arn],
      detail: recordOf(task),
    });
  }

  #backOff(service: EcsService): void {
    service.failures += 1;
    service.isSteady = false;
    service.retryAt = this.#now() + 1000 * Math.min(longestRetrySeconds, 10 * 2 ** (service.failures - 1));
    this.wake(service, service.retryAt);
  }

  #now(): Instant {
    return this.#cloud.eventQueue.now();
  }
}

function named(tasks: readonly Task[]): string {
  return tasks.map(({ id }) => `(task ${id})`).join(' ');
}
