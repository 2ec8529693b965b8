import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ecsServiceOf } from '../../shared/fleet/ecs.ts';
import { type CloudSelection, settleCloud } from '../cloud-settings.ts';
import { paced } from '../paced.ts';
import { requireProfile } from '../profile.ts';
import { inProgress } from '../progress.ts';
import { requireRegion } from '../require-region.ts';
import { settingToBlame } from '../setting-to-blame.ts';
import type { NativeGroup } from '../take-over/native-group.ts';
import type { NativeService } from '../take-over/native-service.ts';
import { namedServices } from './named-services.ts';
import { readNative } from './read-native.ts';
import { readServices } from './read-services.ts';
import { serviceClients } from './service-clients.ts';

/**
 * Groups of the account that the operator's credentials are of, and services of ECS, which are named `ecs:CLUSTER/SERVICE`, those of
 * another region `ecs:REGION/CLUSTER/SERVICE`.
 * @throws Failure that names the setting that is wrong, or the groups that are not there; whatever else the SDK says
 */
export async function readAccount(
  groups: readonly string[],
  options: CloudSelection,
): Promise<{ account: string; region: string; natives: NativeGroup[]; services: NativeService[] }> {
  for (const { region } of groups.flatMap((name) => ecsServiceOf(name) ?? []))
    if (region !== undefined) requireRegion(region);
  const settings = settleCloud(options);
  await requireProfile(settings);
  const sts = new STSClient({ maxAttempts: 2 });
  const { Account = '' } = await sts.send(new GetCallerIdentityCommand({})).catch((error) => {
    throw settingToBlame(error, settings) ?? error;
  });
  const home = await sts.config.region();
  const clients = {
    autoScaling: paced(new AutoScalingClient()),
    cloudWatch: paced(new CloudWatchClient()),
    ec2: paced(new EC2Client()),
    balancing: paced(new ElasticLoadBalancingV2Client()),
  };
  const read = async () => {
    const others = groups.filter((name) => !ecsServiceOf(name));
    const natives = others.length > 0 ? await readNative(clients, others) : [];
    return { natives, services: await readServices(serviceClients, namedServices(groups, home)) };
  };
  const { natives, services } = await inProgress(`reading ${groups.join(', ')}`, read());
  return { account: Account, region: home, natives, services };
}
