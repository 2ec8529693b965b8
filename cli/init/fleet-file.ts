import { stringify } from 'yaml';
import type { Answers, ExistingGroup } from './answers.ts';

const schemaLine = '# yaml-language-server: $schema=./node_modules/rushhour/fleet.schema.json';

/** The fleet file. Editors complete and check it by its first line. */
export function fleetFile({ name, timeZone, existing }: Answers): string {
  const head = `${schemaLine}\nname: ${name}\ntimeZone: ${timeZone}\ngroups:\n`;
  if (existing.length === 0) return `${head}${exampleGroup}`;
  const groups: Record<string, object> = {};
  for (const group of existing) {
    const key = groupKey(group.name);
    groups[key in groups ? `${key.slice(0, 27)}-${Object.keys(groups).length + 1}` : key] =
      existingGroup(group);
  }
  const text = stringify(groups, { lineWidth: 0 });
  const comment =
    '  # Decides and records, and touches nothing, until mode: observe goes. Then add windows, alarms or targets.\n';
  return `${head}${comment}${text.replaceAll(/^(?=.)/gm, '  ')}`;
}

function existingGroup({ name, minSize, maxSize, targetGroupArns, loadBalancerArn }: ExistingGroup): object {
  return {
    existing: name,
    mode: 'observe',
    minSize,
    maxSize,
    ...(targetGroupArns.length > 0 && {
      loadBalancer: { targetGroupArns, ...(loadBalancerArn !== undefined && { loadBalancerArn }) },
    }),
  };
}

/** A key of the fleet file for a name that AWS takes. */
export function groupKey(name: string): string {
  const key = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return key.slice(0, 31).replace(/-$/, '') || 'group';
}

const exampleGroup = `  web:
    launch:
      imageId: ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64
      instanceType: t4g.small
      userData: web.sh                # what a new server does when it boots
    minSize: 1
    maxSize: 4
    loadBalancer:
      scheme: internet-facing
      port: 80
      targetPort: 8080
      healthCheck: { path: /health }
    schedules:                        # one server more in office hours
      office: { start: "0 9 * * MON-FRI", end: "0 17 * * MON-FRI", scalingAdjustment: 1 }
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60,
                  evaluationPeriods: 3, scalingAdjustment: 1, cooldown: 120 }
      cpu-low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 20, period: 300,
                 evaluationPeriods: 3, scalingAdjustment: -1, cooldown: 300 }
    simulation: { requestsPerSecond: 60 } # how the local cloud plays it
`;

/** The example's boot script. */
export const exampleScript = `#!/bin/bash
mkdir -p /srv/web
echo fine > /srv/web/health
cd /srv/web
nohup python3 -m http.server 8080 &
`;
