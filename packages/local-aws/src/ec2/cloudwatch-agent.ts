import type { Instance } from '@aws-sdk/client-ec2';
import type { ServerMinute } from '../traffic-world.ts';

type Dimensions = Readonly<Record<string, string>>;

interface Collected {
  readonly measurement?: readonly string[];
  readonly drop_original_metrics?: readonly string[];
}

/** What of the agent's configuration decides which metrics there are, by what dimensions. */
interface AgentConfiguration {
  readonly metrics: {
    readonly namespace?: string;
    readonly append_dimensions?: Readonly<Record<string, string>>;
    readonly aggregation_dimensions?: readonly (readonly string[])[];
    readonly metrics_collected: { readonly mem?: Collected; readonly disk?: Collected };
  };
}

/** One value under one set of dimensions. */
export interface AgentDatum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly observation: number;
}

/** What the agent adds to a metric of a disk, of its own. */
const disk: Dimensions = { path: '/', device: 'nvme0n1p1', fstype: 'xfs' };

/**
 * What the CloudWatch agent publishes that a boot script configures: nothing where none is. Its rules are those of the real one:
 * a metric has the dimensions that are appended, and of its own; a rollup is published when it has fewer dimensions than
 * the metric, and the metric has each of them; dropping a metric drops its full set of dimensions.
 * @see https://github.com/aws/amazon-cloudwatch-agent/blob/main/plugins/outputs/cloudwatch/cloudwatch.go ProcessRollup, IsDropping
 * @see https://github.com/aws/amazon-cloudwatch-agent/blob/main/plugins/processors/ec2tagger/ec2tagger.go
 */
export function agentData(
  userData: string | undefined,
  instance: Instance,
  group: string | undefined,
  measured: ServerMinute,
): AgentDatum[] {
  const metrics = configurationIn(userData)?.metrics;
  if (!metrics) return [];
  const base = appended(metrics, instance, group);
  const { mem, disk: disks } = metrics.metrics_collected;
  const of = (collected: Collected | undefined, own: Dimensions, value: number): AgentDatum[] =>
    (collected?.measurement ?? []).flatMap((name) => {
      const full = { ...base, ...own };
      const isDropped = collected?.drop_original_metrics?.includes(name) ?? false;
      const sets = [...(isDropped ? [] : [full]), ...rollups(full, metrics.aggregation_dimensions ?? [])];
      const namespace = metrics.namespace ?? 'CWAgent';
      return sets.map((dimensions) => ({ namespace, name, dimensions, observation: value }));
    });
  return [...of(mem, {}, measured.memoryPercent), ...of(disks, disk, measured.diskPercent)];
}

/** The agent's configuration is JSON that the boot script writes, on a line of its own. */
function configurationIn(userData: string | undefined): AgentConfiguration | undefined {
  if (userData === undefined) return undefined;
  const script = Buffer.from(userData, 'base64').toString();
  const line = /^\{.*"metrics_collected".*\}$/m.exec(script)?.[0];
  return line === undefined ? undefined : JSON.parse(line);
}

/** Where dimensions are appended, the host's name is left out; a server outside of a group has no group's name. */
function appended(
  { append_dimensions }: AgentConfiguration['metrics'],
  instance: Instance,
  group: string | undefined,
): Dimensions {
  if (!append_dimensions) return { host: instance.PrivateIpAddress ?? 'localhost' };
  const known: Record<string, string | undefined> = {
    InstanceId: instance.InstanceId,
    ImageId: instance.ImageId,
    InstanceType: instance.InstanceType,
    AutoScalingGroupName: group,
  };
  return Object.fromEntries(
    Object.keys(append_dimensions).flatMap((name) =>
      known[name] === undefined ? [] : [[name, known[name]]],
    ),
  );
}

function rollups(full: Dimensions, wanted: readonly (readonly string[])[]): Dimensions[] {
  const count = Object.keys(full).length;
  return wanted
    .filter((names) => names.length < count && names.every((name) => name in full))
    .map((names) => Object.fromEntries(names.map((name) => [name, full[name]!])));
}
