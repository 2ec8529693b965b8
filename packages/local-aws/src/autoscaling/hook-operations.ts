import type {
  CompleteLifecycleActionType,
  DeleteLifecycleHookType,
  DescribeLifecycleHooksType,
  PutLifecycleHookType,
  RecordLifecycleActionHeartbeatType,
} from '@aws-sdk/client-auto-scaling';
import type { Operation } from '../service.ts';
import { type Groups, validation } from './groups.ts';
import type { Lifecycle, Result } from './lifecycle.ts';

/** Lifecycle hooks and the actions that wait on them. */
export function hookOperations(groups: Groups, lifecycle: Lifecycle): Record<string, Operation> {
  return {
    PutLifecycleHook(input: PutLifecycleHookType): object {
      const group = groups.get(input.AutoScalingGroupName);
      const before = group.hooks.get(input.LifecycleHookName!);
      const hook = {
        AutoScalingGroupName: group.name,
        LifecycleHookName: input.LifecycleHookName,
        LifecycleTransition: input.LifecycleTransition ?? before?.LifecycleTransition,
        NotificationMetadata: input.NotificationMetadata ?? before?.NotificationMetadata,
        HeartbeatTimeout: input.HeartbeatTimeout ?? before?.HeartbeatTimeout ?? 3600,
        DefaultResult: input.DefaultResult ?? before?.DefaultResult ?? 'ABANDON',
        GlobalTimeout: 172_800,
      };
      if (!/^autoscaling:EC2_INSTANCE_(LAUNCHING|TERMINATING)$/.test(hook.LifecycleTransition ?? ''))
        throw validation('Invalid lifecycle transition');
      if (hook.HeartbeatTimeout < 30 || hook.HeartbeatTimeout > 7200)
        throw validation('HeartbeatTimeout must be between 30 and 7200 seconds');
      if (!before && group.hooks.size >= 50) throw validation('At most 50 lifecycle hooks per group');
      group.hooks.set(input.LifecycleHookName!, hook);
      return {};
    },
    DeleteLifecycleHook(input: DeleteLifecycleHookType): object {
      const group = groups.get(input.AutoScalingGroupName);
      if (!group.hooks.delete(input.LifecycleHookName!))
        throw validation(
          `No Lifecycle Hook found with name: ${input.LifecycleHookName} and group: ${group.name}`,
        );
      return {};
    },
    DescribeLifecycleHooks(input: DescribeLifecycleHooksType) {
      const hooks = [...groups.get(input.AutoScalingGroupName).hooks.values()];
      const names = input.LifecycleHookNames;
      return { LifecycleHooks: hooks.filter((hook) => names?.includes(hook.LifecycleHookName!) ?? true) };
    },
    CompleteLifecycleAction(input: CompleteLifecycleActionType): object {
      const group = groups.get(input.AutoScalingGroupName);
      const result = input.LifecycleActionResult;
      if (result !== 'CONTINUE' && result !== 'ABANDON')
        throw validation('LifecycleActionResult must be CONTINUE or ABANDON');
      lifecycle.complete(
        group,
        input.LifecycleHookName!,
        input.InstanceId,
        input.LifecycleActionToken,
        result satisfies Result,
      );
      return {};
    },
    RecordLifecycleActionHeartbeat(input: RecordLifecycleActionHeartbeatType): object {
      const group = groups.get(input.AutoScalingGroupName);
      lifecycle.heartbeat(group, input.LifecycleHookName!, input.InstanceId, input.LifecycleActionToken);
      return {};
    },
  };
}
