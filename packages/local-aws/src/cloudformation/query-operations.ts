import { type CallService, type Operation, type Principal, ServiceError } from '../service.ts';
import { describeResource, describeStack, summarizeResource } from './descriptions.ts';
import { exportsOf } from './exports.ts';
import type { Stacks } from './stacks.ts';
import { readTemplateBody, type TargetInput } from './targets.ts';
import { parseTemplate } from './template.ts';

/** The operations that look at stacks and templates and change nothing. */
export function queryOperations(stacks: Stacks, call: CallService): Record<string, Operation> {
  const resourcesOf = (nameOrId: string) => [...stacks.get(nameOrId).resources.values()];
  return {
    DescribeStacks: (input) => ({
      Stacks: (input.StackName ? [stacks.get(input.StackName)] : stacks.living).map(describeStack),
    }),
    ListStacks: (input) => {
      const statuses: readonly string[] = input.StackStatusFilter ?? [];
      const wanted = stacks.all.filter(({ status }) => statuses.length === 0 || statuses.includes(status));
      return { StackSummaries: wanted.map(describeStack) };
    },
    DescribeStackEvents: (input) => ({ StackEvents: stacks.get(input.StackName).events.toReversed() }),
    DescribeEvents: (input) => {
      const events = stacks.get(input.StackName).events.toReversed();
      const failedOnly: boolean = input.Filters?.FailedEvents ?? false;
      const wanted = events.filter(({ ResourceStatus }) => !failedOnly || ResourceStatus.endsWith('FAILED'));
      return { OperationEvents: wanted.map((event) => ({ ...event, EventType: 'STACK_EVENT' })) };
    },
    DescribeStackResources: (input) => {
      const stack = stacks.get(input.StackName);
      const wanted = resourcesOf(input.StackName).filter(
        ({ logicalId }) => (input.LogicalResourceId ?? logicalId) === logicalId,
      );
      return { StackResources: wanted.map((resource) => describeResource(stack, resource)) };
    },
    DescribeStackResource: (input) => {
      const stack = stacks.get(input.StackName);
      const resource = stack.resources.get(input.LogicalResourceId);
      if (resource) return { StackResourceDetail: describeResource(stack, resource) };
      throw new ServiceError(
        'ValidationError',
        `Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`,
      );
    },
    ListStackResources: (input) => ({
      StackResourceSummaries: resourcesOf(input.StackName).map((resource) =>
        summarizeResource(stacks.get(input.StackName), resource),
      ),
    }),
    ListExports: () => ({
      Exports: stacks.living.flatMap(({ id, outputs }) =>
        [...exportsOf(outputs)].map(([Name, Value]) => ({ ExportingStackId: id, Name, Value })),
      ),
    }),
    ListImports: (input) => ({
      Imports: stacks.living.filter(({ imports }) => imports.has(input.ExportName)).map(({ name }) => name),
    }),
    GetTemplate: (input) => ({
      TemplateBody: stacks.get(input.StackName).target?.templateBody ?? '{}',
      StagesAvailable: ['Original', 'Processed'],
    }),
    GetTemplateSummary: (input, { principal }) => summarizeTemplate(stacks, input, call, principal),
    ValidateTemplate: (input, { principal }) => summarizeTemplate(stacks, input, call, principal),
  };
}

async function summarizeTemplate(
  stacks: Stacks,
  input: TargetInput & { StackName?: string },
  call: CallService,
  caller: Principal,
) {
  const stack = input.StackName ? stacks.get(input.StackName) : undefined;
  const source = stack ? { UsePreviousTemplate: true } : input;
  const template = parseTemplate(await readTemplateBody(stack, source, call, caller));
  return {
    Description: template.Description,
    Metadata: JSON.stringify(template.Metadata),
    ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))],
    Parameters: Object.entries(template.Parameters).map(([ParameterKey, parameter]) => ({
      ParameterKey,
      DefaultValue: parameter.Default,
      ParameterType: parameter.Type,
      NoEcho: Boolean(parameter.NoEcho),
      Description: parameter.Description,
    })),
  };
}
