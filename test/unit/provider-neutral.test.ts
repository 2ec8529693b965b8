import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/**
 * Words of AWS's APIs: lifecycle states and processes of Auto Scaling, ARNs, namespaces and dimensions of CloudWatch. Scaling
 * activities keep AWS's status codes, and alarms its states, which are the field's words; comments may name a source.
 */
const foreign: readonly RegExp[] = [
  /\bInService\b|\bTerminating\b|\bStandby\b|\bDetaching\b|\bWarmed\b|'Pending|'Unhealthy'|'Healthy'/,
  /'Launch'|'Terminate'|\bReplaceUnhealthy\b|\bAddToLoadBalancer\b|\bAZRebalance\b/,
  /\barn:|\bARN\b|Arn\b|\bAWS\/|\bCWAgent\b|AutoScalingGroup|GroupInServiceInstances|CPUUtilization/,
  /@aws-sdk|LifecycleState|HealthStatus|SuspendedProcess|TargetGroupARNs|DesiredCapacity\b/,
];

const rooms = ['domain', 'objective', 'engine'];
const files = globSync(`shared/{${rooms.join(',')}}/**/*.ts`);

/** Comments go, lines stay. */
function codeOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return text
    .replaceAll(/\/\*.*?\*\//gs, (comment) => comment.replaceAll(/[^\n]/g, ''))
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .split('\n');
}

describe('deciding, learning and the engine', () => {
  it('know no word of AWS: its provider has them', () => {
    const found = files.flatMap((file) =>
      codeOf(file).flatMap((line, index) =>
        foreign.some((words) => words.test(line)) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
      ),
    );
    expect(files.length).toBeGreaterThan(60);
    expect(found).toEqual([]);
  });

  it('would be found to know one', () => {
    const provider = codeOf('shared/providers/aws/lifecycle.ts').join('\n');
    expect(foreign.filter((words) => words.test(provider)).length).toBeGreaterThanOrEqual(3);
  });
});
