import { beforeEach, describe, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { CloudFormation } from '../src/cloudformation/cloudformation.ts';
import { Iam } from '../src/iam/iam.ts';
import { Logs } from '../src/logs/logs.ts';
import { S3 } from '../src/s3/s3.ts';
import type { Principal } from '../src/service.ts';
import { Ssm } from '../src/ssm/ssm.ts';

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const nestedType = 'AWS::CloudFormation::Stack';

let cloud: Cloud;

beforeEach(async () => {
  cloud = new Cloud({ start: Date.UTC(2026, 0, 1) });
  const s3 = new S3(cloud);
  cloud.add(s3, new Iam(cloud), new Logs(cloud), new Ssm(cloud, () => []), new CloudFormation(cloud, s3));
  await call('CreateBucket', { Bucket: 'templates' }, 's3');
});

// biome-ignore lint/suspicious/noExplicitAny: tests look into outputs of every operation.
function call(operation: string, input: object, service = 'cloudformation'): Promise<any> {
  return cloud.call(service, operation, input, owner);
}

/** Lays the template where `TemplateURL` finds it. */
async function template(key: string, content: object): Promise<string> {
  await call('PutObject', { Bucket: 'templates', Key: key, Body: JSON.stringify(content) }, 's3');
  return `https://s3.us-east-1.amazonaws.com/templates/${key}`;
}

async function run(operation: string, Resources: object, more: object = {}, input: object = {}) {
  const TemplateBody = JSON.stringify({ Resources, ...more });
  await call(operation, { StackName: 'outer', TemplateBody, ...input });
  return settled('outer');
}

async function settled(StackName: string) {
  await cloud.eventQueue.runUntil(cloud.eventQueue.now() + 120_000);
  return (await call('DescribeStacks', { StackName })).Stacks[0];
}

async function nested(StackName = 'outer', LogicalResourceId = 'Inner') {
  const input = { StackName, LogicalResourceId };
  const { StackResources } = await call('DescribeStackResources', input);
  const id = StackResources[0].PhysicalResourceId;
  return (await call('DescribeStacks', { StackName: id })).Stacks[0];
}

async function logGroups(): Promise<string[]> {
  const { logGroups: all } = await call('DescribeLogGroups', {}, 'logs');
  return all.map((group: { logGroupName: string }) => group.logGroupName).toSorted();
}

async function living(): Promise<string[]> {
  const { Stacks } = await call('DescribeStacks', {});
  return Stacks.map(({ StackName }: { StackName: string }) => StackName);
}

const logGroup = (LogGroupName: unknown) => ({ Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName } });
const inner = (TemplateURL: string, Parameters?: object) => ({
  Type: nestedType,
  Properties: { TemplateURL, ...(Parameters && { Parameters }) },
});

/** A log group of the name that is given, and its name as an output. */
const named = {
  Parameters: { Name: { Type: 'String' } },
  Resources: { Group: logGroup({ Ref: 'Name' }) },
  Outputs: { Made: { Value: { Ref: 'Group' } } },
};
/** A property that no log group has. */
const wrong = { Resources: { Wrong: { Type: 'AWS::Logs::LogGroup', Properties: { Colour: 'red' } } } };

describe('a nested stack', () => {
  it('is made from the template that its parent names, with parameters from it and outputs for it', async () => {
    const url = await template('named.json', named);
    const stack = await run('CreateStack', {
      Before: logGroup('before'),
      Inner: inner(url, { Name: { 'Fn::Join': ['-', [{ Ref: 'Before' }, 'inner']] } }),
      After: logGroup({ 'Fn::Join': ['-', ['after', { 'Fn::GetAtt': 'Inner.Outputs.Made' }]] }),
    });
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    expect(await logGroups()).toEqual(['after-before-inner', 'before', 'before-inner']);
  });

  it('is a stack of its own, that says whose it is and has its tags', async () => {
    const url = await template('named.json', named);
    const deep = { Resources: { Inner: inner(url, { Name: 'deep' }) } };
    const Tags = [{ Key: 'team', Value: 'shop' }];
    const outer = await run('CreateStack', { Inner: inner(await template('deep.json', deep)) }, {}, { Tags });
    const middle = await nested();
    const innermost = await nested(middle.StackId);
    expect(middle).toMatchObject({ ParentId: outer.StackId, RootId: outer.StackId, Tags });
    expect(middle.StackName).toMatch(/^outer-Inner-\w{12}$/);
    expect(innermost).toMatchObject({ ParentId: middle.StackId, RootId: outer.StackId, Tags });
    expect(outer.ParentId).toBeUndefined();
  });

  it('is told of in the events of its parent with its id, while it is being made', async () => {
    const url = await template('named.json', named);
    await run('CreateStack', { Inner: inner(url, { Name: 'one' }) });
    const { StackId } = await nested();
    const { StackEvents } = await call('DescribeStackEvents', { StackName: 'outer' });
    const told = StackEvents.filter(
      (event: Record<string, string>) => event['LogicalResourceId'] === 'Inner',
    );
    expect(told.toReversed()).toMatchObject([
      { ResourceStatus: 'CREATE_IN_PROGRESS', PhysicalResourceId: '' },
      {
        ResourceStatus: 'CREATE_IN_PROGRESS',
        ResourceStatusReason: 'Resource creation Initiated',
        PhysicalResourceId: StackId,
      },
      { ResourceStatus: 'CREATE_COMPLETE', PhysicalResourceId: StackId },
    ]);
  });

  it('may have roles where its parent may', async () => {
    const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } };
    const url = await template('role.json', { Resources: { Role: role } });
    const refused = await run('CreateStack', { Inner: inner(url) });
    expect(refused.StackStatus).toBe('ROLLBACK_COMPLETE');
    const { StackEvents } = await call('DescribeStackEvents', { StackName: 'outer' });
    expect(JSON.stringify(StackEvents)).toContain('Requires capabilities : [CAPABILITY_IAM]');
    await call('DeleteStack', { StackName: 'outer' });
    await settled(refused.StackId);
    const allowed = await run('CreateStack', { Inner: inner(url) }, {}, { Capabilities: ['CAPABILITY_IAM'] });
    expect(allowed.StackStatus).toBe('CREATE_COMPLETE');
  });

  it('is updated in place by its parent, also with an output that is new', async () => {
    const url = await template('named.json', named);
    await run('CreateStack', { Inner: inner(url, { Name: 'one' }) });
    const before = await nested();
    const more = {
      ...named,
      Outputs: { ...named.Outputs, Arn: { Value: { 'Fn::GetAtt': ['Group', 'Arn'] } } },
    };
    const next = await template('more.json', more);
    const Outputs = { Arn: { Value: { 'Fn::GetAtt': ['Inner', 'Outputs.Arn'] } } };
    const stack = await run('UpdateStack', { Inner: inner(next, { Name: 'two' }) }, { Outputs });
    expect(stack).toMatchObject({
      StackStatus: 'UPDATE_COMPLETE',
      Outputs: [{ OutputValue: expect.stringContaining(':log-group:two') }],
    });
    expect(await nested()).toMatchObject({ StackId: before.StackId, StackStatus: 'UPDATE_COMPLETE' });
    expect(await logGroups()).toEqual(['two']);
  });

  it('is left as it is when only its parent changes', async () => {
    const url = await template('named.json', named);
    const Inner = inner(url, { Name: 'one' });
    await run('CreateStack', { Inner });
    await run('UpdateStack', { Inner, More: logGroup('more') });
    expect(await nested()).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  });

  it('is deleted with all that is in it when its parent is, or lets go of it', async () => {
    const url = await template('named.json', named);
    await run('CreateStack', { Inner: inner(url, { Name: 'one' }), Other: inner(url, { Name: 'other' }) });
    await run('UpdateStack', { Inner: inner(url, { Name: 'one' }) });
    expect(await logGroups()).toEqual(['one']);
    const outer = await settled('outer');
    await call('DeleteStack', { StackName: 'outer' });
    expect(await settled(outer.StackId)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
    expect(await living()).toEqual([]);
    expect(await logGroups()).toEqual([]);
  });
});

describe('a nested stack that cannot be made', () => {
  it('takes its parent back with it, and leaves nothing', async () => {
    const stack = await run('CreateStack', {
      Before: logGroup('before'),
      Inner: { ...inner(await template('wrong.json', wrong)), DependsOn: 'Before' },
    });
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    const { StackEvents } = await call('DescribeStackEvents', { StackName: 'outer' });
    const [failed] = StackEvents.filter(
      (event: Record<string, string>) => event['ResourceStatus'] === 'CREATE_FAILED',
    );
    expect(failed.ResourceStatusReason).toMatch(
      /^Embedded stack arn:aws:cloudformation:\S+ was not successfully created: The following resource\(s\) failed to create: \[Wrong\]\./,
    );
    expect(await logGroups()).toEqual([]);
    expect(await living()).toEqual(['outer']);
  });

  it('refuses what it cannot read: no template, a parameter that its template does not have', async () => {
    const url = await template('named.json', named);
    for (const [Inner, reason] of [
      [inner('https://s3.us-east-1.amazonaws.com/templates/none.json'), /NoSuchKey|does not exist/],
      [inner(url, { Name: 'one', Colour: 'red' }), /\[Colour\] do not exist in the template/],
      [inner(url), /\[Name\] must have values/],
    ] as const) {
      const stack = await run('CreateStack', { Inner });
      expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
      const { StackEvents } = await call('DescribeStackEvents', { StackName: 'outer' });
      expect(JSON.stringify(StackEvents)).toMatch(reason);
      await call('DeleteStack', { StackName: 'outer' });
      await settled(stack.StackId);
    }
  });
});

describe('an update that fails', () => {
  it('within the nested stack puts it and its parent back', async () => {
    const url = await template('named.json', named);
    await run('CreateStack', { Inner: inner(url, { Name: 'one' }) });
    const resources = { ...named.Resources, ...wrong.Resources };
    const next = await template('next.json', { ...named, Resources: resources });
    const stack = await run('UpdateStack', { Inner: inner(next, { Name: 'two' }) });
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await nested()).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(await logGroups()).toEqual(['one']);
  });

  it('beside it, after it was updated, puts it back to the template that it had', async () => {
    const url = await template('named.json', named);
    await run('CreateStack', { Inner: inner(url, { Name: 'one' }) });
    const stack = await run('UpdateStack', {
      Inner: inner(url, { Name: 'two' }),
      Wrong: { ...wrong.Resources.Wrong, DependsOn: 'Inner' },
    });
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await logGroups()).toEqual(['one']);
    // And can be updated again.
    const again = await run('UpdateStack', { Inner: inner(url, { Name: 'three' }) });
    expect(again.StackStatus).toBe('UPDATE_COMPLETE');
    expect(await logGroups()).toEqual(['three']);
  });
});

describe('a template', () => {
  it.each([
    ['Resources', 500, (index: number) => logGroup(`group-${index}`)],
    ['Outputs', 200, () => ({ Value: 'x' })],
    ['Parameters', 200, () => ({ Type: 'String', Default: 'x' })],
  ] as const)('has as many %s as CloudFormation takes, and no more', async (section, most, one) => {
    const entries = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`E${index}`, one(index)]));
    const validate = (count: number) => {
      const content = { Resources: { Group: logGroup('group') }, [section]: entries(count) };
      return call('ValidateTemplate', { TemplateBody: JSON.stringify(content) });
    };
    await expect(validate(most)).resolves.toBeDefined();
    await expect(validate(most + 1)).rejects.toThrow(
      `Number of ${section.toLowerCase()}, ${most + 1}, is greater than maximum allowed, ${most}`,
    );
  });
});
