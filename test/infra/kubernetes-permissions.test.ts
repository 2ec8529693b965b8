import { Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { synthesize } from '../kit/synthesis.ts';

const shop = synthesize(`
name: shop
functions: { vpc: { subnetIds: [subnet-0a1b], securityGroupIds: [sg-0a1b] } }
groups:
  web:
    kubernetes: { cluster: { eks: main }, namespace: shop, deployment: web }
    minSize: 1
    maxSize: 4
    alarms:
      cpu-high: { metric: cpu, threshold: 70, comparisonOperator: GreaterThanThreshold, period: 300, evaluationPeriods: 3, scalingAdjustment: 1 }
  batch:
    kubernetes:
      cluster: { server: "https://k8s.example.com:6443", token: k8s-token }
      namespace: jobs
      statefulSet: batch
    minSize: 1
    maxSize: 4
    targets:
      - metric:
          prometheus: { url: "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-0123-abcd", query: up, sigv4: true }
        targetValue: 5
`);
const scaler = shop.template('shop-scaler');
const policy = (statement: object) =>
  scaler.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(statement)]) },
  });

it('clusters of EKS are described by name, and pods are published into one namespace', () => {
  policy({ Action: 'eks:DescribeCluster' });
  policy({
    Action: 'cloudwatch:PutMetricData',
    Condition: { StringEquals: { 'cloudwatch:namespace': 'Rushhour/Pods' } },
  });
  const text = JSON.stringify(scaler.toJSON());
  expect(text).toContain('cluster/main');
  expect(text).not.toContain('cluster/*');
});

it('the roles of functions that look are users of the cluster of EKS, and of no other', () => {
  const entries = Object.values(scaler.findResources('AWS::EKS::AccessEntry'));
  expect(entries.length).toBeGreaterThan(3);
  for (const { Properties } of entries)
    expect(Properties).toMatchObject({
      ClusterName: 'main',
      KubernetesGroups: ['rushhour:shop'],
      Type: 'STANDARD',
      PrincipalArn: { 'Fn::GetAtt': [expect.stringContaining('role'), 'Arn'] },
    });
});

it('the token of another cluster is the one secret that may be read, and the workspace the one that is asked', () => {
  policy({ Action: 'secretsmanager:GetSecretValue' });
  policy({ Action: 'aps:QueryMetrics' });
  const text = JSON.stringify(scaler.toJSON());
  expect(text).toContain(':secret:k8s-token-??????');
  expect(text).toContain('workspace/ws-0123-abcd');
});

it('its CPU is watched where the sweep publishes it; what a Prometheus has, no alarm watches', () => {
  shop.template('shop-web').hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'Rushhour/Pods',
    MetricName: 'CPUUtilization',
    Dimensions: [{ Name: 'Workload', Value: 'kubernetes:main/shop/deployments/web' }],
  });
  shop.template('shop-batch').resourceCountIs('AWS::CloudWatch::Alarm', 0);
});

it('functions that look run in the VPC that the file names, and others in none', () => {
  const found = Object.values(scaler.findResources('AWS::Lambda::Function'));
  const inVpc = found.filter(({ Properties }) => Properties.VpcConfig !== undefined);
  expect(inVpc.map(({ Properties }) => Properties.FunctionName).toSorted()).toEqual([
    'shop-adopt',
    'shop-bump',
    'shop-learn',
    'shop-on-alarm',
    'shop-on-instance-event',
    'shop-on-schedule',
    'shop-sweep',
  ]);
  for (const { Properties } of inVpc)
    expect(Properties.VpcConfig).toEqual({ SubnetIds: ['subnet-0a1b'], SecurityGroupIds: ['sg-0a1b'] });
  expect(found.length).toBeGreaterThan(inVpc.length);
});

it('Lambda may make the network interfaces of these functions in their roles, and their code may not', () => {
  const policies = Object.values(scaler.findResources('AWS::IAM::Policy'));
  const ofSweep = policies.find(({ Properties }) => JSON.stringify(Properties.Roles).includes('sweep'))!;
  const { Statement } = ofSweep['Properties'].PolicyDocument;
  const made = Statement.filter(({ Sid }: { Sid?: string }) => /RunInVpc|ItsCodeMayNot/.test(`${Sid}`));
  expect(made.map(({ Effect }: { Effect: string }) => Effect)).toEqual(['Allow', 'Deny']);
  expect(made[0].Action).toContain('ec2:CreateNetworkInterface');
  expect(made[1].Action).toEqual(made[0].Action);
  expect(JSON.stringify(made[1].Condition)).toContain('function:shop-sweep');
  const history = policies.find(({ Properties }) => JSON.stringify(Properties.Roles).includes('history'))!;
  expect(JSON.stringify(history)).not.toContain('NetworkInterface');
});
