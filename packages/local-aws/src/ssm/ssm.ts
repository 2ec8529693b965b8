import * as schemas from '@aws-sdk/client-ssm';
import type { CloudContext } from '../cloud-context.ts';
import type { AuthorizationTarget, Operation, ResourceType, Service } from '../service.ts';
import { Automations } from './automations.ts';
import { Commands } from './commands.ts';
import { Documents } from './documents.ts';
import { ParameterStore } from './parameters.ts';
import { documentType, parameterType } from './ssm-types.ts';

/** Systems Manager: parameters, documents, and commands to servers. */
export class Ssm implements Service {
  readonly signingName = 'ssm';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: CloudContext;
  readonly #tagsOf: (instanceId: string) => readonly Tag[];
  readonly #store: ParameterStore;

  /** `tagsOf` knows the tags of servers, by which commands to them are authorized. */
  constructor(cloud: CloudContext, tagsOf: (instanceId: string) => readonly Tag[]) {
    const documents = new Documents();
    this.#cloud = cloud;
    this.#tagsOf = tagsOf;
    this.#store = new ParameterStore(cloud);
    const commands = new Commands(cloud, documents);
    const automations = new Automations(cloud, documents, commands);
    this.operations = {
      ...this.#store.operations,
      ...documents.operations,
      ...commands.operations,
      ...automations.operations,
    };
    this.resources = [parameterType(this.#store), documentType(documents)];
  }

  /** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-identity-based-policies.html */
  authorization(operation: string, input: SsmInput = {}): AuthorizationTarget[] {
    const action = `ssm:${operation}`;
    const { region, account } = this.#cloud;
    if (operation === 'SendCommand') return this.#sendCommand(action, input);
    if (operation === 'StartAutomationExecution') {
      // An execution has no id before it is started.
      const names = [`document/${input.DocumentName}`, 'automation-execution/*'];
      const resources = names.map((name) => `arn:aws:ssm:${region}:${account}:${name}`);
      return [{ action, resources }, ...passed(input.Parameters?.['AutomationAssumeRole'])];
    }
    if (/Command|Automation/.test(operation)) return [{ action, resources: ['*'] }];
    const names = input.Names ?? [input.Name ?? input.Path].filter((name) => name !== undefined);
    if (/Document/.test(operation)) {
      return [
        { action, resources: names.map((name) => `arn:aws:ssm:${region}:${account}:document/${name}`) },
      ];
    }
    return [{ action, resources: names.map((name) => this.#store.arnOf(name)) }];
  }

  /** A command is allowed on its document and on each of its servers. */
  #sendCommand(action: string, { DocumentName, InstanceIds = [] }: SsmInput): AuthorizationTarget[] {
    const { region, account } = this.#cloud;
    // A document of AWS's own is in no account.
    const owner = DocumentName?.startsWith('AWS-') ? '' : account;
    const servers = InstanceIds.map((id) => ({
      action,
      resources: [`arn:aws:ec2:${region}:${account}:instance/${id}`],
      conditions: Object.fromEntries(
        this.#tagsOf(id).map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value ?? '']),
      ),
    }));
    return [{ action, resources: [`arn:aws:ssm:${region}:${owner}:document/${DocumentName}`] }, ...servers];
  }
}

/** Starting an automation with a role needs `iam:PassRole` on that role. */
function passed(roleArns: readonly string[] = []): AuthorizationTarget[] {
  if (roleArns.length === 0) return [];
  const conditions = { 'iam:PassedToService': 'ssm.amazonaws.com' };
  return [{ action: 'iam:PassRole', resources: roleArns, conditions }];
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

interface SsmInput {
  readonly Name?: string;
  readonly Names?: readonly string[];
  readonly Path?: string;
  readonly DocumentName?: string;
  readonly InstanceIds?: readonly string[];
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
}
