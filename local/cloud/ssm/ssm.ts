import * as schemas from '@aws-sdk/client-ssm';
import type { AuthorizationTarget, Operation, ResourceType, Service } from '../service.ts';
import type { Site } from '../site.ts';
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
  readonly #site: Site;
  readonly #store: ParameterStore;

  constructor(site: Site) {
    const documents = new Documents();
    this.#site = site;
    this.#store = new ParameterStore(site);
    const commands = new Commands(site, documents);
    this.operations = { ...this.#store.operations, ...documents.operations, ...commands.operations };
    this.resources = [parameterType(this.#store), documentType(documents)];
  }

  authorization(operation: string, input: SsmInput = {}): AuthorizationTarget[] {
    const action = `ssm:${operation}`;
    const { region, account } = this.#site;
    if (operation === 'SendCommand') {
      // A document of AWS's own is in no account.
      const owner = input.DocumentName?.startsWith('AWS-') ? '' : account;
      const document = `arn:aws:ssm:${region}:${owner}:document/${input.DocumentName}`;
      const servers = (input.InstanceIds ?? []).map(
        (id) => `arn:aws:ec2:${region}:${account}:instance/${id}`,
      );
      return [{ action, resources: [document, ...servers] }];
    }
    if (/Command/.test(operation)) return [{ action, resources: ['*'] }];
    const names = input.Names ?? [input.Name ?? input.Path].filter((name) => name !== undefined);
    if (/Document/.test(operation)) {
      return [
        { action, resources: names.map((name) => `arn:aws:ssm:${region}:${account}:document/${name}`) },
      ];
    }
    return [{ action, resources: names.map((name) => this.#store.arnOf(name)) }];
  }
}

interface SsmInput {
  readonly Name?: string;
  readonly Names?: readonly string[];
  readonly Path?: string;
  readonly DocumentName?: string;
  readonly InstanceIds?: readonly string[];
}
