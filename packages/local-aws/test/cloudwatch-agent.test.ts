import type { Instance } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { agentData } from '../src/ec2/cloudwatch-agent.ts';

const instance: Instance = { InstanceId: 'i-1', ImageId: 'ami-1', PrivateIpAddress: '10.0.0.1' };
const measured = { cpuPercent: 1, memoryPercent: 60, diskPercent: 20, bytesIn: 0, bytesOut: 0 };

/** Names and dimensions of what such an agent publishes. */
function published(append: readonly string[] | undefined, drops: boolean, group?: string): string[] {
  const collected = (name: string) => ({
    measurement: [name],
    ...(drops && { drop_original_metrics: [name] }),
  });
  const configuration = {
    metrics: {
      ...(append && {
        append_dimensions: Object.fromEntries(append.map((name) => [name, `\${aws:${name}}`])),
      }),
      aggregation_dimensions: [['AutoScalingGroupName']],
      metrics_collected: { mem: collected('mem_used_percent'), disk: collected('disk_used_percent') },
    },
  };
  const script = `#!/bin/bash\ncat > agent.json <<'JSON'\n${JSON.stringify(configuration)}\nJSON\n`;
  const userData = Buffer.from(script).toString('base64');
  return agentData(userData, instance, group, measured).map(
    ({ name, dimensions }) => `${name} ${Object.keys(dimensions).join()}`,
  );
}

it('publishes nothing where nobody has configured it', () => {
  expect(agentData(undefined, instance, 'web', measured)).toEqual([]);
  expect(agentData(Buffer.from('#!/bin/bash\n').toString('base64'), instance, 'web', measured)).toEqual([]);
});

it('publishes no rollup that has as many dimensions as the metric', () => {
  expect(published(['AutoScalingGroupName'], true, 'web')).toEqual([
    'disk_used_percent AutoScalingGroupName',
  ]);
});

it('publishes the rollup of a metric that has more', () => {
  expect(published(['AutoScalingGroupName', 'InstanceId'], true, 'web')).toEqual([
    'mem_used_percent AutoScalingGroupName',
    'disk_used_percent AutoScalingGroupName',
  ]);
});

it('drops the full set of dimensions only where it is told to', () => {
  expect(published(['InstanceId', 'AutoScalingGroupName'], false, 'web')).toEqual([
    'mem_used_percent InstanceId,AutoScalingGroupName',
    'mem_used_percent AutoScalingGroupName',
    'disk_used_percent InstanceId,AutoScalingGroupName,path,device,fstype',
    'disk_used_percent AutoScalingGroupName',
  ]);
});

it('knows no group of a server that is in none, and has the host where nothing is appended', () => {
  expect(published(['AutoScalingGroupName', 'InstanceId'], true)).toEqual([]);
  expect(published(undefined, false)).toEqual([
    'mem_used_percent host',
    'disk_used_percent host,path,device,fstype',
  ]);
});
