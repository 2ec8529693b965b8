import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Instance } from '@aws-sdk/client-ec2';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { measuredOf } from '../../shared/fleet/measured-of.ts';
import { hasDetailedMonitoring, isOfEc2 } from '../../shared/fleet/monitoring.ts';
import type { FleetInCloud } from '../cloud.ts';
import { type Finding, fine, problem } from './finding.ts';
import { resourcesOf } from './resources.ts';

/** What a group publishes of itself and of its servers. */
export interface Measured {
  /** Group metrics that are switched on, as AWS names them. */
  readonly groupMetrics: readonly string[];
  /** By server id: `enabled` is detailed monitoring. */
  readonly monitoring: ReadonlyMap<string, string>;
}

const neededOfGroup = ['GroupInServiceInstances', 'GroupDesiredCapacity'];

/** Is measured what the rules go by? A group that is taken over publishes less than one that this project makes. */
export async function checkMeasuring(cloud: FleetInCloud): Promise<Finding[]> {
  const resources = resourcesOf(cloud);
  const described = await resources.scalingGroups();
  const instances = await resources.instances();
  return [...cloud.scaler.groups.values()].flatMap((group) => {
    const found = described.get(group.scalingGroup);
    return found ? judgeMeasuring(group, measuredBy(found, instances)) : [];
  });
}

function measuredBy(
  { EnabledMetrics = [], Instances = [] }: AutoScalingGroup,
  instances: ReadonlyMap<string, Instance>,
): Measured {
  const servers = Instances.flatMap(({ InstanceId }) => instances.get(InstanceId!) ?? []);
  return {
    groupMetrics: EnabledMetrics.map(({ Metric }) => Metric!),
    monitoring: new Map(
      servers.map(({ InstanceId, Monitoring }) => [InstanceId!, Monitoring?.State ?? 'disabled']),
    ),
  };
}

/** What is missing for the rules of a group, with what to do about it. */
export function judgeMeasuring({ name, scalingGroup, config }: ScalerGroup, found: Measured): Finding[] {
  const check = 'metrics';
  const findings: Finding[] = [];
  const learner = config.objective ? 'objective' : config.forecast ? 'forecast' : undefined;
  const off = neededOfGroup.filter((metric) => !found.groupMetrics.includes(metric));
  if (learner && off.length > 0)
    findings.push(
      problem(
        check,
        `${name}: the group metrics of ${scalingGroup} are off, and its ${learner} needs ${off.join(' and ')}`,
        `aws autoscaling enable-metrics-collection --auto-scaling-group-name ${scalingGroup} --granularity 1Minute`,
      ),
    );
  const ofEc2 = measuredOf(config).filter(({ metric }) => isOfEc2(metric));
  const detailed = hasDetailedMonitoring(config);
  const otherwise = [...found.monitoring].filter(
    ([, state]) => (state === 'enabled' || state === 'pending') !== detailed,
  );
  if (ofEc2.length > 0 && otherwise.length > 0) findings.push(monitoringIsNot(name, detailed, otherwise));
  return findings.length > 0 ? findings : [fine(check, `${name} is measured as its rules need it`)];
}

function monitoringIsNot(
  name: string,
  detailed: boolean,
  otherwise: readonly (readonly [id: string, state: string])[],
): Finding {
  const some = otherwise.slice(0, 3).map(([id]) => id);
  const ids = `${some.join(', ')}${otherwise.length > 3 ? `, and ${otherwise.length - 3} more` : ''}`;
  return detailed
    ? problem(
        'metrics',
        `${name}: ${ids} with basic monitoring: CPU and network come every five minutes, and rules go by the minute`,
        `Monitoring in the launch template, and aws ec2 monitor-instances --instance-ids ${some.join(' ')}; or detailedMonitoring: false`,
      )
    : problem(
        'metrics',
        `${name}: ${ids} with detailed monitoring, and the fleet file says detailedMonitoring: false: bytes would be taken for a fifth`,
        'Take detailedMonitoring: false out of the fleet file.',
      );
}
