import { Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { synthesize } from '../kit/synthesis.ts';

const role = `{ roleArn: "acs:ram::1234567890123456:role/rushhour", providerArn: "acs:ram::1234567890123456:oidc-provider/aws" }`;
const fleet = (credentials: string) => `
name: shop
groups:
  web:
    alibaba: { region: cn-hangzhou, scalingGroup: asg-bp1igpak5ft1flyp0000, credentials: ${credentials} }
    minSize: 1
    maxSize: 4
    alarms:
      cpu-high: { metric: cpu, threshold: 70, comparisonOperator: GreaterThanThreshold, period: 300, evaluationPeriods: 3, scalingAdjustment: 1 }
`;

it('functions that take a role of Alibaba Cloud may ask for a token of their identity, for nobody else', () => {
  const scaler = synthesize(fleet(role)).template('shop-scaler');
  scaler.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'sts:GetWebIdentityToken',
          Condition: { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['sts.aliyuncs.com'] } },
        }),
      ]),
    },
  });
  expect(JSON.stringify(scaler.toJSON())).not.toContain('secretsmanager:GetSecretValue');
});

it('functions with a key in a secret read that secret, and ask for no token; their rules get no alarm', () => {
  const app = synthesize(fleet('shop/alibaba'));
  const text = JSON.stringify(app.template('shop-scaler').toJSON());
  expect(text).toContain(':secret:shop/alibaba-??????');
  expect(text).not.toContain('GetWebIdentityToken');
  expect(text).not.toContain('"MetricName":"CPUUtilization"');
});
