import type { Task } from '@aws-sdk/client-ecs';
import type {
  Instant,
  LaunchFailure,
  Lifecycle,
  LossCause,
  LostServer,
  Server,
} from '../../domain/observation.ts';

/** The last part of a task's ARN: its id. */
export function taskId({ taskArn = '' }: Task): string {
  return taskArn.split('/').at(-1)!;
}

/**
 * Where a task is in its life. It is ready when it runs and, where its containers have a health check, passes it. ECS says
 * `UNKNOWN` both of a task that has not been judged yet and of one without a check.
 * @param checked whether some task of the service has been judged: then they have a check
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
function lifecycleOf({ lastStatus, desiredStatus, healthStatus }: Task, checked: boolean): Lifecycle {
  if (desiredStatus === 'STOPPED') return 'leaving';
  if (lastStatus !== 'RUNNING') return 'pending';
  if (healthStatus === 'UNHEALTHY') return 'unhealthy';
  return checked && healthStatus !== 'HEALTHY' ? 'pending' : 'ready';
}

/** Have containers of the service a health check? A task that was judged shows it. */
function areChecked(tasks: readonly Task[]): boolean {
  return tasks.some(({ healthStatus }) => healthStatus === 'HEALTHY' || healthStatus === 'UNHEALTHY');
}

/** @param isProtected by ARN: tasks that ECS lets no scale-in take */
export function serversOf(tasks: readonly Task[], isProtected: ReadonlySet<string>): Server[] {
  const checked = areChecked(tasks);
  return tasks
    .filter(({ lastStatus }) => lastStatus !== 'STOPPED')
    .map((task) => ({
      id: taskId(task),
      lifecycle: lifecycleOf(task, checked),
      protectedFromScaleIn: isProtected.has(task.taskArn!),
      weight: 1,
    }));
}

/** The private address by which a task of the network mode `awsvpc` is a target; undefined: it has none of its own. */
export function addressOf({ attachments = [] }: Task): string | undefined {
  const own = attachments.find(({ type }) => type === 'ElasticNetworkInterface');
  return own?.details?.find(({ name }) => name === 'privateIPv4Address')?.value;
}

/** A task that ECS could not start, or that stopped before it ran. */
export function startFailure(tasks: readonly Task[], since: Instant): LaunchFailure | undefined {
  let newest: LaunchFailure | undefined;
  for (const { stopCode, stoppedReason, stoppedAt, createdAt, containers = [] } of tasks) {
    const at = (stoppedAt ?? createdAt)?.getTime();
    if (stopCode !== 'TaskFailedToStart' || at === undefined || at < since) continue;
    const reason = containers.find(({ reason }) => reason !== undefined)?.reason;
    const message = [stoppedReason, reason].filter((part) => part !== undefined).join(': ');
    if (!newest || at > newest.at) newest = { at, kind: kindOf(message), message };
  }
  return newest;
}

/**
 * Tasks that stopped, and not because fewer were desired or a rollout replaced them. A task that ran and was stopped for its
 * checks has the code of the scheduler: its reason shows it.
 * @returns oldest first
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export function lostTasks(tasks: readonly Task[], since: Instant): LostServer[] {
  return tasks
    .flatMap((task) => {
      const at = (task.stoppingAt ?? task.stoppedAt)?.getTime();
      const cause = lossOf(task);
      if (at === undefined || at < since || cause === undefined) return [];
      return [{ server: taskId(task), at, cause, message: task.stoppedReason ?? task.stopCode ?? '' }];
    })
    .sort((one, other) => one.at - other.at);
}

function lossOf({ stopCode, stoppedReason = '' }: Task): LossCause | undefined {
  if (/health check/i.test(stoppedReason)) return 'unhealthy';
  if (stopCode === 'EssentialContainerExited' || stopCode === 'UserInitiated') return 'terminated';
  return stopCode === 'SpotInterruption' || stopCode === 'TerminationNotice' ? 'interrupted' : undefined;
}

/**
 * What people can do about a task that does not start.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export function kindOf(message: string): LaunchFailure['kind'] {
  if (/CannotPull|\bimage\b|ManifestUnknown/i.test(message)) return 'image';
  if (/concurrent tasks|vCPU limit|quota|limit on the number/i.test(message)) return 'quota';
  if (
    /capacity is unavailable|insufficient|no container instance|RESOURCE:|did not have enough|not have sufficient/i.test(
      message,
    )
  )
    return 'capacity';
  return 'other';
}
