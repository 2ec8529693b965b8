import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';

export interface Clients {
  readonly autoScaling: AutoScalingClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamoDB: DynamoDBClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly eventBridge: EventBridgeClient;
  readonly sns: SNSClient;
  /** Those of another region of AWS, made when they are first asked for. */
  readonly inRegion: (region: string) => RegionalClients;
}

/** What is read of a group that is in another region than the functions. */
export interface RegionalClients {
  readonly cloudWatch: CloudWatchClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
}

/**
 * One client per service, to be made once per container. Region, credentials and endpoint come from the environment, as
 * every AWS tool takes them. Adaptive retries back off with jitter and slow down the client that is being throttled;
 * the timeouts keep one dead connection from eating a whole invocation. A call that never gets an answer is given up after
 * 21 seconds: before anybody else may take over what it was to do, see `run.ts`.
 */
export function makeClients(options: ClientOptions = {}): Clients {
  const settings = clientSettings(options);
  const made = <C extends AnyClient>(client: C): C => {
    options.each?.(client);
    return client;
  };
  const regional = (place: { readonly region?: string } = {}): RegionalClients => ({
    // Two weeks of minutes take it longer.
    cloudWatch: made(new CloudWatchClient({ ...settings, ...place, requestHandler: patience(8_000) })),
    loadBalancing: made(new ElasticLoadBalancingV2Client({ ...settings, ...place })),
  });
  const others = new Map<string, RegionalClients>();
  return {
    ...regional(),
    autoScaling: made(new AutoScalingClient(settings)),
    dynamoDB: made(new DynamoDBClient(settings)),
    eventBridge: made(new EventBridgeClient(settings)),
    sns: made(new SNSClient(settings)),
    inRegion: (region) => {
      const known = others.get(region) ?? regional({ region });
      others.set(region, known);
      return known;
    },
  };
}

type AnyClient = Exclude<Clients[keyof Clients], Clients['inRegion']>;

interface ClientOptions {
  readonly endpoint?: string | undefined;
  readonly maxAttempts?: number;
  /** Of each client, when it is made. */
  readonly each?: (client: AnyClient) => void;
}

/** What every client of ours is made with; see `makeClients`. */
export function clientSettings({ endpoint, maxAttempts = 4 }: ClientOptions) {
  return {
    retryMode: 'adaptive',
    maxAttempts,
    requestHandler: patience(5_000),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

function patience(requestTimeout: number) {
  return { connectionTimeout: 2_000, requestTimeout, throwOnRequestTimeout: true };
}
