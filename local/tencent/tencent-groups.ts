import type { WholeCloud } from '@rushhour/local-aws';
import type { Placement, WorldMinute } from '@rushhour/local-aws/world';
import { TencentCloud } from '@rushhour/local-tencent';
import { TencentEndpoint } from '@rushhour/local-tencent/endpoint';
import type { KeySet } from '@rushhour/local-tencent/key-set';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Group } from '../../shared/fleet/group.ts';
import {
  type TencentCredentials,
  type TencentGroup,
  tencentAudience,
  tencentGroupName,
} from '../../shared/fleet/tencent.ts';
import { meanResponseMillis } from '../../simulate/world/mean-response.ts';
import type { World } from '../../simulate/world/world.ts';
import type { GroupServers } from '../day/servers-of.ts';

/** By which functions and the console find the stand-in (see `shared/providers/stand-in.ts`). */
const variable = 'RUSHHOUR_ENDPOINT_TENCENT';

interface Owned {
  readonly group: Group;
  readonly settings: TencentGroup;
}

/** A fleet's groups of Tencent Cloud, on loopback, with what the fleet takes for granted there: keys, groups, fixed servers. */
export class TencentGroups implements AsyncDisposable {
  readonly #owned: ReadonlyMap<string, Owned>;
  readonly #cloud: TencentCloud;
  readonly #endpoint: TencentEndpoint;

  private constructor(local: WholeCloud, fleet: Fleet, world: World) {
    this.#owned = new Map(
      Object.values(fleet.groups).flatMap((group): [string, Owned][] => {
        const { tencent: settings } = group;
        return settings ? [[tencentGroupName(settings), { group, settings }]] : [];
      }),
    );
    this.#cloud = new TencentCloud(local.cloud.eventQueue, world);
    this.#endpoint = new TencentEndpoint(this.#cloud);
  }

  /** Opens them, and tells the functions where they are; without such groups nothing is opened. */
  static async open(local: WholeCloud, fleet: Fleet, world: World): Promise<TencentGroups> {
    const groups = new TencentGroups(local, fleet, world);
    if (groups.#owned.size === 0) return groups;
    const url = await groups.#endpoint.listen();
    local.cloud.functionVariables[variable] = url;
    process.env[variable] = url;
    for (const { group, settings } of groups.#owned.values()) groups.#provide(local, group, settings);
    return groups;
  }

  /** @returns undefined: the group is none of Tencent Cloud's */
  serversOf(scalingGroup: string): GroupServers | undefined {
    const owned = this.#owned.get(scalingGroup);
    if (!owned) return undefined;
    const { desired, members } = this.#cloud.group(owned.settings.scalingGroup);
    const inService = [...members.values()].filter(({ state }) => state === 'IN_SERVICE');
    return { desired, running: [...members.keys()], inService: inService.map(({ id }) => id) };
  }

  placements(): Placement[] {
    return this.#cloud.placements();
  }

  /** What its servers and load balancers did in a minute is what its monitor measures. */
  heard(start: number, { servers, traffic }: WorldMinute): void {
    this.#cloud.measure(start, servers);
    for (const [scalingGroup, { settings }] of this.#owned) {
      const minute = traffic.get(scalingGroup);
      const responseMillis = meanResponseMillis(minute);
      this.#cloud.balance(settings.scalingGroup, start, { requests: minute?.requests ?? 0, responseMillis });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#owned.size > 0) await this.#endpoint.close();
  }

  #provide(local: WholeCloud, group: Group, settings: TencentGroup): void {
    const { credentials, region, scalingGroup: id } = settings;
    if (typeof credentials === 'string') this.#provideKey(local, credentials);
    else this.#provideRole(local, credentials);
    const { minSize, maxSize, initialCapacity = minSize, instances } = group;
    const balancer = {
      LoadBalancerId: `lb-${id.slice(4)}`,
      ListenerId: `lbl-${id.slice(4)}`,
      LocationId: `loc-${id.slice(4)}`,
    };
    this.#cloud.addGroup({ id, region, minSize, maxSize, desired: initialCapacity, balancer });
    for (const server of instances) this.#cloud.addServer({ id, region }, server);
  }

  #provideKey(local: WholeCloud, secret: string): void {
    const secretId = `AKID${secret.replaceAll(/[^A-Za-z0-9]/g, '')}`;
    const secretKey = `key of ${secret}`;
    this.#cloud.addKey(secretId, secretKey);
    if (!local.secrets.has(secret)) local.secrets.seed(secret, JSON.stringify({ secretId, secretKey }));
  }

  /** Any role of the local account may take it: which the functions have is not known before they are deployed. */
  #provideRole(local: WholeCloud, { roleArn, providerId }: Exclude<TencentCredentials, string>): void {
    const identityUrl = local.iam.outbound.enable();
    const clientIds = [tencentAudience];
    const keys = () => local.cloud.documents.get('/.well-known/jwks.json')!() as KeySet;
    this.#cloud.addIdentityProvider({ name: providerId, identityUrl, clientIds, keys });
    const [uin] = roleArn.split(':roleName/');
    const statement = {
      effect: 'allow',
      action: 'name/sts:AssumeRoleWithWebIdentity',
      principal: { federated: `${uin}:oidc-provider/${providerId}` },
      condition: { string_equal: { 'oidc:iss': identityUrl, 'oidc:aud': tencentAudience } },
    };
    this.#cloud.addRole({ roleArn, trust: { version: '2.0', statement: [statement] } });
  }
}
