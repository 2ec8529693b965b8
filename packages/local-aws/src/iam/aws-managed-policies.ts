import type { PolicyDocument } from '../authorize.ts';
import type { ManagedPolicy } from './role.ts';

const allow = (...actions: string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: actions, Resource: '*' },
});

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** Policies of AWS's own that templates attach, by name, as far as they matter to callers of the local cloud. */
export const awsManagedPolicies: Readonly<Record<string, PolicyDocument>> = {
  AdministratorAccess: allow('*'),
  ReadOnlyAccess: allow(
    '*:Get*',
    '*:List*',
    '*:Describe*',
    '*:BatchGet*',
    'logs:FilterLogEvents',
    's3:Head*',
  ),
  AWSCloudFormationReadOnlyAccess: allow(
    ...['Describe*', 'EstimateTemplateCost', 'Get*', 'List*', 'ValidateTemplate', 'Detect*'].map(
      (action) => `cloudformation:${action}`,
    ),
  ),
  'service-role/AWSLambdaBasicExecutionRole': allow(...logs),
  'service-role/AWSLambdaSQSQueueExecutionRole': allow(
    ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...logs],
  ),
  AmazonSSMManagedInstanceCore: allow('ssm:UpdateInstanceInformation', 'ssmmessages:*', 'ec2messages:*'),
  CloudWatchAgentServerPolicy: allow(
    'cloudwatch:PutMetricData',
    'ec2:DescribeTags',
    ...logs,
    'ssm:GetParameter',
  ),
  AWSXRayDaemonWriteAccess: allow('xray:PutTraceSegments', 'xray:PutTelemetryRecords'),
};

/** The same as they are listed. */
export function managedByAws(): ManagedPolicy[] {
  return Object.entries(awsManagedPolicies).map(([name, document]) => ({
    name: name.split('/').at(-1)!,
    id: `ANPA${name.replace(/\W/g, '').toUpperCase().slice(0, 17)}`,
    arn: `arn:aws:iam::aws:policy/${name}`,
    path: name.includes('/') ? `/${name.slice(0, name.lastIndexOf('/') + 1)}` : '/',
    createdAt: Date.UTC(2015, 1, 6),
    document,
  }));
}
