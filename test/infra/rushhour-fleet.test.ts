import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aspects, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { functions } from '../../infra/functions.ts';
import { type LayOutProps, layOutFleet } from '../../infra/lay-out-fleet.ts';
import { RushhourFleet } from '../../infra/rushhour-fleet.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { exampleFleet, existingVpc, plainGroup } from '../kit/synthesis.ts';

const now = Date.parse('2026-03-04T00:00:00Z');
const code = Object.fromEntries(Object.keys(functions).map((name) => [name, Code.fromInline('//')]));
const recommended = createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json');

function appWith(context: Record<string, unknown> = {}): App {
  const outdir = mkdtempSync(join(tmpdir(), 'rushhour-construct-'));
  return new App({ context, analyticsReporting: false, outdir });
}

/** A fleet without code in its functions, in an app or a stack. */
function layOut(scope: Construct, yaml: string, props: Partial<LayOutProps> = {}) {
  return layOutFleet(scope, { fleet: readFleet(yaml), fleetDirectory: process.cwd(), now, code, ...props });
}

/** With a VPC of its own, NAT gateways, TLS, both kinds of load balancer, draining, secrets, adopted servers and an objective. */
const rich = `
name: rich
notify: { email: [ops@example.com] }
network: { maxAzs: 2, natGateways: 1 }
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: [c7g.large, c8g.large], secrets: { PASSWORD: shop/database },
              environment: { INNER: "address-of:inner" }, dataDisks: [{ device: /dev/sdf, sizeGiB: 100, keep: true }] }
    minSize: 1
    maxSize: 4
    loadBalancer: { scheme: internet-facing, protocol: HTTPS, port: 443, targetPort: 8080, rateLimitPerClient: 1000,
                    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b" }
    draining: { command: /opt/drain }
    schedules: { noon: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
    alarms: { memory-high: { metric: memory, comparisonOperator: GreaterThanThreshold, threshold: 80, period: 60,
                             evaluationPeriods: 3, scalingAdjustment: 1 } }
  inner:${plainGroup}
    loadBalancer: { scheme: internal, protocol: TLS, port: 443, targetPort: 7000,
                    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b" }
    objective: { metric: cpu, targetValue: 60, unserved: 0.1% }
  legacy: { existing: legacy, minSize: 1, maxSize: 2 }
`;

// biome-ignore lint/suspicious/noExplicitAny: templates hold anything.
type Resource = { Type: string; Properties: any };

const resourcesOf = (template: Template) => Object.entries<Resource>(template.toJSON().Resources);

/** Every permission by itself: the statements may be merged, or their actions be in one list or in several. */
function permissions(template: Template): Set<string> {
  const found = new Set<string>();
  const visit = (type: string, value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(type, each);
    else if (value && typeof value === 'object') {
      const { Statement, ...rest } = value as { Statement?: unknown };
      for (const statement of [Statement ?? []].flat() as Record<string, unknown>[]) {
        const { Action, Resource, Sid: _, ...others } = statement;
        for (const action of [Action].flat())
          for (const resource of [Resource].flat())
            found.add(JSON.stringify({ type, action, resource, ...others }));
      }
      visit(type, Object.values(rest));
    }
  };
  for (const [, { Type, Properties }] of resourcesOf(template)) visit(Type, Properties);
  return found;
}

const countsOf = (template: Template): Record<string, number> => {
  const types = resourcesOf(template).map(([, { Type }]) => Type);
  return Object.fromEntries(
    [...Map.groupBy(types, (type) => type)].map(([type, all]) => [type, all.length]).sort(),
  );
};

/** What names a resource in its account. */
const nameProperties = [
  ...[
    'Name',
    'FunctionName',
    'TableName',
    'TopicName',
    'QueueName',
    'AlarmName',
    'LogGroupName',
    'DashboardName',
  ],
  ...['AutoScalingGroupName', 'LaunchTemplateName', 'RoleName'],
];

/** What stands for the construct: something of a team's with an id of its own. */
class Holder extends Construct {}

describe("in somebody's stack", () => {
  const inStack = (context?: Record<string, unknown>) => {
    const stack = new Stack(appWith(context), 'Theirs');
    layOut(stack, rich);
    return Template.fromStack(stack);
  };
  const bare = inStack();
  const flagged = inStack(recommended);

  it('leans on no flag: with all that the CDK recommends it makes the same resources and the same permissions', () => {
    expect(Object.keys(recommended).length).toBeGreaterThan(50);
    expect(countsOf(flagged)).toEqual(countsOf(bare));
    expect(permissions(bare).size).toBeGreaterThan(60);
    expect([...permissions(flagged)].sort()).toEqual([...permissions(bare)].sort());
  });

  it('leans on none in an app either, where stacks refer to each other', () => {
    const inApp = (context?: Record<string, unknown>) => {
      const app = appWith(context);
      layOut(app, rich);
      return app.node.children.filter(Stack.isStack).map((stack) => Template.fromStack(stack));
    };
    const [bares, flaggeds] = [inApp(), inApp(recommended)];
    expect(flaggeds.map(countsOf)).toEqual(bares.map(countsOf));
    const sets = (templates: Template[]) => templates.map((template) => [...permissions(template)].sort());
    expect(sets(flaggeds)).toEqual(sets(bares));
    expect(flaggeds.map((template) => Object.keys(template.toJSON().Outputs).sort())).toEqual(
      bares.map((template) => Object.keys(template.toJSON().Outputs).sort()),
    );
  });

  it('makes the same resources as in an app, where each part has a stack', () => {
    const app = appWith();
    layOut(app, rich);
    const stacks = app.node.children
      .filter(Stack.isStack)
      .map((stack) => countsOf(Template.fromStack(stack)));
    expect(stacks).toHaveLength(5);
    const all: Record<string, number> = {};
    for (const counts of stacks)
      for (const [type, count] of Object.entries(counts)) all[type] = (all[type] ?? 0) + count;
    // A stack needs a resource.
    delete all['AWS::CloudFormation::WaitConditionHandle'];
    expect(countsOf(bare)).toEqual(all);
  });

  it('adds no aspect, reads no context and makes no app: not one of its own, and the CDK none but on its roles and launch templates', () => {
    const sources = globSync('infra/*.ts').filter((file) => !/app|nag|write/.test(file));
    expect(sources.length).toBeGreaterThan(25);
    for (const file of sources)
      expect(readFileSync(file, 'utf8'), file).not.toMatch(
        /Aspects\.of|Tags\.of|etContext\(|fromLookup|new App\(/,
      );
    const stack = new Stack(appWith(), 'Theirs');
    layOut(stack, rich);
    const withAspects = stack.node.findAll().filter((one) => Aspects.of(one).all.length > 0);
    const others = withAspects.filter(
      (one) => !(one instanceof iam.Role || one instanceof ec2.LaunchTemplate),
    );
    expect(others.map(({ node }) => node.path)).toEqual([]);
  });

  it('asks the account nothing where the stack says which one it is', () => {
    const app = appWith();
    layOut(new Stack(app, 'Theirs', { env: { account: '123456789012', region: 'eu-west-1' } }), rich);
    expect(app.synth().manifest.missing ?? []).toEqual([]);
  });
});

describe('what a team has already', () => {
  const app = appWith();
  const stack = new Stack(app, 'Theirs');
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }) as ec2.IVpc;
  const topic = new sns.Topic(stack, 'Topic');
  const { groups } = layOut(
    stack,
    `name: shop\nnotify: { email: [ops@example.com] }\ngroups:\n  web:${plainGroup}\n    loadBalancer: { scheme: internet-facing, port: 80 }\n`,
    { vpc, topic, logRetention: RetentionDays.ONE_YEAR },
  );
  const template = Template.fromStack(stack);

  it('is used: VPC, topic, log retention', () => {
    template.resourceCountIs('AWS::EC2::VPC', 1);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
    const topics = Object.keys(template.findResources('AWS::SNS::Topic'));
    expect(topics.filter((id) => id.includes('Notices'))).toEqual([]);
    const subscriptions = Object.values(template.findResources('AWS::SNS::Subscription'));
    expect(subscriptions.map(({ Properties }) => Properties.TopicArn)).toContainEqual(
      stack.resolve(topic.topicArn),
    );
    const [group] = Object.values(template.findResources('AWS::AutoScaling::AutoScalingGroup'));
    expect(group!.Properties.VPCZoneIdentifier).toEqual(
      stack.resolve(vpc.privateSubnets.map((one) => one.subnetId)),
    );
  });

  it('can be joined with what the fleet made', () => {
    const web = groups.get('web')!;
    expect(web.scalingGroupName).toBe('shop-web');
    expect(stack.resolve(web.autoScalingGroup.autoScalingGroupName)).toEqual({
      Ref: expect.stringContaining('ScalingGroup'),
    });
    expect(web.loadBalancer).toBeInstanceOf(elb.ApplicationLoadBalancer);
    expect(web.securityGroup!.securityGroupId).toBeDefined();
    expect(
      () =>
        new autoscaling.CfnScheduledAction(stack, 'Theirs', {
          autoScalingGroupName: web.autoScalingGroup.autoScalingGroupName,
        }),
    ).not.toThrow();
  });
});

describe('a load balancer that the team has', () => {
  const yaml = `name: shop
groups:
  web:${plainGroup}
    loadBalancer: { given: application }
    alarms: { busy: { metric: requestsPerSecond, comparisonOperator: GreaterThanThreshold, threshold: 400, period: 60,
                      evaluationPeriods: 2, scalingAdjustment: 2 } }
`;
  const stack = new Stack(appWith(), 'Theirs');
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }) as ec2.IVpc;
  const loadBalancer = new elb.ApplicationLoadBalancer(stack, 'Balancer', { vpc });
  const targetGroup = new elb.ApplicationTargetGroup(stack, 'Targets', { vpc, port: 80 });
  loadBalancer.addListener('Listener', { port: 80, defaultTargetGroups: [targetGroup] });
  const given = { loadBalancer, targetGroups: [targetGroup] };

  it('takes the servers, and is what they are measured at', () => {
    layOut(stack, yaml, { vpc, given: { web: given } });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    const [group] = Object.values(template.findResources('AWS::AutoScaling::AutoScalingGroup'));
    expect(group!.Properties.TargetGroupARNs).toEqual([stack.resolve(targetGroup.targetGroupArn)]);
    expect(group!.DependsOn).toContainEqual(expect.stringContaining('Listener'));
    const alarms = JSON.stringify(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toContain(JSON.stringify(stack.resolve(loadBalancer.loadBalancerFullName)));
    expect(alarms).toContain(JSON.stringify(stack.resolve(targetGroup.targetGroupFullName)));
  });

  it('is asked for where the fleet says that it is given, and the other way round', () => {
    expect(() => layOut(new Stack(appWith(), 'Other'), yaml)).toThrow(
      /expected groups: \{ web: \{ loadBalancer, targetGroups/,
    );
    const silent = `name: shop\ngroups:\n  web:${plainGroup}\n`;
    expect(() => layOut(new Stack(appWith(), 'Another'), silent, { given: { web: given } })).toThrow(
      /expected loadBalancer: \{ given: application \}/,
    );
  });
});

describe('many groups', () => {
  const many = (count: number) =>
    `name: many\ngroups:\n${Array.from({ length: count }, (_, index) => `  g${index}:${plainGroup}\n`).join('')}`;

  it('have nested stacks, as a stack has room for 500 resources; few have not', () => {
    const stack = new Stack(appWith(), 'Theirs');
    layOut(stack, many(40));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::CloudFormation::Stack', 40);
    expect(resourcesOf(template).length).toBeLessThan(200);
    const small = new Stack(appWith(), 'Theirs');
    layOut(small, many(10));
    Template.fromStack(small).resourceCountIs('AWS::CloudFormation::Stack', 0);
    expect(resourcesOf(Template.fromStack(small)).length).toBeLessThan(500);
  });

  it('have nested stacks or none where the app says so', () => {
    const stack = new Stack(appWith(), 'Theirs');
    layOut(stack, many(2), { nestedStacks: true });
    Template.fromStack(stack).resourceCountIs('AWS::CloudFormation::Stack', 2);
    const flat = new Stack(appWith(), 'Theirs');
    layOut(flat, many(11), { nestedStacks: false });
    Template.fromStack(flat).resourceCountIs('AWS::CloudFormation::Stack', 0);
  });

  it('are refused where CloudFormation would refuse them', () => {
    const window = '{ start: "0 9 * * *", end: "0 17 * * *", scalingAdjustment: 1 }';
    const windows = Array.from({ length: 90 }, (_, index) => `w${index}: ${window}`).join(', ');
    const problems = (count: number) => {
      const stack = new Stack(appWith(), 'Theirs');
      layOut(stack, many(count).replaceAll('maxSize: 4', `maxSize: 4\n    schedules: { ${windows} }`));
      return stack.node.findAll().flatMap(({ node }) => node.validate());
    };
    expect(problems(11)).toEqual([]);
    expect(problems(15)).toEqual([
      expect.stringMatching(
        /^The nested stacks of fleet many have \d+ resources, .* at most 2500 in one operation/,
      ),
    ]);
  });
});

describe('a stage', () => {
  it('holds the stacks of a fleet, and another stage those of another', () => {
    const app = appWith();
    for (const name of ['test', 'live'])
      layOut(new Stage(app, name), exampleFleet.replace('name: lunch', `name: ${name}`));
    const assembly = app.synth();
    const names = assembly.nestedAssemblies.map(({ nestedAssembly }) =>
      nestedAssembly.stacks.map(({ stackName }) => stackName).sort(),
    );
    expect(names).toEqual([
      ['live-business', 'live-scaler', 'live-session'],
      ['test-business', 'test-scaler', 'test-session'],
    ]);
  });
});

describe('two fleets', () => {
  const fleetOf = (name: string) => `name: ${name}\ngroups:\n  web:${plainGroup}\n`;

  it('are in one stack or one app, and share no name', () => {
    const stack = new Stack(appWith(), 'Theirs');
    for (const name of ['shop', 'blog']) layOut(new Holder(stack, name), fleetOf(name));
    const names = resourcesOf(Template.fromStack(stack)).flatMap(([, { Type, Properties }]) =>
      nameProperties.flatMap((key) =>
        typeof Properties?.[key] === 'string' ? [`${Type} ${Properties[key]}`] : [],
      ),
    );
    expect(names).toContain('AWS::AutoScaling::AutoScalingGroup blog-web');
    expect(names).toContain('AWS::DynamoDB::Table shop-ledger');
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
    const app = appWith();
    for (const name of ['shop', 'blog']) layOut(new Holder(app, name), fleetOf(name));
    expect(
      app
        .synth()
        .stacks.map(({ stackName }) => stackName)
        .sort(),
    ).toEqual(['blog', 'shop'].flatMap((name) => [`${name}-network`, `${name}-scaler`, `${name}-web`]));
  });
});

describe('a pipeline', () => {
  it('deploys the stages of a fleet, in each the scaler before its groups', () => {
    const app = appWith();
    const stack = new Stack(app, 'Pipeline', { env: { account: '123456789012', region: 'eu-west-1' } });
    const pipeline = new pipelines.CodePipeline(stack, 'Pipeline', {
      // CDK's classes and interfaces disagree on optional members when `exactOptionalPropertyTypes` is on.
      synth: new pipelines.ShellStep('Synth', {
        input: pipelines.CodePipelineSource.connection('shop/fleet', 'main', {
          connectionArn: 'arn:aws:codestar-connections:eu-west-1:123456789012:connection/0a1b',
        }) as pipelines.IFileSetProducer,
        commands: ['npm ci', 'npx cdk synth'],
      }) as pipelines.IFileSetProducer,
    });
    for (const name of ['test', 'live']) {
      const stage = new Stage(app, name, { env: { account: '123456789012', region: 'eu-west-1' } });
      layOut(stage, `name: shop-${name}\nnetwork: ${existingVpc}\ngroups:\n  web:${plainGroup}\n`);
      pipeline.addStage(stage);
    }
    const [made] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
    const stages = new Map<string, { Name: string; RunOrder: number }[]>(
      made!.Properties.Stages.map((one: { Name: string; Actions: unknown }) => [one.Name, one.Actions]),
    );
    for (const name of ['test', 'live']) {
      const order = new Map(stages.get(name)!.map((action) => [action.Name, action.RunOrder]));
      expect(order.get(`shop-${name}-web.Prepare`)).toBeGreaterThan(order.get(`shop-${name}-scaler.Deploy`)!);
    }
    expect(app.synth().manifest.missing ?? []).toEqual([]);
  });
});

describe('the construct', () => {
  const launch = { imageId: 'ami-0a1b2c3d4e5f60718', instanceType: 'c7g.large' };

  it('gives what it made, and takes what a team has by reference', () => {
    const stack = new Stack(appWith(), 'Theirs');
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0a1b2c3d',
      availabilityZones: ['eu-west-1a'],
      privateSubnetIds: ['subnet-0a1b2c3d'],
    });
    const topicArn = 'arn:aws:sns:eu-west-1:123456789012:theirs';
    const securityGroup = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Servers', 'sg-0a1b2c3d');
    const balancerArn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/theirs/0a1b';
    const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/theirs/0a1b';
    const loadBalancer = elb.NetworkLoadBalancer.fromNetworkLoadBalancerAttributes(stack, 'Balancer', {
      loadBalancerArn: balancerArn,
    });
    const targetGroups = [
      elb.NetworkTargetGroup.fromTargetGroupAttributes(stack, 'Targets', {
        targetGroupArn,
        loadBalancerArns: balancerArn,
      }),
    ];
    const fleet = new RushhourFleet(stack, 'Fleet', {
      fleet: {
        name: 'typed',
        groups: { web: { launch, minSize: 1, maxSize: 2, loadBalancer: { given: 'network' } } },
      },
      vpc,
      topic: sns.Topic.fromTopicArn(stack, 'Topic', topicArn),
      logRetention: RetentionDays.ONE_WEEK,
      groups: { web: { securityGroup, loadBalancer, targetGroups } },
    });
    const web = fleet.group('web');
    expect(web.loadBalancer).toBe(loadBalancer);
    expect(web.securityGroup).toBe(securityGroup);
    expect(web.autoScalingGroup.autoScalingGroupName).toBeDefined();
    expect(() => fleet.group('wbe')).toThrow('The fleet has no group wbe. It has web.');
    expect(Object.keys(fleet.functions)).toEqual(Object.keys(functions));
    expect(fleet.topic.topicArn).toBe(topicArn);
    // As a team would use it: whoever reads the history, or is told when the sweep fails.
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
    fleet.activities.grantReadData(reader);
    fleet.ledger.grantReadData(reader);
    fleet.functions['history']!.grantInvoke(reader);
    const template = Template.fromStack(stack);
    for (const made of [
      'AWS::EC2::VPC',
      'AWS::EC2::SecurityGroup',
      'AWS::ElasticLoadBalancingV2::TargetGroup',
    ])
      template.resourceCountIs(made, 0);
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      TargetGroupARNs: [targetGroupArn],
      VPCZoneIdentifier: ['subnet-0a1b2c3d'],
    });
    expect(JSON.stringify(template.findResources('AWS::EC2::LaunchTemplate'))).toContain('["sg-0a1b2c3d"]');
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'typed-sweep',
      Environment: { Variables: { TOPIC_ARN: topicArn } },
    });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });

  it('takes a fleet as data, and says every mistake of it', () => {
    const stack = new Stack(appWith(), 'Theirs');
    expect(
      () =>
        new RushhourFleet(stack, 'Fleet', {
          fleet: { name: 'typed', groups: { web: { launch, minSize: 3, maxSize: 2 } } },
        }),
    ).toThrow(/groups\.web\.minSize: expected at most maxSize \(2\), found 3/);
  });
});
