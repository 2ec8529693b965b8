// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of CloudFormation have them in strings.
import { describe, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { CloudFormation } from '../src/cloudformation/cloudformation.ts';
import { Iam } from '../src/iam/iam.ts';
import { Logs } from '../src/logs/logs.ts';
import { S3 } from '../src/s3/s3.ts';
import type { Principal } from '../src/service.ts';
import { Ssm } from '../src/ssm/ssm.ts';

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };

class Account {
  readonly cloud: Cloud;

  constructor(account = '000000000000') {
    this.cloud = new Cloud({ start: Date.UTC(2026, 0, 1), account });
    const s3 = new S3(this.cloud);
    this.cloud.add(s3, new Iam(this.cloud), new Logs(this.cloud), new Ssm(this.cloud, () => []));
    this.cloud.add(new CloudFormation(this.cloud, s3));
  }

  call(operation: string, input: object, service = 'cloudformation') {
    return this.cloud.call(service, operation, input, owner);
  }

  /** Runs the operation to its end. @returns the stack */
  async run(operation: string, StackName: string, template: object | string, input: object = {}) {
    const TemplateBody = typeof template === 'string' ? template : JSON.stringify(template);
    const Capabilities = ['CAPABILITY_NAMED_IAM'];
    const { StackId } = await this.call(operation, { StackName, TemplateBody, Capabilities, ...input });
    return this.settled(StackId);
  }

  async settled(StackName: string) {
    await this.cloud.eventQueue.runUntil(this.cloud.eventQueue.now() + 60_000);
    return (await this.call('DescribeStacks', { StackName })).Stacks[0];
  }

  /** `LogicalId STATUS`, oldest first, the stack itself left out. */
  async events(StackName: string): Promise<string[]> {
    const { StackEvents } = await this.call('DescribeStackEvents', { StackName });
    return StackEvents.toReversed()
      .filter((event: { ResourceType: string }) => event.ResourceType !== 'AWS::CloudFormation::Stack')
      .map((event: Record<string, string>) => `${event['LogicalResourceId']} ${event['ResourceStatus']}`);
  }

  async reasons(StackName: string): Promise<string> {
    const { StackEvents } = await this.call('DescribeStackEvents', { StackName });
    return StackEvents.map((event: Record<string, string>) => event['ResourceStatusReason'] ?? '').join('\n');
  }

  async logGroups(): Promise<string[]> {
    const { logGroups } = await this.call('DescribeLogGroups', {}, 'logs');
    return logGroups.map((group: { logGroupName: string }) => group.logGroupName);
  }
}

const logGroup = (LogGroupName: unknown, more: object = {}) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName },
  ...more,
});

describe('the functions of a template', () => {
  it('become what CloudFormation documents, in YAML with short forms', async () => {
    const account = new Account();
    const stack = await account.run(
      'CreateStack',
      'functions',
      `
      Parameters:
        Names: { Type: CommaDelimitedList, Default: 'a, b' }
        Size: { Type: Number, Default: 3 }
      Mappings:
        Zones: { us-east-1: { first: us-east-1a } }
      Conditions:
        Large: !Equals [!Ref Size, 3]
        Small: !Not [!Condition Large]
        Both: !And [!Condition Large, !Not [!Condition Small]]
      Resources:
        Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: group, RetentionInDays: !If [Large, 7, !Ref 'AWS::NoValue'] } }
        Left: { Type: 'AWS::Logs::LogGroup', Condition: Small }
      Outputs:
        Joined: { Value: !Join ['-', [!Select [1, !Ref Names], !Ref 'AWS::Region']] }
        Substituted: { Value: !Sub ['\${Group} \${Group.Arn} \${x} \${!kept}', { x: !FindInMap [Zones, !Ref 'AWS::Region', first] }] }
        Split: { Value: !Select [2, !Split [':', !GetAtt Group.Arn]] }
        Cidr: { Value: !Select [1, !Cidr ['10.0.0.0/16', 4, 8]] }
        Base64: { Value: !Base64 hello }
        Zone: { Value: !Select [2, !GetAZs ''] }
        Both: { Condition: Both, Value: yes }
        Never: { Condition: Small, Value: no }
      `,
    );
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    const outputs = Object.fromEntries(
      stack.Outputs.map((each: { OutputKey: string; OutputValue: string }) => [
        each.OutputKey,
        each.OutputValue,
      ]),
    );
    expect(outputs).toEqual({
      Joined: 'b-us-east-1',
      Substituted: 'group arn:aws:logs:us-east-1:000000000000:log-group:group:* us-east-1a ${kept}',
      Split: 'logs',
      Cidr: '10.0.1.0/24',
      Base64: 'aGVsbG8=',
      Zone: 'us-east-1a',
      Both: 'yes',
    });
    expect(await account.logGroups()).toEqual(['group']);
  });

  it.each(['000000000000', '123456789012', '999999999999'])(
    'number the zones in an order that is not the alphabet’s, the same each time, in account %s',
    async (account) => {
      const numbered = async () => {
        const here = new Account(account);
        const Outputs = { All: { Value: { 'Fn::Join': [' ', { 'Fn::GetAZs': '' }] } } };
        const template = { Resources: { Group: logGroup('group') }, Outputs };
        return (await here.run('CreateStack', 's', template)).Outputs[0].OutputValue.split(' ');
      };
      const zones = await numbered();
      const sorted = zones.toSorted();
      expect(sorted).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c']);
      expect(zones[0]).not.toBe(sorted[0]);
      expect(await numbered()).toEqual(zones);
    },
  );

  it('read parameters and dynamic references from Systems Manager', async () => {
    const account = new Account();
    await account.call('PutParameter', { Name: '/name', Value: 'from-ssm' }, 'ssm');
    const stack = await account.run('CreateStack', 'ssm', {
      Parameters: { Name: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/name' } },
      Resources: { A: logGroup({ 'Fn::Sub': '${Name}-a' }), B: logGroup('{{resolve:ssm:/name}}-b') },
    });
    expect(stack.Parameters).toMatchObject([{ ParameterValue: '/name', ResolvedValue: 'from-ssm' }]);
    expect((await account.logGroups()).toSorted()).toEqual(['from-ssm-a', 'from-ssm-b']);
  });

  it('are read anew by each deploy, so that what they name moves without a difference in the template', async () => {
    const account = new Account();
    const put = (Value: string) =>
      account.call('PutParameter', { Name: '/name', Value, Overwrite: true }, 'ssm');
    const template = {
      Parameters: { Name: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/name' } },
      Resources: { A: logGroup({ 'Fn::Sub': '${Name}-a' }) },
    };
    await put('old');
    await account.run('CreateStack', 'moving', template);
    await put('new');
    await account.run('UpdateStack', 'moving', template);
    expect(await account.logGroups()).toEqual(['new-a']);
  });
});

describe('a stack', () => {
  it('is made in the order of its dependencies and deleted in the opposite one', async () => {
    const account = new Account();
    const template = {
      Resources: {
        Last: logGroup({ 'Fn::Sub': '${Middle}-last' }),
        Middle: logGroup('middle', { DependsOn: 'First' }),
        First: logGroup('first'),
      },
    };
    await account.run('CreateStack', 'order', template);
    const { Stacks } = await account.call('DescribeStacks', { StackName: 'order' });
    await account.call('DeleteStack', { StackName: 'order' });
    expect((await account.settled(Stacks[0].StackId)).StackStatus).toBe('DELETE_COMPLETE');
    const completed = (await account.events(Stacks[0].StackId)).filter((event) => event.endsWith('COMPLETE'));
    expect(completed.map((event) => event.split(' ')[0])).toEqual([
      'First',
      'Middle',
      'Last',
      'Last',
      'Middle',
      'First',
    ]);
  });

  it('is updated by its differences: changed in place, replaced, left out, left alone', async () => {
    const account = new Account();
    await account.run('CreateStack', 'differences', {
      Resources: {
        Same: logGroup('same'),
        Changed: logGroup('changed'),
        Renamed: logGroup('old'),
        Gone: logGroup('gone'),
      },
    });
    const before = (await account.events('differences')).length;
    const changed = {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: 'changed', RetentionInDays: '7' },
    };
    const stack = await account.run('UpdateStack', 'differences', {
      Resources: { Same: logGroup('same'), Changed: changed, Renamed: logGroup('new') },
    });
    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    expect(
      (await account.events('differences')).slice(before).filter((event) => event.endsWith('COMPLETE')),
    ).toEqual([
      'Changed UPDATE_COMPLETE',
      'Renamed UPDATE_COMPLETE',
      'Renamed DELETE_COMPLETE',
      'Gone DELETE_COMPLETE',
    ]);
    expect((await account.logGroups()).toSorted()).toEqual(['changed', 'new', 'same']);
  });

  it('refuses an update that changes nothing, in the words that clients look for', async () => {
    const account = new Account();
    const template = { Resources: { A: logGroup('a') } };
    await account.run('CreateStack', 'same', template);
    await expect(account.run('UpdateStack', 'same', template)).rejects.toThrow(
      'No updates are to be performed.',
    );
  });

  it('keeps what its policies say', async () => {
    const account = new Account();
    await account.run('CreateStack', 'kept', {
      Resources: { A: logGroup('kept', { DeletionPolicy: 'Retain' }), B: logGroup('lost') },
    });
    await account.call('DeleteStack', { StackName: 'kept' });
    await account.cloud.eventQueue.runUntil(account.cloud.eventQueue.now() + 60_000);
    expect(await account.logGroups()).toEqual(['kept']);
  });

  it('is not deleted while it is protected', async () => {
    const account = new Account();
    await account.run(
      'CreateStack',
      'safe',
      { Resources: { A: logGroup('a') } },
      { EnableTerminationProtection: true },
    );
    await expect(account.call('DeleteStack', { StackName: 'safe' })).rejects.toThrow(
      'TerminationProtection is enabled',
    );
  });
});

describe('a failure', () => {
  it('of a new stack deletes what was made, and says which property nobody knows', async () => {
    const account = new Account();
    const wrong = { Type: 'AWS::Logs::LogGroup', DependsOn: 'Good', Properties: { RetentionDays: 7 } };
    const stack = await account.run('CreateStack', 'wrong', {
      Resources: { Good: logGroup('good'), Wrong: wrong },
    });
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await account.reasons('wrong')).toContain('the local cloud does not know RetentionDays');
    expect(await account.events('wrong')).toContain('Wrong CREATE_FAILED');
    expect(await account.logGroups()).toEqual([]);
  });

  it('of an update puts everything back', async () => {
    const account = new Account();
    await account.run('CreateStack', 'back', { Resources: { A: logGroup('a'), Named: logGroup('old') } });
    const retaining = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'a', RetentionInDays: 7 } };
    const clash = logGroup('a', { DependsOn: ['A', 'Named'] });
    const stack = await account.run('UpdateStack', 'back', {
      Resources: { A: retaining, Named: logGroup('new'), Clash: clash },
    });
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await account.logGroups()).toSorted()).toEqual(['a', 'old']);
    const { logGroups } = await account.call('DescribeLogGroups', { logGroupNamePrefix: 'a' }, 'logs');
    expect(logGroups[0].retentionInDays).toBeUndefined();
  });

  it('leaves everything as it is when rollback is disabled, until it is asked for', async () => {
    const account = new Account();
    const clash = logGroup('a', { DependsOn: 'A' });
    const template = { Resources: { A: logGroup('a'), Clash: clash } };
    const stack = await account.run('CreateStack', 'left', template, { DisableRollback: true });
    expect(stack.StackStatus).toBe('CREATE_FAILED');
    expect(await account.logGroups()).toEqual(['a']);
    await account.call('RollbackStack', { StackName: 'left' });
    expect((await account.settled('left')).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await account.logGroups()).toEqual([]);
  });

  it.each([
    [
      'a resource type',
      { Resources: { A: { Type: 'AWS::Nowhere::Thing' } } },
      'Unrecognized resource types: [AWS::Nowhere::Thing]',
    ],
    ['a section', { Resources: {}, Transform: 'AWS::Serverless' }, 'Unrecognized key: "Transform"'],
    ['a reference', { Resources: { A: logGroup({ Ref: 'B' }) } }, 'Unresolved resource dependencies [B]'],
    [
      'an order',
      { Resources: { A: logGroup({ Ref: 'B' }), B: logGroup({ Ref: 'A' }) } },
      'Circular dependency between resources: [A, B]',
    ],
    [
      'a parameter',
      { Parameters: { P: { Type: 'String' } }, Resources: { A: logGroup({ Ref: 'P' }) } },
      '[P] must have values',
    ],
    ['resources', { Resources: {} }, 'At least one Resources member must be defined'],
  ])('of %s is found before anything is made', async (_, template, message) => {
    await expect(new Account().run('CreateStack', 'refused', template)).rejects.toThrow(message);
  });
});

describe('an export', () => {
  const exporting = (value: string) => ({
    Resources: { A: logGroup(value) },
    Outputs: { Name: { Value: { Ref: 'A' }, Export: { Name: 'shared' } } },
  });

  it('reaches other stacks, and can neither change nor vanish while they use it', async () => {
    const account = new Account();
    await account.run('CreateStack', 'giver', exporting('one'));
    await account.run('CreateStack', 'taker', {
      Resources: { B: logGroup({ 'Fn::Join': ['', [{ 'Fn::ImportValue': 'shared' }, '-imported']] }) },
    });
    expect(await account.logGroups()).toContain('one-imported');
    expect((await account.run('UpdateStack', 'giver', exporting('two'))).StackStatus).toBe(
      'UPDATE_ROLLBACK_COMPLETE',
    );
    expect(await account.reasons('giver')).toContain(
      'Export shared cannot be updated as it is in use by taker',
    );
    await account.call('DeleteStack', { StackName: 'giver' });
    expect((await account.settled('giver')).StackStatus).toBe('DELETE_FAILED');
    expect(await account.logGroups()).toContain('one');
  });

  it('reaches other stacks without an export, and then may change and vanish', async () => {
    const account = new Account();
    const giver = (name: string) => ({
      Resources: { A: logGroup(name) },
      Outputs: { Name: { Value: { Ref: 'A' } } },
    });
    const reading = (argument: object) => ({
      Resources: { B: logGroup({ 'Fn::Join': ['-', [{ 'Fn::GetStackOutput': argument }, 'read']] }) },
    });
    const taker = reading({ StackName: 'giver', OutputName: 'Name', Region: { Ref: 'AWS::Region' } });
    await account.run('CreateStack', 'giver', giver('one'));
    expect((await account.run('CreateStack', 'taker', taker)).StackStatus).toBe('CREATE_COMPLETE');
    await account.run('UpdateStack', 'giver', giver('two'));
    expect(await account.logGroups()).toEqual(['one-read', 'two']);
    expect((await account.run('UpdateStack', 'taker', taker)).StackStatus).toBe('UPDATE_COMPLETE');
    expect(await account.logGroups()).toContain('two-read');
    await account.call('DeleteStack', { StackName: 'giver' });
    await account.settled('taker');
    expect(await account.logGroups()).toEqual(['two-read']);
    for (const [argument, reason] of [
      [{ StackName: 'giver', OutputName: 'Name' }, 'Stack with id giver does not exist'],
      [{ StackName: 'taker', OutputName: 'None' }, 'Output None not found in stack taker'],
      [{ StackName: 'taker', OutputName: 'None', Region: 'eu-west-1' }, 'one account and one region'],
    ] as const) {
      const { StackId } = await account.run('CreateStack', 'other', reading(argument));
      expect(await account.reasons(StackId)).toContain(reason);
      await account.call('DeleteStack', { StackName: 'other' });
      await account.settled(StackId);
    }
  });
});

describe('a change set', () => {
  const create = { StackName: 'set', ChangeSetName: 'first', ChangeSetType: 'CREATE' };

  it('shows what would happen, then makes it happen', async () => {
    const account = new Account();
    const TemplateBody = JSON.stringify({
      Resources: { A: logGroup('a'), B: logGroup({ 'Fn::Sub': '${A}-b' }) },
    });
    const { StackId } = await account.call('CreateChangeSet', { ...create, TemplateBody });
    const { Stacks } = await account.call('DescribeStacks', { StackName: 'set' });
    expect(Stacks[0].StackStatus).toBe('REVIEW_IN_PROGRESS');
    const changeSet = await account.call('DescribeChangeSet', create);
    expect(changeSet.Status).toBe('CREATE_COMPLETE');
    expect(changeSet.Changes.map((each: { ResourceChange: object }) => each.ResourceChange)).toMatchObject([
      { Action: 'Add', LogicalResourceId: 'A' },
      { Action: 'Add', LogicalResourceId: 'B' },
    ]);
    expect(await account.logGroups()).toEqual([]);
    await account.call('ExecuteChangeSet', create);
    expect((await account.settled(StackId)).StackStatus).toBe('CREATE_COMPLETE');
    expect((await account.logGroups()).toSorted()).toEqual(['a', 'a-b']);
  });

  it('without changes fails in the words that clients look for', async () => {
    const account = new Account();
    const template = { Resources: { A: logGroup('a') } };
    await account.run('CreateStack', 'set', template);
    const update = { ...create, ChangeSetType: 'UPDATE', TemplateBody: JSON.stringify(template) };
    await account.call('CreateChangeSet', update);
    expect(await account.call('DescribeChangeSet', create)).toMatchObject({
      Status: 'FAILED',
      StatusReason: expect.stringContaining("The submitted information didn't contain changes."),
    });
  });
});
