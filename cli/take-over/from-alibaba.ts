import { type AbsoluteAction, windowsOf } from './absolute-actions.ts';
import { changeOf, conditionOf, type ForeignMetric } from './foreign-rules.ts';
import { freeKey, keyFor } from './names.ts';
import type { AlarmLines, GroupLines, Remark, TakenOver, TargetLines } from './taken-over.ts';

/**
 * What `aliyun ess Describe…` prints, as far as it is read.
 * @see https://www.alibabacloud.com/help/en/auto-scaling/developer-reference/api-ess-2022-02-22-overview
 */
export interface AlibabaAccount {
  readonly groups: readonly AlibabaGroup[];
  readonly rules: readonly AlibabaRule[];
  readonly tasks: readonly AlibabaTask[];
  readonly alarms: readonly AlibabaAlarm[];
  readonly servers: readonly AlibabaServer[];
}

interface AlibabaServer {
  readonly ScalingGroupId: string;
  readonly InstanceId: string;
  readonly LifecycleState?: string;
}

export interface AlibabaGroup {
  readonly ScalingGroupId: string;
  readonly ScalingGroupName?: string;
  readonly RegionId?: string;
  readonly MinSize: number;
  readonly MaxSize: number;
  readonly DefaultCooldown?: number;
}

export interface AlibabaRule {
  readonly ScalingGroupId: string;
  readonly ScalingRuleId: string;
  readonly ScalingRuleAri?: string;
  readonly ScalingRuleName?: string;
  readonly ScalingRuleType?: string;
  readonly AdjustmentType?: string;
  readonly AdjustmentValue?: number;
  readonly MinAdjustmentMagnitude?: number;
  readonly Cooldown?: number;
  readonly EstimatedInstanceWarmup?: number;
  readonly StepAdjustments?: readonly AlibabaStep[] | { readonly StepAdjustment?: readonly AlibabaStep[] };
  readonly MetricName?: string;
  readonly TargetValue?: number;
  readonly DisableScaleIn?: boolean;
  readonly ScaleInEvaluationCount?: number;
  readonly PredictiveScalingMode?: string;
}

interface AlibabaStep {
  readonly MetricIntervalLowerBound?: number;
  readonly MetricIntervalUpperBound?: number;
  readonly ScalingAdjustment?: number;
}

export interface AlibabaTask {
  readonly ScalingGroupId?: string;
  readonly ScheduledTaskId?: string;
  readonly ScheduledTaskName?: string;
  readonly LaunchTime?: string;
  readonly RecurrenceType?: string;
  readonly RecurrenceValue?: string;
  readonly RecurrenceEndTime?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly DesiredCapacity?: number;
  readonly ScheduledAction?: string;
  readonly TaskEnabled?: boolean;
}

interface AlibabaDimension {
  readonly DimensionKey?: string;
  readonly DimensionValue?: string;
}

export interface AlibabaAlarm {
  readonly ScalingGroupId: string;
  readonly Name?: string;
  readonly Enable?: boolean;
  readonly MetricName?: string;
  readonly MetricType?: string;
  readonly Statistics?: string;
  readonly ComparisonOperator?: string;
  readonly Threshold?: number;
  readonly Period?: number;
  readonly EvaluationCount?: number;
  readonly AlarmActions?: readonly string[] | { readonly AlarmAction?: readonly string[] };
  readonly Dimensions?: readonly AlibabaDimension[] | { readonly Dimension?: readonly AlibabaDimension[] };
  readonly Expressions?: readonly object[] | { readonly Expression?: readonly object[] };
}

const metrics: Readonly<Record<string, ForeignMetric>> = {
  CpuUtilization: { metric: 'cpu', factor: 1 },
  CpuUtilizationAgent: { metric: 'cpu', factor: 1 },
  MemoryUtilization: { metric: 'memory', factor: 1 },
  // Requests a second at each server behind an application load balancer (ALB).
  LoadBalancerRealServerAverageQps: { metric: 'requestsPerTarget', factor: 1 },
};

/** What an alarm task names besides the metric's own dimensions. */
const ofGroup: ReadonlySet<string | undefined> = new Set(['user_id', 'userId', 'scaling_group']);

const operators: Readonly<Record<string, string>> = {
  '>': 'GreaterThanThreshold',
  '>=': 'GreaterThanOrEqualToThreshold',
  '<': 'LessThanThreshold',
  '<=': 'LessThanOrEqualToThreshold',
};

const adjustmentTypes: Readonly<Record<string, string>> = {
  QuantityChangeInCapacity: 'ChangeInCapacity',
  TotalCapacity: 'ExactCapacity',
  PercentChangeInCapacity: 'PercentChangeInCapacity',
};

/**
 * The groups of an account of Alibaba Cloud as lines of a fleet file, observed only.
 * @param now epoch milliseconds
 * @param credentials the name of the secret that holds them, if somebody has said it
 */
export function fromAlibaba(account: AlibabaAccount, now: number, credentials?: string): TakenOver[] {
  return account.groups.map((group) => takenOver(group, account, now, credentials));
}

/** The group stays the group that it is. */
function home(
  { ScalingGroupId, RegionId }: AlibabaGroup,
  credentials: string | undefined,
  remarks: Remark[],
): Pick<GroupLines, 'alibaba' | 'mode'> {
  const lost = (subject: string, message: string) => remarks.push({ subject, kind: 'lost', message });
  if (RegionId === undefined) lost('region', 'the group names no region: put in the one that it is in');
  if (credentials === undefined)
    lost(
      'credentials',
      'put in the name of the secret of Secrets Manager that holds { accessKeyId, accessKeySecret }, or say --credentials',
    );
  remarks.push({
    subject: 'rules of its own',
    kind: 'note',
    message:
      'they go on scaling while the group is observed; with mode: observe gone and deployed, switch off its scheduled and event-triggered tasks',
  });
  return {
    alibaba: {
      region: RegionId ?? 'cn-hangzhou',
      scalingGroup: ScalingGroupId,
      credentials: credentials ?? 'alibaba',
    },
    mode: 'observe',
  };
}

function takenOver(
  group: AlibabaGroup,
  account: AlibabaAccount,
  now: number,
  credentials: string | undefined,
): TakenOver {
  const id = group.ScalingGroupId;
  const remarks: Remark[] = [];
  const rules = account.rules.filter((rule) => rule.ScalingGroupId === id);
  const tasks = account.tasks.filter(
    (task) => task.ScalingGroupId === id || rules.some((rule) => isRule(task.ScheduledAction, rule)),
  );
  const {
    schedules,
    minSize,
    maxSize,
    remarks: ofWindows,
    timeZone,
  } = windowsOf(
    tasks.flatMap((task) => absolute(task, rules, remarks)),
    { minSize: group.MinSize, maxSize: group.MaxSize },
    now,
  );
  remarks.push(...ofWindows);
  const alarms = rulesOf(
    account.alarms.filter((alarm) => alarm.ScalingGroupId === id),
    rules,
    group,
    remarks,
  );
  const { targets, scaleInSeconds } = trackingOf(rules, remarks);
  const instances = account.servers.flatMap(({ ScalingGroupId, InstanceId, LifecycleState }) =>
    ScalingGroupId === id && LifecycleState === 'Protected' ? [InstanceId] : [],
  );
  const lines: GroupLines = {
    ...home(group, credentials, remarks),
    minSize,
    maxSize,
    ...(instances.length > 0 && { instances }),
    ...(Object.keys(schedules).length > 0 && { schedules }),
    ...(alarms.size > 0 && { alarms: Object.fromEntries(alarms) }),
    ...(targets.length > 0 && {
      targets,
      behavior: { scaleDown: { stabilizationWindowSeconds: scaleInSeconds, headroom: true } },
    }),
  };
  return { key: keyFor(group.ScalingGroupName ?? id, 'group'), group: lines, remarks, timeZone };
}

/** An ARI ends in the id of its rule. */
function isRule(ari: string | undefined, rule: AlibabaRule): boolean {
  return ari !== undefined && (ari === rule.ScalingRuleAri || ari.endsWith(`/${rule.ScalingRuleId}`));
}

/** All times are UTC. */
function absolute(task: AlibabaTask, rules: readonly AlibabaRule[], remarks: Remark[]): AbsoluteAction[] {
  const name = task.ScheduledTaskName ?? task.ScheduledTaskId ?? 'scheduled task';
  const subject = `scheduled task ${name}`;
  const lost = (message: string): AbsoluteAction[] => {
    remarks.push({ subject, kind: 'lost', message });
    return [];
  };
  if (task.TaskEnabled === false) return lost('it is switched off');
  const when = whenOf(task);
  if (when === undefined)
    return lost(`it repeats ${task.RecurrenceType} ${task.RecurrenceValue}, which no cron can say`);
  const action = { name, subject, when, timeZone: 'UTC' };
  if (task.ScheduledAction === undefined)
    return [{ ...action, minSize: task.MinValue, maxSize: task.MaxValue, desired: task.DesiredCapacity }];
  const rule = rules.find((each) => isRule(task.ScheduledAction, each));
  if (!rule) return lost(`its rule ${task.ScheduledAction} is not among those that were given`);
  const { AdjustmentType, AdjustmentValue } = rule;
  if (AdjustmentType === 'QuantityChangeInCapacity') return [{ ...action, change: AdjustmentValue }];
  if (AdjustmentType === 'TotalCapacity') return [{ ...action, desired: AdjustmentValue }];
  return lost('its rule changes by a percentage: write a window with scalingAdjustment: 50% or the like');
}

function whenOf({ LaunchTime = '', RecurrenceType, RecurrenceValue = '' }: AlibabaTask): string | undefined {
  const [, day = '', hour = '', minute = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)/.exec(LaunchTime) ?? [];
  const [minutes, hours] = [Number(minute), Number(hour)];
  if (RecurrenceType === undefined || RecurrenceType === '') return `${day}T${hour}:${minute}`;
  if (RecurrenceType === 'Cron') return RecurrenceValue;
  if (RecurrenceType === 'Weekly') return `${minutes} ${hours} * * ${RecurrenceValue}`;
  if (RecurrenceType === 'Monthly') return `${minutes} ${hours} ${RecurrenceValue} * *`;
  return RecurrenceValue === '1' ? `${minutes} ${hours} * * *` : undefined;
}

function rulesOf(
  alarms: readonly AlibabaAlarm[],
  rules: readonly AlibabaRule[],
  group: AlibabaGroup,
  remarks: Remark[],
): Map<string, AlarmLines> {
  const lines = new Map<string, AlarmLines>();
  for (const alarm of alarms) {
    const subject = `event-triggered task ${alarm.Name}`;
    const lost = (message: string) => remarks.push({ subject, kind: 'lost', message });
    const actions = listOf(alarm.AlarmActions, 'AlarmAction');
    const called = rules.filter((rule) => actions.some((ari) => isRule(ari, rule)));
    // Target tracking makes its own.
    if (
      called.length > 0 &&
      called.every(({ ScalingRuleType }) => /^(Target|Predictive)/.test(ScalingRuleType ?? ''))
    )
      continue;
    const measured = metrics[alarm.MetricName ?? ''] ?? ownMetric(alarm, remarks, subject);
    const comparisonOperator = operators[alarm.ComparisonOperator ?? ''];
    if (listOf(alarm.Expressions, 'Expression').length > 0)
      lost('it judges several metrics at once: write a rule for each');
    else if (!measured || comparisonOperator === undefined)
      lost(`the metric ${alarm.MetricName} has no counterpart here: publish it as a metric of your own`);
    else if (called.length === 0) lost('the rules that it calls are not among those that were given');
    else {
      if (alarm.Enable === false)
        remarks.push({
          subject,
          kind: 'differs',
          message: 'it is switched off: delete the rule if that is meant',
        });
      const condition = conditionOf({
        measured,
        statistic: alarm.Statistics,
        comparisonOperator,
        threshold: Number(alarm.Threshold),
        period: Number(alarm.Period ?? 60),
        times: Number(alarm.EvaluationCount ?? 1),
      });
      for (const rule of called) {
        const change = changeBy(rule, group);
        if (change) lines.set(freeKey(alarm.Name ?? 'rule', 'rule', lines), { ...condition, ...change });
        else lost(`the adjustment ${rule.AdjustmentType} of ${rule.ScalingRuleName} is not known here`);
      }
    }
  }
  return lines;
}

/** A metric that the application reports (自定义监控): CloudMonitor has it under the account, which each rule's ARI names. */
function ownMetric(alarm: AlibabaAlarm, remarks: Remark[], subject: string): ForeignMetric | undefined {
  const [ari = ''] = listOf(alarm.AlarmActions, 'AlarmAction');
  const account = /^ari:acs:ess:[^:]+:(\d+):/.exec(ari)?.[1];
  if (alarm.MetricType !== 'custom' || !alarm.MetricName || account === undefined) return undefined;
  const named = listOf(alarm.Dimensions, 'Dimension').filter(
    ({ DimensionKey }) => !ofGroup.has(DimensionKey),
  );
  const dimensions = Object.fromEntries(
    named.map(({ DimensionKey = '', DimensionValue = '' }) => [DimensionKey, DimensionValue]),
  );
  remarks.push({
    subject,
    kind: 'note',
    message: `it goes by your own ${alarm.MetricName}: compare its dimensions with those that are reported, and say perServer: false where it is a total`,
  });
  const namespace = `acs_customMetric_${account}`;
  return { metric: { namespace, metricName: alarm.MetricName, dimensions }, factor: 1 };
}

function changeBy(rule: AlibabaRule, group: AlibabaGroup) {
  const adjustmentType = adjustmentTypes[rule.AdjustmentType ?? ''];
  if (adjustmentType === undefined) return undefined;
  const cooldown = Number(rule.Cooldown ?? rule.EstimatedInstanceWarmup ?? group.DefaultCooldown ?? 300);
  const change = changeOf(
    adjustmentType,
    Number(rule.AdjustmentValue),
    rule.MinAdjustmentMagnitude,
    cooldown,
  );
  if (rule.ScalingRuleType !== 'StepScalingRule') return change;
  const { scalingAdjustment: _, ...rest } = change;
  const steps = listOf(rule.StepAdjustments, 'StepAdjustment').map((step) => ({
    ...(step.MetricIntervalLowerBound !== undefined && {
      metricIntervalLowerBound: step.MetricIntervalLowerBound,
    }),
    ...(step.MetricIntervalUpperBound !== undefined && {
      metricIntervalUpperBound: step.MetricIntervalUpperBound,
    }),
    scalingAdjustment: Number(step.ScalingAdjustment),
  }));
  return { ...rest, stepAdjustments: steps };
}

function trackingOf(rules: readonly AlibabaRule[], remarks: Remark[]) {
  const targets: TargetLines[] = [];
  let scaleInSeconds = 0;
  for (const rule of rules) {
    const {
      ScalingRuleType = '',
      MetricName = '',
      TargetValue,
      DisableScaleIn,
      ScaleInEvaluationCount = 15,
    } = rule;
    if (!/^(Target|Predictive)/.test(ScalingRuleType)) continue;
    const subject = `scaling rule ${rule.ScalingRuleName ?? rule.ScalingRuleId}`;
    const measured = metrics[MetricName];
    if (!measured)
      remarks.push({
        subject,
        kind: 'lost',
        message: `the metric ${MetricName} has no counterpart here: publish it as a metric of your own`,
      });
    else if (ScalingRuleType.startsWith('Target')) {
      targets.push({
        metric: measured.metric,
        targetValue: Number(TargetValue),
        ...(DisableScaleIn && { disableScaleIn: true as const }),
      });
      scaleInSeconds = Math.max(scaleInSeconds, ScaleInEvaluationCount * 60);
    } else if (rule.PredictiveScalingMode === 'PredictOnly')
      remarks.push({ subject, kind: 'lost', message: 'it only predicts and does not scale' });
    else
      remarks.push({
        subject,
        kind: 'lost',
        message:
          'nobody counts the servers of such a group by the minute, which a forecast learns by: write a window for what it foresees',
      });
  }
  return { targets, scaleInSeconds };
}

/** Lists of the version of 2014 are wrapped: `{"AlarmAction": […]}`. */
function listOf<T>(
  list: readonly T[] | Readonly<Record<string, readonly T[] | undefined>> | undefined,
  key: string,
): readonly T[] {
  if (list === undefined || list === null) return [];
  return Array.isArray(list) ? list : ((list as Record<string, readonly T[] | undefined>)[key] ?? []);
}
