import type { Datum } from '../datum.ts';
import type { TrafficMinute } from '../traffic-world.ts';
import type { TargetGroup } from './target-group.ts';

/** Bytes that a request and its answer take on the wire, for ProcessedBytes. */
const bytesPerRequest = 22_000;

/** What the load balancers in front of a target group publish for a minute: no traffic, no counts. */
export function balancerMetrics(targets: TargetGroup, traffic: TrafficMinute | undefined): Datum[] {
  const targetGroup = targets.record.TargetGroupArn!.split(':').at(-1)!;
  return targets.record.LoadBalancerArns!.flatMap((arn) => {
    const balancer = arn.split(':loadbalancer/')[1]!;
    return balancer.startsWith('app/')
      ? applicationMetrics(targets, balancer, targetGroup, traffic)
      : networkMetrics(targets, balancer, targetGroup, traffic);
  });
}

function applicationMetrics(
  targets: TargetGroup,
  LoadBalancer: string,
  TargetGroup: string,
  traffic: TrafficMinute | undefined,
): Datum[] {
  const namespace = 'AWS/ApplicationELB';
  const hosts = hostCounts(targets, namespace, { LoadBalancer, TargetGroup });
  if (!traffic || traffic.requests === 0) return hosts;
  // Requests for which there is no target to be chosen are turned away, and counted as that only.
  if (targets.size === 0) return turnedAway({ LoadBalancer }, traffic.requests);
  const healthy = targets.count('healthy');
  const served = traffic.requests - traffic.unserved;
  const whole = [{ LoadBalancer }, { LoadBalancer, TargetGroup }];
  const publish = (
    name: string,
    where: readonly Record<string, string>[],
    observation: Datum['observation'],
  ): Datum[] => where.map((dimensions) => ({ namespace, name, dimensions, observation }));
  return [
    ...hosts,
    ...publish('RequestCount', whole, eachOne(traffic.requests)),
    ...publish('HTTPCode_Target_2XX_Count', served > 0 ? whole : [], eachOne(served)),
    ...publish('TargetResponseTime', served > 0 ? whole : [], traffic.responseSeconds),
    ...publish(
      'HTTPCode_ELB_5XX_Count',
      traffic.unserved > 0 ? [{ LoadBalancer }] : [],
      eachOne(traffic.unserved),
    ),
    ...publish(
      'RequestCountPerTarget',
      healthy > 0 ? [{ TargetGroup }, whole[1]!] : [],
      traffic.requests / healthy,
    ),
  ];
}

function turnedAway(dimensions: Record<string, string>, requests: number): Datum[] {
  return ['HTTPCode_ELB_503_Count', 'HTTPCode_ELB_5XX_Count'].map((name) => ({
    namespace: 'AWS/ApplicationELB',
    name,
    dimensions,
    observation: eachOne(requests),
  }));
}

function networkMetrics(
  targets: TargetGroup,
  LoadBalancer: string,
  TargetGroup: string,
  traffic: TrafficMinute | undefined,
): Datum[] {
  const namespace = 'AWS/NetworkELB';
  const hosts = hostCounts(targets, namespace, { LoadBalancer, TargetGroup });
  if (!traffic || traffic.requests === 0 || targets.size === 0) return hosts;
  const values = {
    NewFlowCount: traffic.requests,
    ActiveFlowCount: traffic.requests / 60,
    ProcessedBytes: traffic.requests * bytesPerRequest,
  };
  const data = Object.entries(values).map(([name, observation]) => ({
    namespace,
    name,
    dimensions: { LoadBalancer },
    observation,
  }));
  return [...hosts, ...data];
}

/** Balancers publish host counts whether or not there is traffic, as long as there are targets. */
function hostCounts(targets: TargetGroup, namespace: string, dimensions: Record<string, string>): Datum[] {
  if (targets.size === 0) return [];
  const healthy = targets.count('healthy');
  const unhealthy = targets.count('unhealthy') + targets.count('initial');
  return [
    { namespace, name: 'HealthyHostCount', dimensions, observation: healthy },
    { namespace, name: 'UnHealthyHostCount', dimensions, observation: unhealthy },
  ];
}

/** A count of n is published as n values of 1: its sum and its sample count are the number of requests. */
function eachOne(count: number) {
  return { sampleCount: count, sum: count, minimum: 1, maximum: 1 };
}
