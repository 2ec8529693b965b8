import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { accept } from './nag.ts';

/**
 * Lambda makes a function's network interfaces in the function's own role. Its code may not: what it calls carries its ARN.
 * The library's own way takes a VPC that it looks up, and a policy of AWS's that allows more.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice-security
 */
export function mayRunInVpc(role: iam.Role, functionName: string): void {
  const actions = [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ];
  role.addToPolicy(new iam.PolicyStatement({ sid: 'RunInVpc', actions, resources: ['*'] }));
  const deployed = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${functionName}`;
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'ItsCodeMayNot',
      effect: iam.Effect.DENY,
      actions,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': deployed } },
    }),
  );
  const reason = 'Lambda makes network interfaces that have no name yet.';
  accept(role, {
    'AwsSolutions-IAM5[Resource::*]': reason,
    'Serverless-LambdaStarPermissions[Resource::*]': reason,
  });
}
