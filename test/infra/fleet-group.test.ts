import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { exampleFleet, plainGroup, synthesize } from '../kit/synthesis.ts';

const example = synthesize(exampleFleet);
const scripts = mkdtempSync(join(tmpdir(), 'rushhour-scripts-'));
writeFileSync(
  join(scripts, 'boot.sh'),
  '#!/bin/bash\nserve --tier {{TIER}} --motto "$MOTTO" --password "$PASSWORD"\n',
);

const rich = synthesize(
  `
name: rich
groups:
  web:
    launch:
      imageId: ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64
      instanceType: [c7g.large, c8g.large]
      purchase: { onDemandBaseCapacity: 2, onDemandPercentageAboveBaseCapacity: 25 }
      systemDisk: { sizeGiB: 30, device: /dev/sda1 }
      dataDisks: [{ device: /dev/sdf, sizeGiB: 100, type: io2, iops: 3000, keep: true }]
      userData: boot.sh
      environment: { TIER: gold, MOTTO: "it's gold" }
      secrets: { PASSWORD: shop/database }
    minSize: 1
    maxSize: 4
    capacityRebalance: true
    terminationPolicies: [OldestLaunchTemplate, Default]
    draining: { command: "/opt/shop/drain", timeoutSeconds: 120, defaultResult: ABANDON }
    alarms:
      memory-high: { metric: memory, comparisonOperator: GreaterThanThreshold, threshold: 80, period: 60,
                     evaluationPeriods: 3, scalingAdjustment: 1 }
`,
  scripts,
);
const web = rich.template('rich-web');

describe('the servers of a group', () => {
  it('have no desired capacity in the template: a deploy in a window changes no count', () => {
    for (const stack of ['lunch-business', 'lunch-session']) {
      example.template(stack).hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
        DesiredCapacity: Match.absent(),
      });
    }
  });

  it('are bounded and checked as the fleet file says, in both zones', () => {
    example.template('lunch-business').hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      AutoScalingGroupName: 'lunch-business',
      MinSize: '3',
      MaxSize: '10',
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 300,
      DefaultInstanceWarmup: 120,
      TerminationPolicies: ['Default'],
      VPCZoneIdentifier: [Match.anyValue(), Match.anyValue()],
    });
  });

  it('may be as few as the lowest minimum of all windows', () => {
    const night = 'night: { start: "0 23 * * *", duration: 7h, lowerMinSizeTo: 1, maxSize: 3 }';
    const group = plainGroup.replace('minSize: 1', `minSize: 2\n    schedules: { ${night} }`);
    const { template } = synthesize(`name: lowered\ngroups:\n  web:${group}`);
    template('lowered-web').hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { MinSize: '1' });
  });

  it('are not replaced for what a load balancer says where some were adopted', () => {
    example.template('lunch-session').hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      HealthCheckType: 'EC2',
    });
  });

  it('boot with IMDSv2 only, encrypted disks and detailed monitoring, and open no SSH port', () => {
    const business = example.template('lunch-business');
    business.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        ImageId: 'ami-0a1b2c3d4e5f60718',
        InstanceType: 'c7g.xlarge',
        MetadataOptions: { HttpTokens: 'required' },
        Monitoring: { Enabled: true },
        KeyName: Match.absent(),
        BlockDeviceMappings: [{ Ebs: { Encrypted: true } }],
      },
    });
    const rules = Object.values(business.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules.map(({ Properties }) => Properties.FromPort)).toEqual([8001]);
  });

  it('mix instance types and purchase options', () => {
    web.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      LaunchTemplate: Match.absent(),
      CapacityRebalance: true,
      TerminationPolicies: ['OldestLaunchTemplate', 'Default'],
      MixedInstancesPolicy: {
        LaunchTemplate: { Overrides: [{ InstanceType: 'c7g.large' }, { InstanceType: 'c8g.large' }] },
        InstancesDistribution: {
          OnDemandAllocationStrategy: 'prioritized',
          OnDemandBaseCapacity: 2,
          OnDemandPercentageAboveBaseCapacity: 25,
          SpotAllocationStrategy: 'price-capacity-optimized',
        },
      },
    });
  });

  it('have the disks of the fleet file, each encrypted', () => {
    web.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        BlockDeviceMappings: [
          { DeviceName: '/dev/sda1', Ebs: { VolumeSize: 30, Encrypted: true, DeleteOnTermination: true } },
          {
            DeviceName: '/dev/sdf',
            Ebs: {
              VolumeSize: 100,
              VolumeType: 'io2',
              Iops: 3000,
              Encrypted: true,
              DeleteOnTermination: false,
            },
          },
        ],
      },
    });
  });

  it('take their image from a parameter where the fleet file names one', () => {
    web.hasParameter('*', {
      Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
      Default: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
    });
  });
});

describe('what a server does when it boots', () => {
  const script = userDataOf(web);

  it('runs the script with its values filled in', () => {
    expect(script).toContain(`export MOTTO='it'\\''s gold'`);
    expect(script).toContain(`serve --tier gold --motto "$MOTTO" --password "$PASSWORD"`);
  });

  it('fetches secrets by name, and may read no others', () => {
    expect(script).toContain(`--secret-id 'shop/database' --query SecretString`);
    web.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'secretsmanager:GetSecretValue',
            Resource: {
              'Fn::Join': ['', Match.arrayWith([':secret:shop/database-??????'])],
            },
          }),
        ]),
      },
    });
  });

  it('starts the CloudWatch agent, aggregated over the group, where memory or disk is looked at', () => {
    expect(script).toContain('"aggregation_dimensions":[["AutoScalingGroupName"]]');
    expect(script).toContain('"drop_original_metrics":["mem_used_percent"]');
    expect(userDataOf(example.template('lunch-business'))).not.toContain('amazon-cloudwatch-agent');
  });

  it('has the agent look at every disk, so that the fullest is seen, be it a data disk', () => {
    const { disk } = JSON.parse(/^\{"agent".*$/m.exec(script)![0]).metrics.metrics_collected;
    expect(disk).toMatchObject({ measurement: ['disk_used_percent'], resources: ['*'] });
    expect(disk.ignore_file_system_types).toEqual(expect.arrayContaining(['tmpfs', 'squashfs', 'efivarfs']));
  });

  it.each([
    [
      'names a value nobody gave',
      'serve {{COLOUR}}\n',
      'wrong.sh: expected no {{COLOUR}}, which is not in the launch',
    ],
    ['is not there', undefined, 'wrong.sh: expected a file that is there'],
    [
      'is longer than EC2 takes with what comes before it',
      '#'.repeat(16_384),
      'wrong.sh: expected at most 16384 bytes',
    ],
  ])('refuses a script that %s', (_, text, problem) => {
    const script = join(scripts, 'wrong.sh');
    if (text === undefined) rmSync(script, { force: true });
    else writeFileSync(script, text);
    const fleet = `name: w\ngroups:\n  web:${plainGroup.replace('c7g.large', 'c7g.large, userData: wrong.sh')}\n`;
    expect(() => synthesize(fleet, scripts)).toThrow(problem);
  });
});

describe('a server that leaves', () => {
  it('is held by a lifecycle hook, and let go by its timeout at the latest', () => {
    web.hasResourceProperties('AWS::AutoScaling::LifecycleHook', {
      AutoScalingGroupName: 'rich-web',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      HeartbeatTimeout: 180,
      DefaultResult: 'ABANDON',
    });
  });

  it('runs the command through SSM and completes the hook with the result', () => {
    const [document] = Object.values(web.findResources('AWS::SSM::Document'));
    const steps = document!.Properties.Content.mainSteps;
    expect(steps[0]).toMatchObject({
      action: 'aws:runCommand',
      timeoutSeconds: 120,
      onFailure: 'step:giveUp',
      inputs: { Parameters: { commands: ['/opt/shop/drain'] } },
    });
    expect(steps.slice(1).map((step: { inputs: object }) => step.inputs)).toMatchObject([
      { Api: 'CompleteLifecycleAction', LifecycleActionResult: 'CONTINUE' },
      { Api: 'CompleteLifecycleAction', LifecycleActionResult: 'ABANDON' },
    ]);
  });

  it('starts the automation by an event, with a dead-letter queue behind it', () => {
    web.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'detail-type': ['EC2 Instance-terminate Lifecycle Action'],
        detail: { AutoScalingGroupName: ['rich-web'] },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue(), RoleArn: Match.anyValue() })],
    });
  });

  it('starts that automation and no other: by its document, its executions, and its definition of old', () => {
    const starts = Object.values(web.findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'ssm:StartAutomationExecution');
    expect(starts).toHaveLength(1);
    const ends = starts[0].Resource.map((arn: { 'Fn::Join': [string, unknown[]] }) =>
      arn['Fn::Join'][1].at(-1),
    );
    expect(ends.sort()).toEqual([
      ':automation-definition/rich-web-draining:$DEFAULT',
      ':automation-execution/*',
      ':document/rich-web-draining',
    ]);
  });

  it('is the only one that the command may run on', () => {
    web.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'ssm:SendCommand',
            Condition: { StringEquals: { 'aws:ResourceTag/aws:autoscaling:groupName': 'rich-web' } },
          }),
        ]),
      },
    });
  });
});

describe('groups that were there before', () => {
  const imported = synthesize(`
name: old
groups:
  legacy:
    existing: shop-servers
    minSize: 1
    maxSize: 4
    loadBalancer:
      targetGroupArns: [arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/943f017f100becff]
      loadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188
    schedules:
      lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 }
    alarms:
      slow: { metric: responseTime, comparisonOperator: GreaterThanThreshold, threshold: 1, period: 60,
              evaluationPeriods: 3, scalingAdjustment: 1 }
`);
  const legacy = imported.template('old-legacy');

  it('need no network and get no servers: alarms, schedules and events only', () => {
    expect(imported.stacks).toEqual(['old-scaler', 'old-legacy']);
    const types = new Set(
      Object.values(legacy.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
    );
    expect([...types].sort()).toEqual(['AWS::CloudWatch::Alarm', 'AWS::Scheduler::Schedule']);
  });

  it('are measured at their own load balancer', () => {
    legacy.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'TargetResponseTime',
      ExtendedStatistic: 'p95',
      Dimensions: Match.arrayWith([
        { Name: 'TargetGroup', Value: 'targetgroup/shop/943f017f100becff' },
        { Name: 'LoadBalancer', Value: 'app/shop/50dc6c495c0c9188' },
      ]),
    });
  });

  it('are listened to, and written to, by their name', () => {
    const scaler = imported.template('old-scaler');
    scaler.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { AutoScalingGroupName: ['shop-servers'] } },
    });
    scaler.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: Match.arrayWith(['autoscaling:SetDesiredCapacity']),
            Resource: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('/shop-servers$')])] },
          }),
        ],
      },
    });
  });
});

it('names groups that were there before in policies that IAM takes, however long the names', () => {
  const name = (index: number) =>
    `shop-production-web-AutoScalingGroup-1X2Y3Z4A5B6C${index}`.padEnd(255, 'x');
  const groups = Array.from(
    { length: 40 },
    (_, index) => `  g${index}: { existing: ${name(index)}, minSize: 1, maxSize: 4 }\n`,
  );
  const scaler = synthesize(`name: old\ngroups:\n${groups.join('')}`).template('old-scaler');
  const policies = Object.values(scaler.findResources('AWS::IAM::ManagedPolicy'));
  const texts = policies.map(({ Properties }) => inLongestPlace(Properties.PolicyDocument));
  for (const text of texts) expect(text.length).toBeLessThanOrEqual(6144);
  for (let index = 0; index < 40; index++) expect(texts.join()).toContain(name(index));
});

describe('adopted servers', () => {
  it('raise a notice when they stop, for no scaling group replaces them', () => {
    example.template('lunch-session').hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ec2'],
        detail: { 'instance-id': ['i-0a5e551041adde001'] },
      },
      Targets: [Match.objectLike({ Arn: { 'Fn::ImportValue': Match.stringLikeRegexp('oninstanceevent') } })],
    });
  });
});

it('listens to as many adopted servers as there are, in patterns that EventBridge takes', () => {
  const ids = Array.from({ length: 200 }, (_, index) => `i-0a5e551041add${1000 + index}`);
  const many = synthesize(
    `name: m\ngroups:\n  web:${plainGroup.replace('maxSize: 4', 'maxSize: 300')}\n    instances: [${ids}]\n`,
  );
  const patterns = Object.values(many.template('m-web').findResources('AWS::Events::Rule')).map(
    ({ Properties }) => Properties.EventPattern,
  );
  expect(patterns.flatMap(({ detail }) => detail['instance-id'])).toEqual(ids);
  for (const pattern of patterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
});

describe('a group that we make', () => {
  it('lets its adopted servers go before it is deleted', () => {
    example.template('lunch-session').hasResource('Custom::AdoptedServers', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('ScalingGroup')]),
      Properties: {
        ServiceToken: { 'Fn::ImportValue': Match.stringLikeRegexp('release') },
        group: 'session',
        scalingGroup: 'lunch-session',
        instances: ['i-0a5e551041adde001'],
      },
    });
  });
});

/** A policy's text where names of partition and region are longest. */
function inLongestPlace(document: object): string {
  const values = { Partition: 'aws-us-gov', Region: 'ap-southeast-1', AccountId: '123456789012' };
  return JSON.stringify(document, (_, value) => {
    const pseudo = /^AWS::(.+)$/.exec(value?.Ref ?? '')?.[1];
    if (pseudo) return values[pseudo as keyof typeof values];
    return value;
  }).replaceAll(/\{"Fn::Join":\["",\[([^\]]*)\]\]\}/g, (_, parts: string) =>
    JSON.stringify(JSON.parse(`[${parts}]`).join('')),
  );
}

/** Text of the only launch template's user data, tokens left out. */
function userDataOf(template: Template): string {
  const [launch] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
  const data = launch!.Properties.LaunchTemplateData.UserData['Fn::Base64'];
  if (typeof data === 'string') return data;
  const [, parts] = data['Fn::Join'];
  return parts.filter((part: unknown) => typeof part === 'string').join('');
}

describe('a group that exists and has no alarm, window or server of its own', () => {
  it.each([
    ['targets', 'targets: [{ metric: cpu, targetValue: 50 }]'],
    ['a forecast', 'forecast: { unserved: 1% }'],
    ['an objective', 'objective: { unserved: 1% }'],
    ['nothing yet', 'mode: observe'],
  ])('makes a stack that can be deployed: %s', (_, scaled) => {
    const fleet = synthesize(
      `name: s\ngroups:\n  web:\n    existing: web-asg\n    minSize: 1\n    maxSize: 3\n    ${scaled}\n`,
    );
    expect(Object.keys(fleet.template('s-web').toJSON().Resources)).toHaveLength(1);
  });
});

it('starts the draining of servers on behalf of its own rule alone', () => {
  const roles = Object.values(web.findResources('AWS::IAM::Role')).map(
    ({ Properties }) => Properties.AssumeRolePolicyDocument.Statement[0],
  );
  const starter = roles.find(({ Principal }) => Principal.Service === 'events.amazonaws.com');
  expect(starter.Condition.StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
  expect(JSON.stringify(starter.Condition.ArnEquals['aws:SourceArn'])).toContain(':rule/rich-web-draining');
});
