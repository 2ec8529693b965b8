import { Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { synthesize } from '../kit/synthesis.ts';

const shop = synthesize(`
name: shop
groups:
  web:
    ecs: { cluster: shop, service: web }
    minSize: 1
    maxSize: 4
    alarms:
      cpu-high: { metric: cpu, threshold: 70, comparisonOperator: GreaterThanThreshold, period: 300, evaluationPeriods: 3, scalingAdjustment: 1 }
`);
const scaler = shop.template('shop-scaler');

it('a service is acted on by name, and its tasks are seen by their cluster', () => {
  scaler.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: [
        {
          Action: 'ecs:UpdateService',
          Effect: 'Allow',
          Resource: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
        },
      ],
    },
  });
  scaler.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['ecs:DescribeTasks', 'ecs:ListTasks'],
          Condition: { ArnEquals: { 'ecs:cluster': [Match.objectLike({ 'Fn::Join': Match.anyValue() })] } },
        }),
      ]),
    },
  });
  expect(JSON.stringify(scaler.toJSON())).toContain('service/shop/web');
});

it('many services of a cluster are granted by their cluster, for which a role has room', () => {
  const names = Array.from({ length: 11 }, (_, index) => `web-${index}`);
  const group = (name: string) =>
    `  ${name}: { ecs: { cluster: shop, service: ${name} }, minSize: 1, maxSize: 4, schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } } }`;
  const large = synthesize(`name: shop\ngroups:\n${names.map(group).join('\n')}\n`);
  const policies = JSON.stringify(large.template('shop-scaler').findResources('AWS::IAM::ManagedPolicy'));
  expect(policies).toContain(':service/shop/*');
  expect(policies).not.toContain('service/shop/web-');
});

it('its tasks that stop are told to the scaler, by cluster and service, and no group of EC2 is listened for', () => {
  const rules = Object.values(scaler.findResources('AWS::Events::Rule'));
  const ofInstances = rules.filter(({ Properties }) => Properties.EventPattern?.source?.[0] !== 'aws.ecs');
  expect(JSON.stringify(ofInstances)).not.toContain('ecs:shop/web');
  scaler.hasResourceProperties('AWS::Events::Rule', {
    Name: 'shop-tasks-0',
    EventPattern: {
      source: ['aws.ecs'],
      'detail-type': ['ECS Task State Change'],
      detail: {
        clusterArn: [Match.objectLike({ 'Fn::Join': Match.anyValue() })],
        group: ['service:web'],
        lastStatus: ['STOPPED'],
      },
    },
  });
});

it('its CPU is watched by the names of cluster and service', () => {
  shop.template('shop-web').hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/ECS',
    MetricName: 'CPUUtilization',
    Dimensions: [
      { Name: 'ClusterName', Value: 'shop' },
      { Name: 'ServiceName', Value: 'web' },
    ],
  });
});

it('a fleet without services may do nothing in ECS', () => {
  const plain = synthesize(
    'name: shop\ngroups:\n  web:\n    existing: web-asg\n    minSize: 1\n    maxSize: 4\n    schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } }\n',
  );
  const template = JSON.stringify(plain.template('shop-scaler').toJSON());
  expect(template).not.toContain('ecs:');
  expect(template).not.toContain('aws.ecs');
});

const abroad = synthesize(`
name: shop
groups:
  web:
    ecs: { region: eu-west-1, cluster: shop, service: web }
    minSize: 1
    maxSize: 4
    loadBalancer:
      targetGroupArns: ['arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/web/0123456789abcdef']
      loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:loadbalancer/app/web/0123456789abcdef'
    alarms:
      cpu-high: { metric: cpu, threshold: 70, comparisonOperator: GreaterThanThreshold, period: 300, evaluationPeriods: 3, scalingAdjustment: 1 }
  near:
    ecs: { cluster: shop, service: web }
    minSize: 1
    maxSize: 4
    targets: [{ metric: memory, targetValue: 60 }]
`);

it('a service in another region is granted there and nowhere else, and a cluster of the same name here is another one', () => {
  const policies = abroad.template('shop-scaler').findResources('AWS::IAM::ManagedPolicy');
  const statements = Object.values(policies).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as { Action: unknown; Resource: unknown }[],
  );
  const updates = statements.filter(({ Action }) => Action === 'ecs:UpdateService');
  expect(updates.map(({ Resource }) => plain(Resource))).toEqual([
    [
      'arn:AWS::Partition:ecs:AWS::Region:AWS::AccountId:service/shop/web',
      'arn:AWS::Partition:ecs:eu-west-1:AWS::AccountId:service/shop/web',
    ],
  ]);
});

it('a service in another region has no alarm here, of its rules or of its load balancer', () => {
  abroad.template('shop-web').resourceCountIs('AWS::CloudWatch::Alarm', 0);
});

it('the dashboard shows what its rules go by from its region, and targets of services by cluster and service', () => {
  const [dashboard] = Object.values(
    abroad.template('shop-scaler').findResources('AWS::CloudWatch::Dashboard'),
  );
  const { widgets } = JSON.parse(plain(dashboard!.Properties.DashboardBody) as string);
  const titled = (title: string) =>
    widgets.find(({ properties }: { properties: { title?: string } }) => properties.title === title)
      ?.properties;
  const dimensions = ['ClusterName', 'shop', 'ServiceName', 'web'];
  expect(titled('web: cpu-high')).toMatchObject({
    region: 'eu-west-1',
    metrics: [['AWS/ECS', 'CPUUtilization', ...dimensions, expect.anything()]],
    annotations: { horizontal: [{ value: 70, label: 'threshold' }] },
  });
  expect(titled('near: memory against its target')).toMatchObject({
    region: 'AWS::Region',
    metrics: [['AWS/ECS', 'MemoryUtilization', ...dimensions, expect.anything()]],
  });
});

/** What is joined, with references by their names. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  const { 'Fn::Join': join, Ref } = Object(value);
  if (Ref !== undefined) return Ref;
  return join ? join[1].map(plain).join(join[0]) : value;
}
