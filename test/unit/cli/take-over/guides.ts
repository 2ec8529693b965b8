import type { AlibabaAccount } from '../../../../cli/take-over/from-alibaba.ts';
import type { TencentAccount } from '../../../../cli/take-over/from-tencent.ts';

/**
 * What the two guides configure, as the command lines print it: 3 to 10 servers; two more where the CPU is above 70 % three times of 300 s,
 * with 300 s of cooldown; one fewer where it is below 30 % three times of 600 s, with 600 s; two more where there are more than 400
 * requests a second, twice. Tencent's adds tasks at 11:00 and 13:00.
 */
export const alibabaGuide: AlibabaAccount = {
  groups: [
    {
      ScalingGroupId: 'asg-bp18p2yfxow2dloq',
      ScalingGroupName: 'session-hz',
      RegionId: 'cn-hangzhou',
      MinSize: 3,
      MaxSize: 10,
      DefaultCooldown: 300,
    },
  ],
  rules: [
    {
      ScalingGroupId: 'asg-bp18p2yfxow2dloq',
      ScalingRuleId: 'asr-more',
      ScalingRuleAri: 'ari:acs:ess:cn-hangzhou:140692647406:scalingrule/asr-more',
      ScalingRuleName: 'more',
      ScalingRuleType: 'SimpleScalingRule',
      AdjustmentType: 'QuantityChangeInCapacity',
      AdjustmentValue: 2,
      Cooldown: 300,
    },
    {
      ScalingGroupId: 'asg-bp18p2yfxow2dloq',
      ScalingRuleId: 'asr-fewer',
      ScalingRuleAri: 'ari:acs:ess:cn-hangzhou:140692647406:scalingrule/asr-fewer',
      ScalingRuleName: 'fewer',
      ScalingRuleType: 'SimpleScalingRule',
      AdjustmentType: 'QuantityChangeInCapacity',
      AdjustmentValue: -1,
      Cooldown: 600,
    },
  ],
  servers: [
    {
      ScalingGroupId: 'asg-bp18p2yfxow2dloq',
      InstanceId: 'i-bp1fixed000000000001',
      LifecycleState: 'Protected',
    },
    {
      ScalingGroupId: 'asg-bp18p2yfxow2dloq',
      InstanceId: 'i-bp1made0000000000002',
      LifecycleState: 'InService',
    },
    {
      ScalingGroupId: 'asg-bp1another0000000',
      InstanceId: 'i-bp1other000000000003',
      LifecycleState: 'Protected',
    },
  ],
  tasks: [],
  alarms: [
    alarm('cpu-high', 'CpuUtilization', '>', 70, 300, 3, 'asr-more'),
    alarm('cpu-low', 'CpuUtilization', '<', 30, 600, 3, 'asr-fewer'),
    alarm('qps-high', 'LoadBalancerRealServerAverageQps', '>', 400, 60, 2, 'asr-more'),
  ],
};

function alarm(
  Name: string,
  MetricName: string,
  ComparisonOperator: string,
  Threshold: number,
  Period: number,
  EvaluationCount: number,
  rule: string,
): AlibabaAccount['alarms'][number] {
  const AlarmActions = [`ari:acs:ess:cn-hangzhou:140692647406:scalingrule/${rule}`];
  const ScalingGroupId = 'asg-bp18p2yfxow2dloq';
  return {
    ScalingGroupId,
    Name,
    Enable: true,
    MetricName,
    MetricType: 'system',
    Statistics: 'Average',
    ComparisonOperator,
    Threshold,
    Period,
    EvaluationCount,
    AlarmActions,
    Expressions: [],
  };
}

const group = { AutoScalingGroupId: 'asg-2umy5jbd' };

export const tencentGuide: TencentAccount = {
  groups: [
    {
      ...group,
      AutoScalingGroupName: 'session-gz',
      MinSize: 3,
      MaxSize: 10,
      DefaultCooldown: 300,
      ZoneSet: ['ap-guangzhou-3', 'ap-guangzhou-4'],
    },
  ],
  policies: [
    {
      ...group,
      AutoScalingPolicyId: 'asp-more',
      ScalingPolicyName: 'more',
      ScalingPolicyType: 'SIMPLE',
      AdjustmentType: 'CHANGE_IN_CAPACITY',
      AdjustmentValue: 2,
      Cooldown: 300,
      MetricAlarm: {
        ComparisonOperator: 'GREATER_THAN',
        MetricName: 'CPU_UTILIZATION',
        Threshold: 70,
        Period: 300,
        ContinuousTime: 3,
        Statistic: 'AVERAGE',
      },
    },
    {
      ...group,
      AutoScalingPolicyId: 'asp-fewer',
      ScalingPolicyName: 'fewer',
      ScalingPolicyType: 'SIMPLE',
      AdjustmentType: 'CHANGE_IN_CAPACITY',
      AdjustmentValue: -1,
      Cooldown: 600,
      MetricAlarm: {
        ComparisonOperator: 'LESS_THAN',
        MetricName: 'CPU_UTILIZATION',
        Threshold: 30,
        Period: 600,
        ContinuousTime: 3,
        Statistic: 'AVERAGE',
      },
    },
    {
      ...group,
      AutoScalingPolicyId: 'asp-ganig28',
      ScalingPolicyName: 'qps',
      ScalingPolicyType: 'SIMPLE',
      AdjustmentType: 'CHANGE_IN_CAPACITY',
      AdjustmentValue: 2,
      Cooldown: 300,
      MetricAlarm: null,
    },
  ],
  actions: [
    {
      ...group,
      ScheduledActionName: 'lunch',
      ScheduledType: 'CRONTAB',
      Recurrence: '0 11 * * *',
      StartTime: '2026-03-01T11:00:00+08:00',
      EndTime: '0000-00-00T00:00:00+08:00',
      MinSize: 5,
      MaxSize: 10,
      DesiredCapacity: 5,
    },
    {
      ...group,
      ScheduledActionName: 'after-lunch',
      ScheduledType: 'CRONTAB',
      Recurrence: '0 13 * * *',
      StartTime: '2026-03-01T13:00:00+08:00',
      EndTime: '0000-00-00T00:00:00+08:00',
      MinSize: 3,
      MaxSize: 10,
      DesiredCapacity: 3,
    },
  ],
  alarms: [
    {
      PolicyName: 'qps-high',
      Enable: 1,
      Condition: {
        IsUnionRule: 0,
        Rules: [
          {
            MetricName: 'TotalReq',
            Period: 60,
            Operator: 'gt',
            Value: '400',
            ContinuePeriod: 2,
            Unit: 'Count/s',
          },
        ],
      },
      TriggerTasks: [
        { Type: 'AS', TaskConfig: '{"Region":"ap-guangzhou","Group":"asg-2umy5jbd","Policy":"asp-ganig28"}' },
      ],
    },
  ],
  servers: [
    { ...group, InstanceId: 'ins-0a1b2c3d', ProtectedFromScaleIn: true },
    { ...group, InstanceId: 'ins-4e5f6a7b', ProtectedFromScaleIn: false },
  ],
};
