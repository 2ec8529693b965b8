import { afterEach, beforeEach, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { CloudFormation } from '../src/cloudformation/cloudformation.ts';
import { Endpoint } from '../src/endpoint.ts';
import { Iam } from '../src/iam/iam.ts';
import { Lambda } from '../src/lambda/lambda.ts';
import { Logs } from '../src/logs/logs.ts';
import { S3 } from '../src/s3/s3.ts';
import type { Principal } from '../src/service.ts';

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
let cloud: Cloud;
let endpoint: Endpoint;

beforeEach(async () => {
  cloud = new Cloud({ start: Date.UTC(2026, 0, 1) });
  const s3 = new S3(cloud);
  const iam = new Iam(cloud);
  cloud.add(s3, iam, new Lambda(cloud), new Logs(cloud), new CloudFormation(cloud, s3)).usePolicies(iam);
  endpoint = new Endpoint(cloud);
  await endpoint.listen();
});

afterEach(async () => {
  await endpoint.close();
  await cloud.close();
});

/** A stack whose function answers with `answer`, an expression over the request `event`. */
const template = (answer: string, properties: object) => ({
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: {
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        },
      },
    },
    Provider: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: {
          ZipFile: `exports.handler = async (event) => {
            await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(${answer}) });
          };`,
        },
      },
    },
    Thing: {
      Type: 'Custom::Thing',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] }, ...properties },
    },
  },
  Outputs: { Value: { Value: { 'Fn::GetAtt': ['Thing', 'Value'] } } },
});

async function run(operation: string, body: object) {
  const input = { StackName: 'custom', TemplateBody: JSON.stringify(body), Capabilities: ['CAPABILITY_IAM'] };
  await cloud.call('cloudformation', operation, input, owner);
  await cloud.eventQueue.runUntil(cloud.eventQueue.now() + 2 * 3_600_000);
  return (await cloud.call('cloudformation', 'DescribeStacks', { StackName: 'custom' }, owner)).Stacks[0];
}

const answering = `{
  Status: 'SUCCESS',
  PhysicalResourceId: 'thing-1',
  Data: { Value: event.RequestType + ' ' + typeof event.ResourceProperties.Size + ' ' + event.OldResourceProperties?.Size },
}`;

it('a function makes and changes a custom resource, and its answer has the attributes', async () => {
  const made = await run('CreateStack', template(answering, { Size: 1 }));
  expect(made).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [{ OutputValue: 'Create string undefined' }],
  });
  const changed = await run('UpdateStack', template(answering, { Size: 2 }));
  expect(changed).toMatchObject({
    StackStatus: 'UPDATE_COMPLETE',
    Outputs: [{ OutputValue: 'Update string 1' }],
  });
});

it('what the function says of its failure is the reason of the stack’s', async () => {
  const failing = `{ Status: event.RequestType === 'Delete' ? 'SUCCESS' : 'FAILED', Reason: 'no luck' }`;
  const stack = await run('CreateStack', template(failing, {}));
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  const input = { StackName: 'custom', Filters: { FailedEvents: true } };
  const { OperationEvents } = await cloud.call('cloudformation', 'DescribeEvents', input, owner);
  expect(OperationEvents[0].ResourceStatusReason).toContain('Message returned: no luck');
});

it('a function that never answers is given up on after an hour', async () => {
  const stack = await run('CreateStack', template("new Promise(() => {}) && { Status: 'NONE' }", {}));
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
});
