import { parseCron } from '../../shared/fleet/cron.ts';
import { InvalidCron } from '../../shared/fleet/cron-field.ts';
import { resourceTarget } from './from-hpa.ts';
import { behaviorOf, type HpaBehavior } from './hpa-behavior.ts';
import { type ScaleTarget, workloadLines } from './kubernetes-home.ts';
import type { Manifest } from './kubernetes-manifests.ts';
import { freeKey, keyFor } from './names.ts';
import type { GroupLines, Remark, TakenOver, TargetLines, WindowLines } from './taken-over.ts';

interface KedaSpec {
  readonly scaleTargetRef?: ScaleTarget;
  readonly minReplicaCount?: number;
  readonly maxReplicaCount?: number;
  readonly idleReplicaCount?: number;
  readonly fallback?: object;
  readonly advanced?: { readonly horizontalPodAutoscalerConfig?: { readonly behavior?: HpaBehavior } };
  readonly triggers?: readonly KedaTrigger[];
}

interface KedaTrigger {
  readonly type?: string;
  readonly name?: string;
  readonly metricType?: string;
  readonly metadata?: Readonly<Record<string, string | number>>;
}

interface Found {
  readonly targets: TargetLines[];
  readonly schedules: Map<string, WindowLines>;
  readonly remarks: Remark[];
  readonly most: number;
  timeZone: string | undefined;
}

/**
 * A ScaledObject of KEDA as lines of a fleet file: its cron triggers become windows, those on metrics that AWS has become targets.
 * @see https://keda.sh/docs/latest/reference/scaledobject-spec/
 */
export function fromKeda({ metadata, spec = {} }: Manifest, cluster?: string): TakenOver {
  const {
    scaleTargetRef = {},
    minReplicaCount = 0,
    maxReplicaCount = 100,
    idleReplicaCount,
    advanced,
    triggers = [],
  } = spec as KedaSpec;
  const remarks: Remark[] = [];
  const found: Found = {
    targets: [],
    schedules: new Map(),
    remarks,
    most: maxReplicaCount,
    timeZone: undefined,
  };
  const workload = workloadLines(
    scaleTargetRef,
    { cluster, namespace: metadata?.namespace ?? 'default' },
    remarks,
  );
  for (const trigger of triggers) readTrigger(trigger, found);
  if (idleReplicaCount !== undefined)
    remarks.push({
      subject: 'idleReplicaCount',
      kind: 'lost',
      message: 'a group keeps at least minSize, also when it is idle',
    });
  const { targets, schedules, timeZone } = found;
  const group: GroupLines = {
    ...workload,
    minSize: leastOf(minReplicaCount, found),
    maxSize: maxReplicaCount,
    ...(schedules.size > 0 && { schedules: Object.fromEntries(schedules) }),
    ...(targets.length > 0 && {
      targets,
      behavior: behaviorOf(advanced?.horizontalPodAutoscalerConfig?.behavior ?? {}),
    }),
  };
  const name = metadata?.name ?? 'scaledobject';
  remarks.push({
    subject: `ScaledObject ${name}`,
    kind: 'note',
    message: `it goes on scaling while the group is observed; with mode: observe gone and deployed, kubectl annotate scaledobject ${name} autoscaling.keda.sh/paused=true, and once you are content kubectl delete scaledobject ${name}`,
  });
  return { key: keyFor(name, 'scaledobject'), group, remarks, timeZone };
}

/** From none a window wakes the group, or a total that exists without servers. */
function leastOf(least: number, { targets, schedules, remarks }: Found): number {
  const canWake =
    schedules.size > 0 ||
    targets.some(({ metric }) => typeof metric === 'object' && metric.perServer === false);
  if (least > 0 || canWake) return least;
  remarks.push({
    subject: 'minReplicaCount',
    kind: 'differs',
    message: 'it is 0 there; here it is 1, as nothing that was carried over wakes a group that has no server',
  });
  return 1;
}

function readTrigger(trigger: KedaTrigger, found: Found): void {
  const { type = '', metadata = {} } = trigger;
  const subject = `trigger ${trigger.name ?? type}`;
  if (type === 'cron') readCron(subject, metadata, found);
  else if (type === 'cpu' || type === 'memory') {
    const isShare = (trigger.metricType ?? metadata['type'] ?? 'Utilization') === 'Utilization';
    const target = isShare ? resourceTarget(type, Number(metadata['value'])) : undefined;
    if (target && target.targetValue <= 100) found.targets.push(target);
    else
      found.remarks.push({
        subject,
        kind: 'lost',
        message: 'an amount is no target here: give it a targetValue in percent',
      });
  } else {
    const target =
      type === 'aws-cloudwatch'
        ? cloudWatchTarget(metadata)
        : type === 'aws-sqs-queue'
          ? queueTarget(metadata)
          : undefined;
    if (target) found.targets.push(target);
    else
      found.remarks.push({
        subject,
        kind: 'lost',
        message:
          'its metric is not one of CloudWatch: publish it there, and track it as {namespace, metricName, dimensions, perServer: false}',
      });
  }
}

/** @see https://keda.sh/docs/latest/scalers/cron/ */
function readCron(subject: string, metadata: NonNullable<KedaTrigger['metadata']>, found: Found): void {
  const [start, end, zone] = ['start', 'end', 'timezone'].map((key) => String(metadata[key] ?? ''));
  const lost = (message: string) => found.remarks.push({ subject, kind: 'lost', message });
  const problem = [start, end].map((cron) => problemOf(cron!)).find((each) => each !== undefined);
  if (problem !== undefined) return void lost(problem);
  if (found.timeZone !== undefined && found.timeZone !== zone)
    return void lost(`it goes by the clock of ${zone}, and the others by ${found.timeZone}`);
  found.timeZone = zone;
  const wanted = Number(metadata['desiredReplicas']);
  if (wanted > found.most)
    found.remarks.push({
      subject,
      kind: 'differs',
      message: `it asks for ${wanted}, and maxReplicaCount is ${found.most}`,
    });
  const key = freeKey(`cron-${found.schedules.size + 1}`, 'cron', found.schedules);
  found.schedules.set(key, { start: start!, end: end!, minSize: Math.min(wanted, found.most) });
}

function problemOf(cron: string): string | undefined {
  try {
    parseCron(cron);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidCron)) throw error;
    return `"${cron}" is no time of a window: ${error.message}`;
  }
}

/** @see https://keda.sh/docs/latest/scalers/aws-cloudwatch/ */
function cloudWatchTarget(metadata: NonNullable<KedaTrigger['metadata']>): TargetLines | undefined {
  const text = (key: string) => (metadata[key] === undefined ? undefined : String(metadata[key]));
  const [namespace, metricName, targetValue] = [
    text('namespace'),
    text('metricName'),
    Number(metadata['targetMetricValue']),
  ];
  if (!namespace || !metricName || !(targetValue > 0)) return undefined;
  const names = text('dimensionName')?.split(';') ?? [];
  const values = text('dimensionValue')?.split(';') ?? [];
  const dimensions = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
  const statistic = text('metricStat');
  return {
    metric: {
      namespace,
      metricName,
      ...(names.length > 0 && { dimensions }),
      ...(statistic !== undefined && statistic !== 'Average' && { statistic }),
      perServer: false,
    },
    targetValue,
  };
}

/** @see https://keda.sh/docs/latest/scalers/aws-sqs/ : five messages a pod, unless it says otherwise */
function queueTarget(metadata: NonNullable<KedaTrigger['metadata']>): TargetLines | undefined {
  const queue = String(metadata['queueURL'] ?? '')
    .split('/')
    .at(-1);
  if (!queue) return undefined;
  const dimensions = { QueueName: queue };
  return {
    metric: {
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions,
      perServer: false,
    },
    targetValue: Number(metadata['queueLength'] ?? 5),
  };
}
