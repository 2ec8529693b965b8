import type { Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { appOf, exampleFleet, existingVpc, plainGroup, synthesize } from '../kit/synthesis.ts';

const example = synthesize(exampleFleet);

describe('a fleet becomes stacks', () => {
  it('one for the scaler, one per group, in an order that can be deployed', () => {
    expect(example.stacks).toEqual(['lunch-scaler', 'lunch-session', 'lunch-business']);
  });

  it('tells servers the address of the group they need, which is deployed first', () => {
    example.template('lunch-business').hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        UserData: {
          'Fn::Base64': {
            'Fn::Join': [
              '',
              [
                Match.stringLikeRegexp("export SESSION_ADDRESS='$"),
                { Ref: Match.stringLikeRegexp('rushhourlunchsessionaddress') },
                Match.anyValue(),
              ],
            ],
          },
        },
      },
    });
  });

  it('exports what groups may import, whether or not one does: an export that goes with its reader blocks a deploy', () => {
    const exported = (yaml: string, stack: string) => {
      const { Outputs } = synthesize(yaml).template(stack).toJSON();
      return Object.keys(Outputs).filter((name) => name.startsWith('Exports'));
    };
    const bare = `name: lunch\ngroups:\n  only:${plainGroup}\n`;
    const made = exampleFleet.replace(/^network:\n( {2}.*\n)+/m, '').replace(/^ *instances:.*\n/m, '');
    for (const stack of ['lunch-scaler', 'lunch-network'])
      expect(exported(bare, stack)).toEqual(expect.arrayContaining(exported(made, stack)));
  });

  it('puts the fleet on every resource that takes tags, and the group on what is its own', () => {
    for (const stack of example.stacks) {
      const group = stack.slice('lunch-'.length);
      const expected: Record<string, string> = { 'rushhour:fleet': 'lunch' };
      if (group === 'business' || group === 'session') expected['rushhour:group'] = group;
      for (const [id, tags] of tagsIn(example.template(stack))) expect(tags, id).toMatchObject(expected);
    }
  });

  it('hands tags of the fleet file down to the servers and their disks', () => {
    const tagged = synthesize(`name: t\ntags: { team: shop }\ngroups:\n  web:${plainGroup}\n`).template(
      't-web',
    );
    tagged.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      Tags: Match.arrayWith([{ Key: 'team', Value: 'shop', PropagateAtLaunch: true }]),
    });
    tagged.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        TagSpecifications: Match.arrayWith([
          { ResourceType: 'volume', Tags: Match.arrayWith([{ Key: 'team', Value: 'shop' }]) },
        ]),
      },
    });
  });

  it('makes ten groups as it makes one', () => {
    const groups = Array.from({ length: 10 }, (_, index) => `  g${index}:${plainGroup}\n`).join('');
    expect(synthesize(`name: ten\ngroups:\n${groups}`).stacks).toHaveLength(12);
    expect(synthesize(`name: one\ngroups:\n  only:${plainGroup}\n`).stacks).toHaveLength(3);
  });

  it('gives two fleets in one account no name in common', () => {
    const other = synthesize(exampleFleet.replace('name: lunch', 'name: dinner'));
    const names = example.stacks.flatMap((stack) => namesIn(example.template(stack)));
    const others = other.stacks.flatMap((stack) => namesIn(other.template(stack)));
    expect(names.length).toBeGreaterThan(30);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => others.includes(name))).toEqual([]);
  });

  it('keeps every name within what AWS allows, however long the names in the file are', () => {
    const long = (letter: string) => letter.repeat(31);
    const wordy = synthesize(`name: ${long('f')}
network: ${existingVpc}
groups:
  ${long('g')}:${plainGroup}
    instances: [i-0a5e551041adde001]
    draining: { command: bye }
    loadBalancer: { scheme: internal, port: 80 }
    schedules:
      ${long('w')}: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 }
`);
    const most: Record<string, number> = {
      'AWS::Scheduler::Schedule': 64,
      'AWS::Events::Rule': 64,
      'AWS::Lambda::Function': 64,
      'AWS::SQS::Queue': 80,
      'AWS::ElasticLoadBalancingV2::LoadBalancer': 32,
      'AWS::ElasticLoadBalancingV2::TargetGroup': 32,
    };
    const names = new Set(wordy.stacks.flatMap((stack) => namesIn(wordy.template(stack))));
    expect(names.size).toBeGreaterThan(30);
    for (const [type, name] of [...names].map((each) => each.split(' ') as [string, string]))
      expect(name.length, name).toBeLessThanOrEqual(most[type] ?? 128);
  });

  it('stops at whatever cdk-nag finds and nobody accepted', () => {
    const app = appOf(`name: one\ngroups:\n  only:${plainGroup}\n`);
    new Bucket(app.node.findChild('one-only') as Stack, 'Careless');
    expect(() => app.synth()).toThrow('The S3 Bucket has server access logs disabled');
  });
});

it('keeps the scaler of 500 groups in one stack, which holds 500 resources and a megabyte', () => {
  const groups = Array.from({ length: 500 }, (_, index) => `  g${index}:${plainGroup}\n`).join('');
  const scaler = synthesize(`name: many\ngroups:\n${groups}`).template('many-scaler').toJSON();
  expect(Object.keys(scaler.Resources).length).toBeLessThan(100);
  expect(JSON.stringify(scaler).length).toBeLessThan(1_000_000);
});

type Tags = Record<string, string>;

function tagsIn(template: Template): [string, Tags][] {
  const resources: Record<string, { Properties?: { Tags?: { Key: string; Value: string }[] | Tags } }> =
    template.toJSON().Resources;
  return Object.entries(resources).flatMap(([id, { Properties }]) => {
    const tags = Properties?.Tags;
    if (!tags) return [];
    const record = Array.isArray(tags)
      ? Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
      : tags;
    return [[id, record] as [string, Tags]];
  });
}

/** Names that must be unique in an account and region, with their type. */
function namesIn(template: Template): string[] {
  const resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> =
    template.toJSON().Resources;
  const keys = ['Name', 'AlarmName', 'AutoScalingGroupName', 'FunctionName', 'LaunchTemplateName'];
  keys.push('LogGroupName', 'QueueName', 'TableName', 'TopicName', 'DashboardName', 'RoleName');
  return Object.values(resources).flatMap(({ Type, Properties = {} }) =>
    keys.flatMap((key) => (typeof Properties[key] === 'string' ? [`${Type} ${Properties[key]}`] : [])),
  );
}
