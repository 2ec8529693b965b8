import { ActionRefused } from '../../console/action-refused.ts';
import type { ConsoleBackend } from '../../console/serve.ts';
import type { ConsoleAction, ConsoleState, GroupDay } from '../../console/state.ts';
import type { Activity } from '../../shared/domain/activity.ts';
import { killServer } from './kill-server.ts';
import type { Playground } from './playground.ts';

/** The console of a local cloud: what it shows everywhere, and the world to play with. */
export class WorldBackend implements ConsoleBackend {
  readonly #fleetOnly: ConsoleBackend;
  readonly #playground: Playground;
  #speed = 1;

  constructor(fleetOnly: ConsoleBackend, playground: Playground) {
    this.#fleetOnly = fleetOnly;
    this.#playground = playground;
  }

  async state(): Promise<ConsoleState> {
    return { ...(await this.#fleetOnly.state()), world: { speed: this.#speed } };
  }

  day(group: string): Promise<GroupDay> {
    return this.#fleetOnly.day(group);
  }

  log(): Promise<readonly Activity[]> {
    return this.#fleetOnly.log();
  }

  async act(action: ConsoleAction): Promise<unknown> {
    const { fleet, local, crowds } = this.#playground;
    const { eventQueue } = local.cloud;
    if ('group' in action && !Object.hasOwn(fleet.groups, action.group))
      throw new ActionRefused(`the fleet has no group ${action.group}`);
    switch (action.action) {
      case 'speed':
        this.#speed = action.speed;
        return eventQueue.follow(action.speed);
      case 'flash-crowd':
        return crowds.start(action.group, eventQueue.now());
      case 'kill-server':
        return this.#killServer(action.group);
      default:
        return this.#unhurried(() => this.#fleetOnly.act(action));
    }
  }

  /** What a person asks for takes its time: were it to fly, the function that is asked would run out of it. */
  async #unhurried<T>(work: () => Promise<T>): Promise<T> {
    const { eventQueue } = this.#playground.local.cloud;
    eventQueue.follow(1);
    try {
      return await work();
    } finally {
      eventQueue.follow(this.#speed);
    }
  }

  #killServer(group: string): void {
    if (killServer(this.#playground, group) === undefined)
      throw new ActionRefused(`${group} has no server in service`);
  }
}
