import { type AbsoluteAction, endRemark, windowsOf } from './absolute-actions.ts';
import { changeOf, conditionOf, type ForeignMetric } from './foreign-rules.ts';
import { freeKey, keyFor } from './names.ts';
import type { AlarmLines, GroupLines, Remark, TakenOver, TargetLines } from './taken-over.ts';

/**
 * What `tccli as Describe…` and `tccli monitor DescribeAlarmPolicies` print, as far as it is read.
 * @see https://cloud.tencent.com/document/api/377/20453
 */
export interface TencentAccount {
  readonly groups: readonly TencentGroup[];
  readonly policies: readonly TencentPolicy[];
  readonly actions: readonly TencentAction[];
  readonly alarms: readonly TencentAlarmPolicy[];
  readonly servers: readonly TencentServer[];
}

export interface TencentServer {
  readonly AutoScalingGroupId: string;
  readonly InstanceId: string;
  readonly ProtectedFromScaleIn?: boolean;
}

export interface TencentGroup {
  readonly AutoScalingGroupId: string;
  readonly AutoScalingGroupName?: string;
  readonly MinSize: number;
  readonly MaxSize: number;
  readonly DefaultCooldown?: number;
  readonly ZoneSet?: readonly string[] | null;
}

export interface TencentPolicy {
  readonly AutoScalingGroupId: string;
  readonly AutoScalingPolicyId: string;
  readonly ScalingPolicyName?: string;
  readonly ScalingPolicyType?: string;
  readonly AdjustmentType?: string;
  readonly AdjustmentValue?: number;
  readonly Cooldown?: number;
  readonly MetricAlarm?: TencentMetricAlarm | null;
  readonly PredefinedMetricType?: string | null;
  readonly TargetValue?: number | null;
  readonly DisableScaleIn?: boolean | null;
}

interface TencentMetricAlarm {
  readonly ComparisonOperator: string;
  readonly MetricName: string;
  readonly Threshold: number;
  readonly PreciseThreshold?: number | null;
  readonly Period: number;
  readonly ContinuousTime: number;
  readonly Statistic?: string;
}

export interface TencentAction {
  readonly AutoScalingGroupId: string;
  readonly ScheduledActionName?: string;
  readonly ScheduledActionId?: string;
  readonly StartTime?: string;
  readonly Recurrence?: string;
  readonly EndTime?: string;
  readonly MinSize?: number;
  readonly MaxSize?: number;
  readonly DesiredCapacity?: number;
  readonly ScheduledType?: string;
  readonly DisableUpdateDesiredCapacity?: boolean;
}

/** An alarm of Cloud Monitor that triggers a policy. */
export interface TencentAlarmPolicy {
  readonly PolicyName?: string;
  readonly Enable?: number;
  readonly Condition?: { readonly IsUnionRule?: number; readonly Rules?: readonly TencentRule[] } | null;
  readonly TriggerTasks?: readonly { readonly Type?: string; readonly TaskConfig?: string }[] | null;
}

interface TencentRule {
  readonly MetricName?: string;
  readonly Period?: number;
  readonly Operator?: string;
  readonly Value?: string;
  readonly ContinuePeriod?: number;
  readonly Unit?: string;
}

const beijing = 'Asia/Shanghai';
/** Bytes a second in a megabit a second. */
const bytesInMbps = 125_000;

const metrics: Readonly<Record<string, ForeignMetric>> = {
  CPU_UTILIZATION: { metric: 'cpu', factor: 1 },
  MEM_UTILIZATION: { metric: 'memory', factor: 1 },
  LAN_TRAFFIC_IN: { metric: 'networkIn', factor: bytesInMbps },
  LAN_TRAFFIC_OUT: { metric: 'networkOut', factor: bytesInMbps },
  ASG_AVG_CPU_UTILIZATION: { metric: 'cpu', factor: 1 },
  ASG_AVG_LAN_TRAFFIC_IN: { metric: 'networkIn', factor: bytesInMbps },
  ASG_AVG_LAN_TRAFFIC_OUT: { metric: 'networkOut', factor: bytesInMbps },
  CpuUsage: { metric: 'cpu', factor: 1 },
  MemUsage: { metric: 'memory', factor: 1 },
};

const operators: Readonly<Record<string, string>> = {
  GREATER_THAN: 'GreaterThanThreshold',
  GREATER_THAN_OR_EQUAL_TO: 'GreaterThanOrEqualToThreshold',
  LESS_THAN: 'LessThanThreshold',
  LESS_THAN_OR_EQUAL_TO: 'LessThanOrEqualToThreshold',
  gt: 'GreaterThanThreshold',
  ge: 'GreaterThanOrEqualToThreshold',
  lt: 'LessThanThreshold',
  le: 'LessThanOrEqualToThreshold',
};

const adjustmentTypes: Readonly<Record<string, string>> = {
  CHANGE_IN_CAPACITY: 'ChangeInCapacity',
  EXACT_CAPACITY: 'ExactCapacity',
  PERCENT_CHANGE_IN_CAPACITY: 'PercentChangeInCapacity',
};

/**
 * The groups of an account of Tencent Cloud as lines of a fleet file, observed only.
 * @param now epoch milliseconds
 * @param credentials the name of the secret that holds them, if somebody has said it
 */
export function fromTencent(account: TencentAccount, now: number, credentials?: string): TakenOver[] {
  return account.groups.map((group) => takenOver(group, account, now, credentials));
}

function takenOver(
  group: TencentGroup,
  account: TencentAccount,
  now: number,
  credentials: string | undefined,
): TakenOver {
  const id = group.AutoScalingGroupId;
  const remarks: Remark[] = [];
  const ofGroup = <T extends { AutoScalingGroupId: string }>(list: readonly T[]) =>
    list.filter((each) => each.AutoScalingGroupId === id);
  const actions = ofGroup(account.actions).map((action) => absolute(action, remarks));
  const {
    schedules,
    minSize,
    maxSize,
    timeZone,
    remarks: ofWindows,
  } = windowsOf(actions, { minSize: group.MinSize, maxSize: group.MaxSize }, now);
  remarks.push(...ofWindows);
  const instances = ofGroup(account.servers).flatMap(({ InstanceId, ProtectedFromScaleIn }) =>
    ProtectedFromScaleIn ? [InstanceId] : [],
  );
  const alarms = new Map<string, AlarmLines>();
  const targets: TargetLines[] = [];
  for (const policy of ofGroup(account.policies)) {
    if (policy.ScalingPolicyType === 'TARGET_TRACKING') targets.push(...targetOf(policy, remarks));
    else rulesOf(policy, group, account.alarms, alarms, remarks);
  }
  const lines: GroupLines = {
    ...home(group, credentials, remarks),
    minSize,
    maxSize,
    ...(instances.length > 0 && { instances }),
    ...(Object.keys(schedules).length > 0 && { schedules }),
    ...(alarms.size > 0 && { alarms: Object.fromEntries(alarms) }),
    ...(targets.length > 0 && { targets }),
  };
  return {
    key: keyFor(group.AutoScalingGroupName ?? id, 'group'),
    group: lines,
    remarks,
    timeZone: timeZone ?? beijing,
  };
}

/** `ap-guangzhou-3` is a zone of `ap-guangzhou`. */
function home(
  { AutoScalingGroupId, ZoneSet }: TencentGroup,
  credentials: string | undefined,
  remarks: Remark[],
) {
  const region = ZoneSet?.[0]?.replace(/-\d+$/, '');
  const lost = (subject: string, message: string) => remarks.push({ subject, kind: 'lost', message });
  if (region === undefined) lost('region', 'the group names no zone: put in the region that it is in');
  if (credentials === undefined)
    lost(
      'credentials',
      'put in the name of the secret of Secrets Manager that holds { secretId, secretKey }, or say --credentials',
    );
  const tencent = {
    region: region ?? 'ap-guangzhou',
    scalingGroup: AutoScalingGroupId,
    credentials: credentials ?? 'tencent',
  };
  remarks.push({
    subject: 'rules of its own',
    kind: 'note',
    message:
      'they go on scaling while the group is observed; with mode: observe gone and deployed, delete its scheduled actions and scaling policies',
  });
  return { tencent, mode: 'observe' as const };
}

/** Times are Beijing's, with the offset in their text. */
function absolute(action: TencentAction, remarks: Remark[]): AbsoluteAction {
  const name = action.ScheduledActionName ?? action.ScheduledActionId ?? 'scheduled action';
  const subject = `scheduled action ${name}`;
  const repeats = action.ScheduledType !== 'ONCE' && action.Recurrence;
  if (repeats && action.EndTime && !action.EndTime.startsWith('0000'))
    remarks.push(endRemark(subject, action.EndTime));
  return {
    name,
    subject,
    when: repeats ? action.Recurrence! : (action.StartTime ?? '').slice(0, 19),
    timeZone: beijing,
    minSize: action.MinSize,
    maxSize: action.MaxSize,
    desired: action.DisableUpdateDesiredCapacity ? undefined : action.DesiredCapacity,
  };
}

function targetOf(policy: TencentPolicy, remarks: Remark[]): TargetLines[] {
  const measured = metrics[policy.PredefinedMetricType ?? ''];
  if (!measured) {
    remarks.push(unmeasured(subjectOf(policy), policy.PredefinedMetricType));
    return [];
  }
  const targetValue = Number(policy.TargetValue) * measured.factor;
  return [
    { metric: measured.metric, targetValue, ...(policy.DisableScaleIn && { disableScaleIn: true as const }) },
  ];
}

/** A simple policy has an alarm of its own, or alarms of Cloud Monitor that trigger it. */
function rulesOf(
  policy: TencentPolicy,
  group: TencentGroup,
  alarms: readonly TencentAlarmPolicy[],
  rules: Map<string, AlarmLines>,
  remarks: Remark[],
): void {
  const subject = subjectOf(policy);
  const adjustmentType = adjustmentTypes[policy.AdjustmentType ?? ''];
  if (adjustmentType === undefined || policy.AdjustmentValue === undefined) {
    remarks.push({
      subject,
      kind: 'lost',
      message: `the adjustment ${policy.AdjustmentType} is not known here`,
    });
    return;
  }
  const change = changeOf(
    adjustmentType,
    policy.AdjustmentValue,
    undefined,
    policy.Cooldown ?? group.DefaultCooldown ?? 300,
  );
  const add = (condition: Omit<AlarmLines, 'cooldown'> | undefined) => {
    if (condition)
      rules.set(freeKey(policy.ScalingPolicyName ?? 'rule', 'rule', rules), { ...condition, ...change });
  };
  if (policy.MetricAlarm) add(ownCondition(policy.MetricAlarm, subject, remarks));
  const triggers = alarms.filter((alarm) => alarm.TriggerTasks?.some((task) => triggersPolicy(task, policy)));
  for (const alarm of triggers) {
    for (const rule of alarm.Condition?.Rules ?? []) add(monitorCondition(rule, alarm, remarks));
  }
  if (!policy.MetricAlarm && triggers.length === 0)
    remarks.push({
      subject,
      kind: 'lost',
      message: 'no alarm calls it: say rushhour bump where a person or a program did',
    });
}

/** `{"Region":"ap-guangzhou","Group":"asg-0zhspjx","Policy":"asp-ganig28"}` */
function triggersPolicy(
  { Type, TaskConfig = '' }: { Type?: string; TaskConfig?: string },
  policy: TencentPolicy,
): boolean {
  return Type === 'AS' && TaskConfig.includes(`"${policy.AutoScalingPolicyId}"`);
}

function ownCondition(alarm: TencentMetricAlarm, subject: string, remarks: Remark[]) {
  const measured = metrics[alarm.MetricName];
  const comparisonOperator = operators[alarm.ComparisonOperator];
  if (!measured || comparisonOperator === undefined) {
    remarks.push(unmeasured(subject, measured ? alarm.ComparisonOperator : alarm.MetricName));
    return undefined;
  }
  const statistic = { MAXIMUM: 'Maximum', MINIMUM: 'Minimum' }[alarm.Statistic ?? ''];
  const threshold = Number(alarm.PreciseThreshold ?? alarm.Threshold);
  return conditionOf({
    measured,
    statistic,
    comparisonOperator,
    threshold,
    period: alarm.Period,
    times: alarm.ContinuousTime,
  });
}

function monitorCondition(rule: TencentRule, alarm: TencentAlarmPolicy, remarks: Remark[]) {
  const subject = `alarm ${alarm.PolicyName}`;
  const measured = metrics[rule.MetricName ?? ''];
  const comparisonOperator = operators[rule.Operator ?? ''];
  if (!measured || comparisonOperator === undefined) {
    remarks.push(unmeasured(subject, measured ? rule.Operator : rule.MetricName));
    return undefined;
  }
  if (alarm.Enable === 0)
    remarks.push({
      subject,
      kind: 'differs',
      message: 'it is switched off: delete the rule if that is meant',
    });
  if (alarm.Condition?.IsUnionRule === 1 && (alarm.Condition.Rules?.length ?? 0) > 1)
    remarks.push({
      subject,
      kind: 'differs',
      message: 'it asks for all of its conditions at once, and here each is a rule of its own',
    });
  const { Period = 60, ContinuePeriod = 1 } = rule;
  return conditionOf({
    measured,
    statistic: undefined,
    comparisonOperator,
    threshold: Number(rule.Value),
    period: Period,
    times: ContinuePeriod,
  });
}

function subjectOf({ ScalingPolicyName, AutoScalingPolicyId }: TencentPolicy): string {
  return `scaling policy ${ScalingPolicyName ?? AutoScalingPolicyId}`;
}

function unmeasured(subject: string, what: string | null | undefined): Remark {
  return {
    subject,
    kind: 'lost',
    message: `${what} has no counterpart here: publish it as a metric of your own`,
  };
}
