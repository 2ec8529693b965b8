import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { sessionOf } from '../role-session.ts';
import { type Instant, type Operation, type Principal, ServiceError } from '../service.ts';
import { until } from '../until.ts';
import type { Commands } from './commands.ts';
import type { Documents } from './documents.ts';

/** How often Automation looks whether a command has ended. */
const lookSeconds = 1;

const step = z.strictObject({
  name: z.string(),
  action: z.enum(['aws:runCommand', 'aws:executeAwsApi']),
  inputs: z.record(z.string(), z.unknown()),
  onFailure: z.string().default('Abort'),
  nextStep: z.string().optional(),
  isEnd: z.boolean().default(false),
  timeoutSeconds: z.number().optional(),
});
type Step = z.infer<typeof step>;

const automationDocument = z.looseObject({
  schemaVersion: z.literal('0.3'),
  assumeRole: z.string().optional(),
  mainSteps: z.array(step).min(1),
});

interface Execution {
  readonly id: string;
  readonly documentName: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly startedAt: Instant;
  status: 'InProgress' | 'Success' | 'Failed';
  failureMessage?: string;
  /** Names of the steps that were run, and how they ended. */
  readonly steps: { name: string; status: 'Success' | 'Failed' }[];
}

/**
 * Automation: documents that run commands and call APIs, step by step, with the rights of the role they assume.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 */
export class Automations {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #cloud: CloudContext;
  readonly #commands: Commands;
  readonly #executions = new Map<string, Execution>();

  constructor(cloud: CloudContext, documents: Documents, commands: Commands) {
    this.#cloud = cloud;
    this.#commands = commands;
    this.operations = {
      StartAutomationExecution: (input, { now, principal }) => {
        const document = automationDocument.safeParse(JSON.parse(documents.get(input.DocumentName).content));
        if (!document.success)
          throw new ServiceError('InvalidDocumentContent', z.prettifyError(document.error));
        const execution: Execution = {
          ...{ id: cloud.ids.uuid(), documentName: input.DocumentName, parameters: input.Parameters ?? {} },
          ...{ startedAt: now, status: 'InProgress', steps: [] },
        };
        this.#executions.set(execution.id, execution);
        const { assumeRole, mainSteps } = fill(document.data, execution.parameters) as typeof document.data;
        const caller = assumeRole ? sessionOf(assumeRole, `Automation-${execution.id}`) : principal;
        cloud.eventQueue.at(now, `automation ${execution.documentName}`, () => {
          void this.#run(execution, mainSteps, caller);
        });
        return { AutomationExecutionId: execution.id };
      },
      GetAutomationExecution: (input) => {
        const execution = this.#executions.get(input.AutomationExecutionId);
        if (execution) return { AutomationExecution: describe(execution) };
        const message = `Automation execution ${input.AutomationExecutionId} does not exist.`;
        throw new ServiceError('AutomationExecutionNotFoundException', message);
      },
      DescribeAutomationExecutions: () => ({
        AutomationExecutionMetadataList: [...this.#executions.values()].map(describe),
      }),
    };
  }

  async #run(execution: Execution, steps: readonly Step[], caller: Principal): Promise<void> {
    let current: Step | undefined = steps[0];
    while (current) {
      const { name, nextStep, isEnd, onFailure }: Step = current;
      const following: string | undefined = nextStep ?? steps[steps.indexOf(current) + 1]?.name;
      let next: string | undefined;
      try {
        await this.#perform(current, caller);
        execution.steps.push({ name, status: 'Success' });
        next = isEnd ? undefined : following;
      } catch (error) {
        execution.steps.push({ name, status: 'Failed' });
        execution.failureMessage = `Step ${name} failed: ${(error as Error).message}`;
        next = onFailure === 'Continue' ? following : /^step:(.+)$/.exec(onFailure)?.[1];
        if (next === undefined) execution.status = 'Failed';
      }
      current = steps.find((candidate) => candidate.name === next);
    }
    if (execution.status === 'InProgress') execution.status = 'Success';
  }

  async #perform({ name, action, inputs }: Step, caller: Principal): Promise<void> {
    const { call, eventQueue } = this.#cloud;
    if (action === 'aws:executeAwsApi') {
      const { Service, Api, ...input } = inputs;
      await call(String(Service), String(Api), input, caller);
      return;
    }
    const command = { ...inputs, Parameters: listed(inputs['Parameters']) };
    const { Command } = await call('ssm', 'SendCommand', command, caller);
    await until(eventQueue, `automation step ${name}`, lookSeconds, () =>
      this.#commands.hasEnded(Command.CommandId),
    );
  }
}

/** Parameters stand in double braces: `{{ Server }}`; a document takes the first of each parameter's values. */
function fill(value: unknown, parameters: Execution['parameters']): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, parameters));
  if (typeof value === 'string') {
    return value.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (text, name: string) => parameters[name]?.[0] ?? text);
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, parameters)]));
}

/** A document may give one value where a command takes a list of them. */
function listed(parameters: unknown): Record<string, unknown[]> {
  return Object.fromEntries(Object.entries(parameters ?? {}).map(([name, value]) => [name, [value].flat()]));
}

function describe({ id, documentName, parameters, startedAt, status, failureMessage, steps }: Execution) {
  return {
    AutomationExecutionId: id,
    DocumentName: documentName,
    Parameters: parameters,
    ExecutionStartTime: new Date(startedAt),
    AutomationExecutionStatus: status,
    ...(failureMessage && { FailureMessage: failureMessage }),
    StepExecutions: steps.map((each) => ({ StepName: each.name, StepStatus: each.status })),
  };
}
