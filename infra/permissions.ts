import { Aws } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { fleetTag } from '../shared/fleet/names.ts';
import { importedByPolicy } from '../shared/fleet/portions.ts';
import type { Permission } from './functions.ts';
import { acceptWildcards } from './nag.ts';

export interface Holdings {
  readonly fleet: Fleet;
  readonly ledger: dynamodb.Table;
  readonly activities: dynamodb.Table;
  readonly topic: sns.ITopic;
}

const writes = [
  'autoscaling:AttachInstances',
  'autoscaling:DetachInstances',
  'autoscaling:ResumeProcesses',
  'autoscaling:SetDesiredCapacity',
  'autoscaling:SetInstanceProtection',
  'autoscaling:SuspendProcesses',
];

/** The statements behind each of a function's permissions. */
export const statementsOf: Readonly<Record<Permission, (holdings: Holdings) => iam.PolicyStatement[]>> = {
  // None of these takes a resource, but DescribeAlarms, which takes all alarms.
  observe: () => [
    new iam.PolicyStatement({
      sid: 'Observe',
      actions: [
        'autoscaling:DescribeAutoScalingGroups',
        'autoscaling:DescribeInstanceRefreshes',
        'autoscaling:DescribePolicies',
        'autoscaling:DescribeScalingActivities',
        'autoscaling:DescribeScheduledActions',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:GetMetricData',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
      ],
      resources: ['*'],
    }),
  ],
  act: ({ fleet }) => [onOwnGroups(fleet, writes)],
  remember: ({ ledger, activities }) => [
    new iam.PolicyStatement({
      sid: 'Ledger',
      actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem'],
      resources: [ledger.tableArn],
    }),
    new iam.PolicyStatement({
      sid: 'Activities',
      actions: ['dynamodb:PutItem'],
      resources: [activities.tableArn],
    }),
  ],
  recall: ({ activities }) => [
    new iam.PolicyStatement({ actions: ['dynamodb:Query'], resources: [activities.tableArn] }),
  ],
  tell: () => [
    new iam.PolicyStatement({
      sid: 'TellMachines',
      actions: ['events:PutEvents'],
      resources: [`arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/default`],
      // A call carries up to ten events, so the key has several values: all of them must be ours.
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
      conditions: { 'ForAllValues:StringEquals': { 'events:source': 'rushhour' } },
    }),
  ],
  // What is for people is laid up beside the activities, and forgotten once it is sent.
  mail: ({ activities, topic }) => [
    new iam.PolicyStatement({
      sid: 'MailThatWaits',
      actions: ['dynamodb:DeleteItem', 'dynamodb:Query'],
      resources: [activities.tableArn],
    }),
    new iam.PolicyStatement({ sid: 'TellPeople', actions: ['sns:Publish'], resources: [topic.topicArn] }),
  ],
  // Models lie beside the ledgers.
  learn: ({ ledger }) => [
    new iam.PolicyStatement({
      sid: 'Measure',
      actions: [
        'autoscaling:DescribeAutoScalingGroups',
        'cloudwatch:GetMetricData',
        'elasticloadbalancing:DescribeTargetGroups',
      ],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      sid: 'Models',
      actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem'],
      resources: [ledger.tableArn],
    }),
  ],
  release: ({ fleet, ledger, activities }) => [
    new iam.PolicyStatement({
      sid: 'Observe',
      actions: ['autoscaling:DescribeAutoScalingGroups'],
      resources: ['*'],
    }),
    onOwnGroups(fleet, [
      'autoscaling:CreateOrUpdateTags',
      'autoscaling:DetachInstances',
      'autoscaling:SetInstanceProtection',
      'autoscaling:SuspendProcesses',
    ]),
    new iam.PolicyStatement({
      sid: 'Ledger',
      actions: ['dynamodb:BatchGetItem'],
      resources: [ledger.tableArn],
    }),
    // What is under way ends with the group.
    new iam.PolicyStatement({
      sid: 'History',
      actions: ['dynamodb:PutItem'],
      resources: [activities.tableArn],
    }),
  ],
};

/** By tag and not by name: a policy holds 10,240 characters, which are not enough for 500 groups. */
function onOwnGroups(fleet: Fleet, actions: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'ActOnOwnGroups',
    actions,
    resources: [scalingGroupArn(`${fleet.name}-*`)],
    conditions: { StringEquals: { [`aws:ResourceTag/${fleetTag}`]: fleet.name } },
  });
}

/** Any version of the group with this name; AWS puts a random id into the ARN. */
export function scalingGroupArn(name: string): string {
  return `arn:${Aws.PARTITION}:autoscaling:${Aws.REGION}:${Aws.ACCOUNT_ID}:autoScalingGroup:*:autoScalingGroupName/${name}`;
}

/** Managed policies, as many as it takes to name the groups that existed, which all functions that act share. */
export function importedGroupPolicies(scope: Construct, fleet: Fleet): iam.ManagedPolicy[] {
  const names = Object.values(fleet.groups).flatMap(({ existing }) => existing ?? []);
  return importedByPolicy(names).map((some, index) => {
    const resources = some.map(scalingGroupArn);
    const policy = new iam.ManagedPolicy(scope, `ImportedGroups${index}`, {
      description: `Groups that fleet ${fleet.name} took over by name`,
      statements: [new iam.PolicyStatement({ actions: writes, resources })],
    });
    acceptWildcards(policy, resources, 'AWS puts a random id before the name of a group.');
    return policy;
  });
}
