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
}

/**
 * One client per service, to be made once per container. Region, credentials and endpoint come from the environment, as
 * every AWS tool takes them. Adaptive retries back off with jitter and slow down the client that is being throttled;
 * the timeouts keep one dead connection from eating a whole invocation. A call that never gets an answer is given up after
 * 21 seconds: before anybody else may take over what it was to do, see `run.ts`.
 */
export function makeClients(options: ClientOptions = {}): Clients {
  const settings = clientSettings(options);
  return {
    autoScaling: new AutoScalingClient(settings),
    // Two weeks of minutes take it longer.
    cloudWatch: new CloudWatchClient({ ...settings, requestHandler: patience(8_000) }),
    dynamoDB: new DynamoDBClient(settings),
    loadBalancing: new ElasticLoadBalancingV2Client(settings),
    eventBridge: new EventBridgeClient(settings),
    sns: new SNSClient(settings),
  };
}

interface ClientOptions {
  readonly endpoint?: string | undefined;
  readonly maxAttempts?: number;
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
