import type { WholeCloud } from '@rushhour/local-aws';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { scalingGroupName } from '../../shared/fleet/names.ts';
import type { ActivityJson } from '../../shared/ports/activity-json.ts';
import { type CallLambda, invokeDeployed } from '../../shared/providers/aws/invoke-deployed.ts';
import { minuteMs } from '../../shared/units.ts';
import { servedUtilization } from '../../simulate/backtest.ts';
import type { Load } from '../fleet-world.ts';
import type { Sample } from './day-record.ts';
import { type Elsewhere, serversOf } from './servers-of.ts';

/** An activity that began before midnight may end after it. */
const afterwordMinutes = 45;
const pageSize = 200;

/** What the deployed `history` function answers. */
interface HistoryPage {
  readonly activities: readonly ActivityJson[];
  readonly next?: string;
}

/** Hears of the day as it passes. */
export interface Audience {
  minute(at: number, samples: ReadonlyMap<string, Sample>): void;
  activity(activity: ActivityJson): void;
}

export interface PlayedDay {
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
  readonly activities: Readonly<Record<string, readonly ActivityJson[]>>;
}

/** Lets a day pass on a deployed fleet, and looks at it as an operator would: groups by the API, activities by `history`. */
export class DayPlayer {
  readonly #local: WholeCloud;
  readonly #fleet: Fleet;
  readonly #elsewhere: Elsewhere;
  readonly #loadOf: (group: string) => Load;
  readonly #samples: Record<string, Sample[]> = {};
  readonly #told = new Set<string>();

  constructor(local: WholeCloud, fleet: Fleet, elsewhere: Elsewhere, loadOf: (group: string) => Load) {
    this.#local = local;
    this.#elsewhere = elsewhere;
    this.#fleet = fleet;
    this.#loadOf = loadOf;
    for (const group of Object.keys(fleet.groups)) this.#samples[group] = [];
  }

  /** Plays `[start, end)`, and on until every activity of it has ended. */
  async play(start: number, end: number, audience: Audience): Promise<PlayedDay> {
    const { eventQueue } = this.#local.cloud;
    await eventQueue.runUntil(start);
    for (let at = start; at < end; at += minuteMs) {
      // What happens on the minute belongs to the minute that begins with it.
      await eventQueue.runUntil(at + minuteMs - 1);
      const samples = this.#sample(at);
      for (const group of this.#changed(samples)) await this.#tell(group, start, audience);
      audience.minute(at, samples);
    }
    return { samples: this.#samples, activities: await this.#ended(start, end) };
  }

  #sample(at: number): Map<string, Sample> {
    const now = new Map<string, Sample>();
    for (const group of Object.keys(this.#fleet.groups)) {
      const sample = this.#sampleGroup(group, at);
      this.#samples[group]!.push(sample);
      now.set(group, sample);
    }
    return now;
  }

  #sampleGroup(group: string, at: number): Sample {
    const servers = serversOf(this.#local, this.#elsewhere, scalingGroupName(this.#fleet, group));
    const { desired } = servers;
    const inService = servers.inService.length;
    const requests = this.#loadOf(group)(at);
    const capacity = inService * this.#fleet.groups[group]!.simulation.requestsPerSecondPerServer * 60;
    return {
      at,
      desired,
      inService,
      running: servers.running.length,
      utilization: requests === 0 ? 0 : requests / Math.max(capacity, 1),
      requests,
      unserved: Math.max(0, requests - servedUtilization * capacity),
    };
  }

  /** Groups that are not as large as they were a minute ago. */
  #changed(samples: ReadonlyMap<string, Sample>): string[] {
    return [...samples].flatMap(([group, { desired, running }]) => {
      const before = this.#samples[group]!.at(-2);
      return before?.desired === desired && before.running === running ? [] : [group];
    });
  }

  async #tell(group: string, start: number, audience: Audience): Promise<void> {
    for (const activity of await this.#history(group, start)) {
      if (this.#told.has(activity.activityId)) continue;
      this.#told.add(activity.activityId);
      audience.activity(activity);
    }
  }

  async #ended(start: number, end: number): Promise<PlayedDay['activities']> {
    const { eventQueue } = this.#local.cloud;
    for (let minute = 0; ; minute++) {
      const activities: Record<string, ActivityJson[]> = {};
      for (const group of Object.keys(this.#fleet.groups)) {
        activities[group] = (await this.#history(group, start)).filter(
          ({ startedAt }) => Date.parse(startedAt) < end,
        );
      }
      const open = Object.values(activities)
        .flat()
        .filter(({ endedAt }) => endedAt === undefined);
      if (open.length === 0 || minute === afterwordMinutes) return activities;
      await eventQueue.runUntil(end + (minute + 1) * minuteMs - 1);
    }
  }

  /** Changes of capacity and losses since `start`, oldest first, as the deployed `history` function returns them. */
  async #history(group: string, start: number): Promise<ActivityJson[]> {
    const found: ActivityJson[] = [];
    let next: string | undefined;
    do {
      const request = { group, since: new Date(start).toISOString(), limit: pageSize, ...(next && { next }) };
      const result = await invokeDeployed<HistoryPage>(this.#call, this.#fleet, 'history', request);
      if (result.kind !== 'answered')
        throw new Error(`history of ${group}: ${result.kind === 'threw' ? result.message : result.text}`);
      found.push(...result.answer.activities);
      next = result.answer.next;
    } while (next);
    return found.reverse().filter(({ from, to, reason }) => from !== to || reason === 'ServersLost');
  }

  /** Asked in this process, in its owner's name: no client is loaded for it. */
  readonly #call: CallLambda = async (FunctionName, payload) => {
    const { cloud } = this.#local;
    const owner = { kind: 'owner', arn: `arn:aws:iam::${cloud.account}:user/owner` } as const;
    const input = { FunctionName, Payload: Buffer.from(payload) };
    const { FunctionError, Payload } = await cloud.call('lambda', 'Invoke', input, owner);
    return { FunctionError, text: Buffer.from(Payload).toString() };
  };
}
