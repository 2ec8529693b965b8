import { z } from 'zod';
import { type CloudContext, cloudFormationCall } from '../cloud-context.ts';
import type { Operation, ResourceContext, ResourceType } from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';
import type { Alarms } from './alarms.ts';

const dimensions = z.array(z.strictObject({ Name: z.string(), Value: z.string() }));
const actions = z.array(z.string());

const metricStat = z.strictObject({
  Metric: z.strictObject({
    Namespace: z.string(),
    MetricName: z.string(),
    Dimensions: dimensions.optional(),
  }),
  Period: z.number(),
  Stat: z.string(),
  Unit: z.string().optional(),
});

const query = z.strictObject({
  Id: z.string(),
  Expression: z.string().optional(),
  Label: z.string().optional(),
  MetricStat: metricStat.optional(),
  Period: z.number().optional(),
  ReturnData: z.boolean().optional(),
  AccountId: z.string().optional(),
});

const settings = {
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().optional(),
  ActionsEnabled: z.boolean().optional(),
  AlarmActions: actions.optional(),
  OKActions: actions.optional(),
  InsufficientDataActions: actions.optional(),
  Tags: tagList.optional(),
};

const alarm = z.strictObject({
  ...settings,
  ComparisonOperator: z.string(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number().optional(),
  Threshold: z.number().optional(),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: dimensions.optional(),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Period: z.number().optional(),
  Unit: z.string().optional(),
  Metrics: z.array(query).optional(),
  TreatMissingData: z.string().optional(),
});

const compositeAlarm = z.strictObject({ ...settings, AlarmRule: z.string() });

const dashboard = z.strictObject({
  DashboardName: z.string().optional(),
  DashboardBody: z.string(),
  Tags: tagList.optional(),
});

/** The CloudFormation types of CloudWatch. */
export function cloudWatchResources(
  cloud: CloudContext,
  operations: Record<string, Operation>,
  alarms: Alarms,
): ResourceType[] {
  const run = (operation: string, input: unknown) => operations[operation]!(input, cloudFormationCall(cloud));

  const alarmType = (
    type: string,
    operation: string,
    properties: z.ZodType<{ AlarmName?: string | undefined }>,
  ) => {
    const put = (name: string, next: object, context: ResourceContext) => {
      const Tags = tagsOf(next, context);
      run(operation, { ...next, AlarmName: name, Tags });
      const Arn = `arn:aws:cloudwatch:${cloud.region}:${cloud.account}:alarm:${name}`;
      run('TagResource', { ResourceARN: Arn, Tags });
      return { physicalId: name, attributes: { Arn } };
    };
    return {
      type,
      properties,
      create: (next, context) => put(next.AlarmName ?? context.physicalName(255), next, context),
      update: (name, next, _previous, context) => put(next.AlarmName ?? name, next, context),
      delete: (name) => void run('DeleteAlarms', { AlarmNames: [name] }),
      actual: (name) => alarms.find(name) as Readonly<Record<string, unknown>> | undefined,
    } satisfies ResourceType<{ AlarmName?: string | undefined }>;
  };

  return [
    alarmType('AWS::CloudWatch::Alarm', 'PutMetricAlarm', alarm),
    alarmType('AWS::CloudWatch::CompositeAlarm', 'PutCompositeAlarm', compositeAlarm),
    dashboardType(cloud, run),
  ];
}

function dashboardType(
  cloud: CloudContext,
  run: (operation: string, input: unknown) => unknown,
): ResourceType<z.output<typeof dashboard>> {
  const put = (name: string, next: z.output<typeof dashboard>, context: ResourceContext) => {
    run('PutDashboard', { DashboardName: name, DashboardBody: next.DashboardBody });
    const ResourceARN = `arn:aws:cloudwatch::${cloud.account}:dashboard/${name}`;
    run('TagResource', { ResourceARN, Tags: tagsOf(next, context) });
    return { physicalId: name, attributes: {} };
  };
  return {
    type: 'AWS::CloudWatch::Dashboard',
    properties: dashboard,
    create: (next, context) => put(next.DashboardName ?? context.physicalName(255), next, context),
    update: (name, next, _previous, context) => put(next.DashboardName ?? name, next, context),
    delete: (name) => void run('DeleteDashboards', { DashboardNames: [name] }),
  };
}
