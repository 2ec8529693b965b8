import type { LifecycleHook } from '@aws-sdk/client-auto-scaling';
import { type CloudContext, emit } from '../cloud-context.ts';
import type { Instant } from '../service.ts';
import type { Group, Member } from './group.ts';
import { validation } from './groups.ts';

export type Transition = 'LAUNCHING' | 'TERMINATING';
export type Result = 'CONTINUE' | 'ABANDON';

/** Hooks may be extended by heartbeats, but not beyond 48 hours (or a hundred times the timeout). */
const longestWaitSeconds = 48 * 3600;

interface Wait {
  readonly token: string;
  readonly hook: LifecycleHook;
  readonly member: Member;
  readonly startedAt: Instant;
  cancelTimeout: () => void;
}

interface Pause {
  readonly group: Group;
  readonly waits: Wait[];
  readonly done: (result: Result, why: string) => void;
}

/** Lifecycle actions: instances that wait for somebody to say that they may go on. */
export class Lifecycle {
  readonly #pauses = new Map<string, Pause>();
  readonly #cloud: CloudContext;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
  }

  /** Runs the hooks of a transition; calls `done` at once (and returns false) when there are none. */
  pause(group: Group, member: Member, transition: Transition, done: Pause['done']): boolean {
    const name = `autoscaling:EC2_INSTANCE_${transition}`;
    const hooks = [...group.hooks.values()].filter((hook) => hook.LifecycleTransition === name);
    if (hooks.length === 0) {
      done('CONTINUE', '');
      return false;
    }
    const startedAt = this.#cloud.eventQueue.now();
    const pause: Pause = { group, waits: [], done };
    this.#pauses.set(member.instanceId, pause);
    for (const hook of hooks) {
      const wait: Wait = { token: this.#cloud.ids.uuid(), hook, member, startedAt, cancelTimeout: () => {} };
      pause.waits.push(wait);
      this.#startTimeout(pause, wait);
      this.#announce(group, wait, transition);
    }
    return true;
  }

  /** An instance that is gone waits for nobody. */
  forget(instanceId: string): void {
    for (const wait of this.#pauses.get(instanceId)?.waits ?? []) wait.cancelTimeout();
    this.#pauses.delete(instanceId);
  }

  /** @throws ServiceError ValidationError when nothing waits under that hook and token or instance */
  complete(
    group: Group,
    hookName: string,
    instanceId: string | undefined,
    token: string | undefined,
    result: Result,
  ): void {
    const { pause, wait } = this.#find(group, hookName, instanceId, token);
    this.#finish(pause, wait, result, `Lifecycle Action Completed with ${result} Result`);
  }

  /** Starts the timeout anew. @throws ServiceError ValidationError */
  heartbeat(group: Group, hookName: string, instanceId: string | undefined, token: string | undefined): void {
    const { pause, wait } = this.#find(group, hookName, instanceId, token);
    wait.cancelTimeout();
    this.#startTimeout(pause, wait);
  }

  #find(group: Group, hookName: string, instanceId?: string, token?: string): { pause: Pause; wait: Wait } {
    for (const pause of this.#pauses.values()) {
      if (pause.group !== group) continue;
      const wait = pause.waits.find(
        (one) =>
          one.hook.LifecycleHookName === hookName &&
          (token === undefined || one.token === token) &&
          (instanceId === undefined || one.member.instanceId === instanceId),
      );
      if (wait && (token !== undefined || instanceId !== undefined)) return { pause, wait };
    }
    throw validation(
      `No active Lifecycle Action found with ${token ? `token ${token}` : `instance ID ${instanceId}`}`,
    );
  }

  #startTimeout(pause: Pause, wait: Wait): void {
    const now = this.#cloud.eventQueue.now();
    const longest = Math.min(longestWaitSeconds, 100 * wait.hook.HeartbeatTimeout!) * 1000;
    const at = Math.min(now + wait.hook.HeartbeatTimeout! * 1000, wait.startedAt + longest);
    wait.cancelTimeout = this.#cloud.eventQueue.at(at, `timeout of hook ${wait.hook.LifecycleHookName}`, () =>
      this.#finish(pause, wait, wait.hook.DefaultResult as Result, 'Heartbeat Timeout'),
    );
  }

  /** One hook that abandons decides for all; otherwise the instance goes on when the last is done. */
  #finish(pause: Pause, wait: Wait, result: Result, why: string): void {
    wait.cancelTimeout();
    pause.waits.splice(pause.waits.indexOf(wait), 1);
    if (result === 'CONTINUE' && pause.waits.length > 0) return;
    this.forget(wait.member.instanceId);
    const abandoned = `Instance failed to complete user's Lifecycle Action: Lifecycle Action with token ${wait.token} was abandoned: ${why}`;
    pause.done(result, abandoned);
  }

  #announce(group: Group, { token, hook, member }: Wait, transition: Transition): void {
    const launching = transition === 'LAUNCHING';
    emit(this.#cloud, {
      source: 'aws.autoscaling',
      detailType: `EC2 Instance-${launching ? 'launch' : 'terminate'} Lifecycle Action`,
      resources: [group.arn],
      detail: {
        LifecycleActionToken: token,
        AutoScalingGroupName: group.name,
        LifecycleHookName: hook.LifecycleHookName,
        EC2InstanceId: member.instanceId,
        LifecycleTransition: hook.LifecycleTransition,
        ...(hook.NotificationMetadata ? { NotificationMetadata: hook.NotificationMetadata } : {}),
        Origin: launching ? 'EC2' : 'AutoScalingGroup',
        Destination: launching ? 'AutoScalingGroup' : 'EC2',
      },
    });
  }
}
