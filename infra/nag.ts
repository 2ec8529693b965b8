import { Aws, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Accepts findings of cdk-nag on a construct and all below it; every one with its reason. */
export function accept(construct: IConstruct, findings: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(findings)) Validations.of(construct).acknowledge({ id, reason });
}

/** Accepts a `*` within ARNs: cdk-nag's finding names the ARN, with CloudFormation's own words for account and region. */
export function acceptWildcards(construct: IConstruct, arns: readonly string[], reason: string): void {
  const words = { [Aws.PARTITION]: 'Partition', [Aws.REGION]: 'Region', [Aws.ACCOUNT_ID]: 'AccountId' };
  for (const arn of arns) {
    let finding = arn;
    for (const [token, word] of Object.entries(words)) finding = finding.replaceAll(token, `<AWS::${word}>`);
    accept(construct, { [`AwsSolutions-IAM5[Resource::${finding}]`]: reason });
  }
}
