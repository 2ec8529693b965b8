import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { paced } from '../paced.ts';

/** What a region is asked with about services of ECS. */
export interface ServiceClients {
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly cloudWatch: CloudWatchClient;
}

/** @param region undefined: that of the account that is asked */
export function serviceClients(region: string | undefined): ServiceClients {
  const place = region === undefined ? {} : { region };
  return {
    balancing: paced(new ElasticLoadBalancingV2Client(place)),
    cloudWatch: paced(new CloudWatchClient(place)),
  };
}
