import { AlibabaCloud } from '@rushhour/local-alibaba';
import { AlibabaEndpoint } from '@rushhour/local-alibaba/endpoint';
import type { WholeCloud } from '@rushhour/local-aws';
import type { Placement, WorldMinute } from '@rushhour/local-aws/world';
import { type AlibabaGroup, alibabaGroupName } from '../../shared/fleet/alibaba.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Group } from '../../shared/fleet/group.ts';
import { meanResponseMillis } from '../../simulate/world/mean-response.ts';
import type { World } from '../../simulate/world/world.ts';
import type { GroupServers } from '../day/servers-of.ts';

/** By which functions and the console find the stand-in (see `shared/providers/stand-in.ts`). */
const variable = 'RUSHHOUR_ENDPOINT_ALIBABA';
/** Where the metrics of an application's own are, of the account that the stand-in has. */
export const customMetrics = 'acs_customMetric_1234567890123456';

interface Owned {
  readonly name: string;
  readonly group: Group;
  readonly settings: AlibabaGroup;
}

/** A fleet's groups of Alibaba Cloud, on loopback, with what the fleet takes for granted there: keys, groups, fixed servers. */
export class AlibabaGroups implements AsyncDisposable {
  readonly #owned: ReadonlyMap<string, Owned>;
  readonly #cloud: AlibabaCloud;
  readonly #endpoint: AlibabaEndpoint;

  private constructor(local: WholeCloud, fleet: Fleet, world: World) {
    this.#owned = new Map(
      Object.entries(fleet.groups).flatMap(([name, group]): [string, Owned][] => {
        const { alibaba: settings } = group;
        return settings ? [[alibabaGroupName(settings), { name, group, settings }]] : [];
      }),
    );
    this.#cloud = new AlibabaCloud(local.cloud.eventQueue, world);
    this.#endpoint = new AlibabaEndpoint(this.#cloud);
  }

  /**
   * Opens them, and tells the functions where they are; without such groups nothing is opened.
   * @throws Error for groups whose functions take a role: nobody on loopback vouches for them
   */
  static async open(local: WholeCloud, fleet: Fleet, world: World): Promise<AlibabaGroups> {
    const groups = new AlibabaGroups(local, fleet, world);
    if (groups.#owned.size === 0) return groups;
    const url = await groups.#endpoint.listen();
    local.cloud.functionVariables[variable] = url;
    process.env[variable] = url;
    for (const { group, settings } of groups.#owned.values()) groups.#provide(local, group, settings);
    return groups;
  }

  /** @returns undefined: the group is none of Alibaba Cloud's */
  serversOf(scalingGroup: string): GroupServers | undefined {
    const owned = this.#owned.get(scalingGroup);
    if (!owned) return undefined;
    const { desired, members } = this.#cloud.group(owned.settings.scalingGroup);
    const inService = [...members.values()].filter(
      ({ state }) => state === 'InService' || state === 'Protected',
    );
    return { desired, running: [...members.keys()], inService: inService.map(({ id }) => id) };
  }

  placements(): Placement[] {
    return this.#cloud.placements();
  }

  /**
   * What its servers and load balancers did in a minute is what its monitor measures; the application reports how many requests it had a
   * second.
   */
  heard(start: number, minute: WorldMinute): void {
    this.#cloud.measure(start, minute.servers);
    for (const [scalingGroup, { name, settings }] of this.#owned) {
      const traffic = minute.traffic.get(scalingGroup);
      const requests = traffic?.requests ?? 0;
      this.#cloud.balance(settings.scalingGroup, start, {
        requests,
        responseMillis: meanResponseMillis(traffic),
      });
      const dimensions = { groupId: '0', dimension: `app=${name}` };
      this.#cloud.monitor.put(
        { namespace: customMetrics, metricName: 'QPS', dimensions },
        start,
        requests / 60,
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#owned.size > 0) await this.#endpoint.close();
  }

  #provide(local: WholeCloud, group: Group, settings: AlibabaGroup): void {
    const { credentials, region, scalingGroup: id } = settings;
    if (typeof credentials !== 'string')
      throw new Error(
        `The day is played with a secret for ${id}: expected credentials: NAME in the fleet file`,
      );
    const accessKeyId = `LTAI${credentials.replaceAll(/[^A-Za-z0-9]/g, '')}`;
    const accessKeySecret = `key of ${credentials}`;
    this.#cloud.addKey(accessKeyId, accessKeySecret);
    if (!local.secrets.has(credentials))
      local.secrets.seed(credentials, JSON.stringify({ accessKeyId, accessKeySecret }));
    const { minSize, maxSize, initialCapacity = minSize, instances } = group;
    const classicBalancer = `lb-${id.slice(4)}`;
    this.#cloud.addGroup({ id, region, minSize, maxSize, desired: initialCapacity, classicBalancer });
    for (const server of instances) this.#cloud.addServer({ id, region }, server);
  }
}
