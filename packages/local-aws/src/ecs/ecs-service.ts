import type {
  DeploymentConfiguration,
  Deployment as DeploymentRecord,
  DeploymentRolloutState,
  LoadBalancer,
  MonitoringConfiguration,
  ServiceEvent,
  Service as ServiceRecord,
} from '@aws-sdk/client-ecs';
import type { Instant } from '../service.ts';
import { isWanted, type Task } from './task.ts';

/** A service remembers this many events, as ECS does. */
const eventsKept = 100;

/** One revision of a service on its way in, in charge, or on its way out. */
export interface Deployment {
  readonly id: string;
  readonly definitionArn: string;
  readonly createdAt: Instant;
  updatedAt: Instant;
  state: DeploymentRolloutState;
  /** In the words of ECS. */
  reason: string;
  /** One after the other, without a healthy one between them. */
  failedTasks: number;
}

/** A service: a number of tasks of one definition that is kept up. */
export class EcsService {
  readonly name: string;
  readonly arn: string;
  readonly clusterArn: string;
  readonly cluster: string;
  /** The name by which the world knows it: `ecs:CLUSTER/SERVICE`; of other regions than the home one, `ecs:REGION/CLUSTER/SERVICE`. */
  readonly worldName: string;
  readonly createdAt: Instant;
  readonly loadBalancers: readonly LoadBalancer[];
  /** So long after its start a task is not judged by its checks. */
  readonly graceSeconds: number;
  readonly tasks = new Map<string, Task>();
  readonly events: ServiceEvent[] = [];
  /** The newest first. */
  deployments: Deployment[] = [];
  desired: number;
  configuration: DeploymentConfiguration;
  monitoring: MonitoringConfiguration | undefined;
  /** The newest that was completed: what a rollback goes back to. */
  lastCompleted: Deployment | undefined;
  isActive = true;
  waking: { readonly at: Instant; readonly cancel: () => void } | undefined;
  isSteady = false;
  /** While tasks cannot be placed or started: not before this instant is another tried. */
  retryAt = 0;
  failures = 0;

  constructor(
    fields: Pick<
      EcsService,
      | 'name'
      | 'arn'
      | 'clusterArn'
      | 'cluster'
      | 'worldName'
      | 'createdAt'
      | 'loadBalancers'
      | 'graceSeconds'
      | 'desired'
      | 'configuration'
      | 'monitoring'
    >,
  ) {
    this.name = fields.name;
    this.arn = fields.arn;
    this.clusterArn = fields.clusterArn;
    this.cluster = fields.cluster;
    this.worldName = fields.worldName;
    this.createdAt = fields.createdAt;
    this.loadBalancers = fields.loadBalancers;
    this.graceSeconds = fields.graceSeconds;
    this.desired = fields.desired;
    this.configuration = fields.configuration;
    this.monitoring = fields.monitoring;
  }

  /** Every 20 seconds; DescribeServices does not tell. */
  get publishesFinely(): boolean {
    return (
      this.monitoring?.metricConfigurations?.some(({ resolutionSeconds }) => resolutionSeconds === 20) ??
      false
    );
  }

  get primary(): Deployment {
    return this.deployments[0]!;
  }

  get targetGroupArns(): readonly string[] {
    return this.loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
  }

  /** Tasks that are not on their way out, of one deployment or of all. */
  wanted(deployment?: Deployment): Task[] {
    return [...this.tasks.values()].filter(
      (task) => isWanted(task) && (!deployment || task.deploymentId === deployment.id),
    );
  }

  running(deployment?: Deployment): Task[] {
    return this.wanted(deployment).filter(({ status }) => status === 'RUNNING');
  }

  say(message: string, id: string, now: Instant): void {
    this.events.unshift({ id, createdAt: new Date(now), message: `(service ${this.name}) ${message}` });
    this.events.splice(eventsKept);
  }

  /** What `DescribeServices` says of it. */
  record(): ServiceRecord {
    return {
      serviceArn: this.arn,
      serviceName: this.name,
      clusterArn: this.clusterArn,
      status: this.isActive ? 'ACTIVE' : 'INACTIVE',
      desiredCount: this.desired,
      runningCount: this.running().length,
      pendingCount: this.wanted().length - this.running().length,
      launchType: 'FARGATE',
      schedulingStrategy: 'REPLICA',
      taskDefinition: this.primary.definitionArn,
      loadBalancers: [...this.loadBalancers],
      healthCheckGracePeriodSeconds: this.graceSeconds,
      deploymentConfiguration: this.configuration,
      deployments: this.deployments.map((deployment, index) => this.#deploymentRecord(deployment, index)),
      events: this.events,
      createdAt: new Date(this.createdAt),
    };
  }

  #deploymentRecord(deployment: Deployment, index: number): DeploymentRecord {
    const running = this.running(deployment).length;
    return {
      id: deployment.id,
      status: index === 0 ? 'PRIMARY' : 'ACTIVE',
      taskDefinition: deployment.definitionArn,
      desiredCount: index === 0 ? this.desired : 0,
      runningCount: running,
      pendingCount: this.wanted(deployment).length - running,
      failedTasks: deployment.failedTasks,
      createdAt: new Date(deployment.createdAt),
      updatedAt: new Date(deployment.updatedAt),
      launchType: 'FARGATE',
      rolloutState: deployment.state,
      rolloutStateReason: deployment.reason,
    };
  }
}
