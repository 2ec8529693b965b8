import type { ScalingPolicy, ScheduledAction } from '@aws-sdk/client-application-auto-scaling';
import type { EcsService } from '../../shared/fleet/ecs.ts';
import { AwsJson } from '../../shared/providers/ecs/aws-json.ts';
import { apis } from '../../shared/providers/ecs/provider.ts';
import type { RivalCalls } from '../../shared/providers/ecs/rivals.ts';
import type { ServiceCalls } from '../../shared/providers/ecs/services.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { NativeService } from '../take-over/native-service.ts';
import { balancersBefore, describeAlarms } from './read-native.ts';
import type { ServiceClients } from './service-clients.ts';

/**
 * Reads services of ECS with everything that Application Auto Scaling does to them.
 * @param clientsIn of a region; undefined: that of the account that is asked
 * @param endpoint where AWS is asked, if not where it is
 * @throws Failure that names a service that is not there; PortError
 */
export async function readServices(
  clientsIn: (region: string | undefined) => ServiceClients,
  services: readonly EcsService[],
  endpoint = process.env['AWS_ENDPOINT_URL'],
): Promise<NativeService[]> {
  const found: NativeService[] = [];
  for (const { region, cluster, service } of services) {
    const { balancing, cloudWatch } = clientsIn(region);
    const ecs = new AwsJson<ServiceCalls>(balancing, { ...apis.ecs, region, endpoint });
    const scaling = new AwsJson<RivalCalls>(balancing, { ...apis.applicationAutoScaling, region, endpoint });
    const what = `describe service ${service} of cluster ${cluster}`;
    const answer = await ecs.call(what, 'DescribeServices', { cluster, services: [service] });
    const described = answer.services?.find(({ status }) => status !== 'INACTIVE');
    if (!described)
      throw new Failure(
        `There is no service ${service} in cluster ${cluster} of ${region ?? 'this region'}.`,
        {
          advice: 'Its name is that of ECS: ecs:CLUSTER/SERVICE, or ecs:REGION/CLUSTER/SERVICE.',
          exitCode: exitCodes.misused,
        },
      );
    const targetGroups = (described.loadBalancers ?? []).flatMap(
      ({ targetGroupArn }) => targetGroupArn ?? [],
    );
    const rules = await readRules(scaling, { cluster, service });
    const alarms = rules.policies.flatMap(({ Alarms = [] }) => Alarms.map(({ AlarmName }) => AlarmName!));
    found.push({
      ...(region !== undefined && { region }),
      ...{ cluster, service, desired: described.desiredCount ?? 0, targetGroups, ...rules },
      alarms: await describeAlarms(cloudWatch, [...new Set(alarms)]),
      loadBalancers: await balancersBefore(balancing, targetGroups),
    });
  }
  return found;
}

async function readRules(api: AwsJson<RivalCalls>, { cluster, service }: EcsService) {
  const ResourceId = `service/${cluster}/${service}`;
  const ServiceNamespace = 'ecs' as const;
  const what = `describe what Application Auto Scaling does to ${ResourceId}`;
  const { ScalableTargets = [] } = await api.call(what, 'DescribeScalableTargets', {
    ServiceNamespace,
    ResourceIds: [ResourceId],
  });
  const policies: ScalingPolicy[] = [];
  const scheduledActions: ScheduledAction[] = [];
  let NextToken: string | undefined;
  do {
    const page = await api.call(what, 'DescribeScalingPolicies', { ServiceNamespace, ResourceId, NextToken });
    policies.push(...(page.ScalingPolicies ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  do {
    const page = await api.call(what, 'DescribeScheduledActions', {
      ServiceNamespace,
      ResourceId,
      NextToken,
    });
    scheduledActions.push(...(page.ScheduledActions ?? []).map(withInstants));
    NextToken = page.NextToken;
  } while (NextToken);
  return { target: ScalableTargets[0], policies, scheduledActions };
}

/** On the wire they are seconds. */
function withInstants(action: ScheduledAction): ScheduledAction {
  const at = (seconds: unknown) => (typeof seconds === 'number' ? new Date(seconds * 1000) : undefined);
  return { ...action, StartTime: at(action.StartTime), EndTime: at(action.EndTime) };
}
