import type { GetTaskProtectionRequest, UpdateTaskProtectionRequest } from '@aws-sdk/client-ecs';
import { type Call, type Instant, type Operation, ServiceError } from '../service.ts';
import { isProtected, type Task } from './task.ts';

/** Ten tasks are protected in a call, for two hours unless said otherwise, and for two days at most; a hundred are looked at. */
const protectedAtMost = 10;
const lookedAtAtMost = 100;
const minutes = { usual: 120, least: 1, most: 2880 };

/**
 * Tasks that no scale-in and no rollout takes for a while.
 * @param find a task of a cluster by id or ARN
 * @param wake looks at the task's service: at an instant, or soon
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateTaskProtection.html
 */
export function protectionOperations(
  find: (cluster: string | undefined, name: string) => Task | undefined,
  wake: (cluster: string | undefined, task: Task, at: Instant | undefined) => void,
): Record<string, Operation> {
  const protectionOf = (cluster: string | undefined, names: readonly string[], now: Instant) => {
    const found = names.map((name) => ({ name, task: find(cluster, name) }));
    return {
      protectedTasks: found.flatMap(({ task }) => (task ? recordOf(task, now) : [])),
      failures: found.flatMap(({ name, task }) => (task ? [] : { arn: name, reason: 'MISSING' })),
    };
  };
  return {
    UpdateTaskProtection: (input: UpdateTaskProtectionRequest, { now }: Call) => {
      const { cluster, tasks = [], protectionEnabled, expiresInMinutes = minutes.usual } = input;
      if (tasks.length === 0 || tasks.length > protectedAtMost)
        throw new ServiceError('InvalidParameterException', 'Tasks cannot be empty or more than 10.');
      if (expiresInMinutes < minutes.least || expiresInMinutes > minutes.most)
        throw new ServiceError('InvalidParameterException', 'expiresInMinutes must be from 1 to 2880.');
      const until = protectionEnabled ? now + expiresInMinutes * 60_000 : undefined;
      for (const task of tasks.flatMap((name) => find(cluster, name) ?? [])) {
        task.protectedUntil = until;
        wake(cluster, task, until);
      }
      return protectionOf(cluster, tasks, now);
    },
    GetTaskProtection: ({ cluster, tasks = [] }: GetTaskProtectionRequest, { now }: Call) => {
      if (tasks.length > lookedAtAtMost)
        throw new ServiceError('InvalidParameterException', 'Tasks cannot be more than 100.');
      return protectionOf(cluster, tasks, now);
    },
  };
}

function recordOf(task: Task, now: Instant) {
  const protectionEnabled = isProtected(task, now);
  const expirationDate = protectionEnabled ? new Date(task.protectedUntil!) : undefined;
  return { taskArn: task.arn, protectionEnabled, expirationDate };
}
