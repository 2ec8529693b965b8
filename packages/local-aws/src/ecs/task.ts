import type { Task as TaskRecord, TaskStopCode } from '@aws-sdk/client-ecs';
import type { Instant } from '../service.ts';

/** The stations of a task's life that the local cloud has. */
export type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';

/** One task of a service. By its address the world and the target groups know it. */
export interface Task {
  readonly id: string;
  readonly arn: string;
  readonly clusterArn: string;
  /** `service:NAME` */
  readonly group: string;
  readonly definitionArn: string;
  readonly deploymentId: string;
  readonly address: string;
  readonly zone: string;
  readonly createdAt: Instant;
  /** Have its containers a health check? */
  readonly isChecked: boolean;
  status: TaskStatus;
  desired: 'RUNNING' | 'STOPPED';
  health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  startedAt: Instant | undefined;
  /** Until then no scale-in and no rollout takes it. */
  protectedUntil: Instant | undefined;
  stoppingAt: Instant | undefined;
  stoppedAt: Instant | undefined;
  stopCode: TaskStopCode | undefined;
  stoppedReason: string | undefined;
}

/** Not on its way out. */
export function isWanted(task: Task): boolean {
  return task.desired === 'RUNNING';
}

/** Does its protection from scale-in hold? */
export function isProtected({ protectedUntil }: Task, now: Instant): boolean {
  return protectedUntil !== undefined && now < protectedUntil;
}

/** What `DescribeTasks` says of it. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
export function recordOf(task: Task): TaskRecord {
  const at = (instant: Instant | undefined) => (instant === undefined ? undefined : new Date(instant));
  return {
    taskArn: task.arn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.definitionArn,
    group: task.group,
    startedBy: task.deploymentId,
    launchType: 'FARGATE',
    availabilityZone: task.zone,
    lastStatus: task.status,
    desiredStatus: task.desired,
    healthStatus: task.health,
    createdAt: at(task.createdAt),
    startedAt: at(task.startedAt),
    stoppingAt: at(task.stoppingAt),
    stoppedAt: at(task.stoppedAt),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    attachments: [
      {
        id: `eni-${task.id}`,
        type: 'ElasticNetworkInterface',
        status: task.status === 'PROVISIONING' ? 'PRECREATED' : 'ATTACHED',
        details: [{ name: 'privateIPv4Address', value: task.address }],
      },
    ],
  };
}
