import { type CloudContext, emit } from '../cloud-context.ts';
import { type Instant, type Operation, ServiceError } from '../service.ts';
import type { Documents } from './documents.ts';

/** How long a command takes on a server of the world. */
const commandSeconds = 5;

interface Command {
  readonly id: string;
  readonly documentName: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly instanceIds: readonly string[];
  readonly comment: string;
  readonly requestedAt: Instant;
  status: 'InProgress' | 'Success';
}

/** Run Command: commands to servers are recorded, and succeed after a few seconds. */
export class Commands {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #cloud: CloudContext;
  readonly #commands = new Map<string, Command>();

  constructor(cloud: CloudContext, documents: Documents) {
    this.#cloud = cloud;
    this.operations = {
      SendCommand: (input, { now }) => {
        documents.get(input.DocumentName);
        if (!input.InstanceIds?.length) {
          throw new ServiceError('InvalidTarget', 'The local cloud sends commands to InstanceIds only');
        }
        const command: Command = {
          id: cloud.ids.uuid(),
          documentName: input.DocumentName,
          parameters: input.Parameters ?? {},
          instanceIds: input.InstanceIds,
          comment: input.Comment ?? '',
          requestedAt: now,
          status: 'InProgress',
        };
        this.#commands.set(command.id, command);
        cloud.eventQueue.at(now + commandSeconds * 1000, `command ${command.id} ends`, () =>
          this.#end(command),
        );
        return { Command: describe(command) };
      },
      ListCommands: (input) => {
        const wanted = [...this.#commands.values()].filter(
          ({ id, instanceIds }) =>
            (input.CommandId ?? id) === id && (!input.InstanceId || instanceIds.includes(input.InstanceId)),
        );
        return { Commands: wanted.map(describe) };
      },
      GetCommandInvocation: ({ CommandId, InstanceId }) => {
        const command = this.#commands.get(CommandId);
        if (!command?.instanceIds.includes(InstanceId)) {
          throw new ServiceError(
            'InvocationDoesNotExist',
            'The command ID and managed node ID do not match.',
          );
        }
        const { documentName: DocumentName, status, comment: Comment } = command;
        const ended = status === 'Success';
        return {
          ...{ CommandId, InstanceId, DocumentName, Comment, Status: status, StatusDetails: status },
          ...{ ResponseCode: ended ? 0 : -1, StandardOutputContent: '', StandardErrorContent: '' },
        };
      },
    };
  }

  hasEnded(commandId: string): boolean {
    return this.#commands.get(commandId)?.status === 'Success';
  }

  #end(command: Command): void {
    command.status = 'Success';
    const { region } = this.#cloud;
    for (const instanceId of command.instanceIds) {
      emit(this.#cloud, {
        source: 'aws.ssm',
        detailType: 'EC2 Command Invocation Status-change Notification',
        resources: [`arn:aws:ec2:${region}:${this.#cloud.account}:instance/${instanceId}`],
        detail: {
          'command-id': command.id,
          'document-name': command.documentName,
          'instance-id': instanceId,
          'requested-date-time': new Date(command.requestedAt).toISOString(),
          status: command.status,
        },
      });
    }
  }
}

function describe(command: Command) {
  return {
    CommandId: command.id,
    DocumentName: command.documentName,
    Parameters: command.parameters,
    InstanceIds: command.instanceIds,
    Comment: command.comment,
    RequestedDateTime: new Date(command.requestedAt),
    Status: command.status,
    StatusDetails: command.status,
  };
}
