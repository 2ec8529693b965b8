import type { Hooks, LifecycleHook } from '../../ports/capacity.ts';
import type { TencentAccount } from './account.ts';
import type { HookRecord } from './records.ts';

/** Lifecycle hooks (生命周期挂钩) of groups. */
export class TencentHooks implements Hooks {
  readonly #account: TencentAccount;

  constructor(account: TencentAccount) {
    this.#account = account;
  }

  async lifecycleHooks(name: string): Promise<readonly LifecycleHook[]> {
    const place = this.#account.groupOf(name);
    const asked = {
      what: `look for lifecycle hooks of ${place.scalingGroup}`,
      service: 'as',
      action: 'DescribeLifecycleHooks',
      input: { Filters: [{ Name: 'auto-scaling-group-id', Values: [place.scalingGroup] }] },
    } as const;
    const hooks = await this.#account.list<HookRecord>(place, asked, 'LifecycleHookSet');
    return hooks.map(({ LifecycleHookName, LifecycleTransition, HeartbeatTimeout, DefaultResult }) => {
      const isOfLaunches = LifecycleTransition === 'INSTANCE_LAUNCHING';
      return {
        name: LifecycleHookName,
        holds: isOfLaunches ? 'coming' : 'leaving',
        seconds: HeartbeatTimeout,
        // One that leaves goes on leaving, whatever the result is.
        givesUp: isOfLaunches && DefaultResult === 'ABANDON',
      };
    });
  }
}
