import type { Cloud } from '../cloud.ts';
import type { Principal } from '../service.ts';
import { readAssembly } from './assembly.ts';
import { bootstrapTemplate } from './bootstrap-template.ts';

const toolkitStack = 'CDKToolkit';
const capabilities = ['CAPABILITY_NAMED_IAM'];

/**
 * Deploys a synthesized cloud assembly as `cdk bootstrap` and `cdk deploy --all` do, within the process and without
 * the command line: files into the asset bucket, then stack by stack through CloudFormation. The cloud has to be in
 * simulated time; its clock moves on by what the deployment takes.
 * @returns the outputs of each stack by stack name and output key
 * @throws Error naming every failed resource of the first stack that could not be deployed.
 */
export async function deployAssembly(
  cloud: Cloud,
  directory: string,
): Promise<Record<string, Record<string, string>>> {
  const owner: Principal = { kind: 'owner', arn: `arn:aws:iam::${cloud.account}:user/owner` };
  const { stacks, files } = await readAssembly(directory, cloud);
  await deployStack(cloud, owner, { StackName: toolkitStack, TemplateBody: await bootstrapTemplate() });
  for (const { bucketName, objectKey, read } of files) {
    await cloud.call('s3', 'PutObject', { Bucket: bucketName, Key: objectKey, Body: await read() }, owner);
  }
  const outputs: Record<string, Record<string, string>> = {};
  for (const stack of stacks) {
    // Of a group that was taken over by name and has no rules yet; the command line leaves such a stack out too.
    if (!JSON.parse(stack.template).Resources) continue;
    outputs[stack.stackName] = await deployStack(cloud, owner, {
      StackName: stack.stackName,
      TemplateBody: stack.template,
      Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
      Parameters: Object.entries(stack.parameters).map(([ParameterKey, ParameterValue]) => ({
        ...{ ParameterKey, ParameterValue },
      })),
      EnableTerminationProtection: stack.terminationProtection,
    });
  }
  return outputs;
}

interface StackInput {
  readonly StackName: string;
  readonly TemplateBody: string;
  readonly [option: string]: unknown;
}

async function deployStack(cloud: Cloud, owner: Principal, input: StackInput) {
  const describe = async () => (await cloud.call('cloudformation', 'DescribeStacks', input, owner)).Stacks[0];
  const summaries = (await cloud.call('cloudformation', 'DescribeStacks', {}, owner)).Stacks;
  const exists = summaries.some(({ StackName }: { StackName: string }) => StackName === input.StackName);
  try {
    const request = { ...input, Capabilities: capabilities };
    await cloud.call('cloudformation', exists ? 'UpdateStack' : 'CreateStack', request, owner);
  } catch (error) {
    if ((error as Error).message !== 'No updates are to be performed.') throw error;
  }
  let stack = await describe();
  while (stack.StackStatus.endsWith('_IN_PROGRESS')) {
    let ran = 0;
    await cloud.eventQueue.runWhile(() => ran++ === 0);
    if (ran === 0) throw new Error(`Stack ${input.StackName} waits for nothing on the eventQueue`);
    stack = await describe();
  }
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(stack.StackStatus))
    throw new Error(await failuresOf(cloud, owner, input.StackName));
  return Object.fromEntries(
    stack.Outputs.map(({ OutputKey, OutputValue }: { OutputKey: string; OutputValue: string }) => [
      OutputKey,
      OutputValue,
    ]),
  );
}

async function failuresOf(cloud: Cloud, owner: Principal, stackName: string): Promise<string> {
  const input = { StackName: stackName, Filters: { FailedEvents: true } };
  const { OperationEvents } = await cloud.call('cloudformation', 'DescribeEvents', input, owner);
  const reasons = (OperationEvents as { LogicalResourceId: string; ResourceStatusReason?: string }[])
    .filter(({ ResourceStatusReason }) => !ResourceStatusReason?.endsWith('cancelled'))
    .map(({ LogicalResourceId, ResourceStatusReason }) => `  ${LogicalResourceId}: ${ResourceStatusReason}`);
  return [`Stack ${stackName} could not be deployed:`, ...reasons.toReversed()].join('\n');
}
